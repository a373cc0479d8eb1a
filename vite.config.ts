import { sveltekit } from '@sveltejs/kit/vite';
import { paraglideVitePlugin } from '@inlang/paraglide-js';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'vitest/config';
import { workers } from './src/lib/server/workers/plugin';

export default defineConfig({
	plugins: [
		tailwindcss(),
		paraglideVitePlugin({
			project: './src/lib/i18n/project.inlang',
			outdir: './src/lib/i18n/paraglide',
			strategy: ['cookie', 'preferredLanguage', 'baseLocale'],
			cookieName: 'xt-locale',
			disableAsyncLocalStorage: false
		}),
		sveltekit(),
		workers()
	],
	build: { target: 'es2022', chunkSizeWarningLimit: 1200 },
	worker: { format: 'es' },
	test: {
		projects: [
			{
				extends: true,
				test: {
					name: 'node',
					environment: 'node',
					include: ['src/**/*.test.ts', 'tests/node/**/*.test.ts', 'tests/rights/**/*.test.ts'],
					exclude: ['src/**/*.svelte.test.ts'],
					testTimeout: 240_000,
					hookTimeout: 240_000
				}
			}
		]
	}
});
