import { sveltekit } from '@sveltejs/kit/vite';
import { paraglideVitePlugin } from '@inlang/paraglide-js';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'vitest/config';
import { workers } from './src/lib/server/workers/plugin';

/** Suites that measure time, or log in to a PostgreSQL by the one password its role has. */
const alone = ['audit', 'embedded*', 'engine', 'handover', 'kill', 'land-attack', 'shares']
	.map((name) => `tests/node/${name}.test.ts`)
	.concat('tests/rights/rights.test.ts');

const suite = (
	name: string,
	maxWorkers: number,
	files: { include: string[]; exclude?: string[] }
) => ({
	extends: true as const,
	test: {
		name,
		environment: 'node' as const,
		globalSetup: 'tests/workers.ts',
		...files,
		maxWorkers,
		sequence: { groupOrder: 2 - maxWorkers },
		testTimeout: 240_000,
		hookTimeout: 240_000
	}
});

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
			suite('two at once', 2, {
				include: ['src/**/*.test.ts', 'tests/node/**/*.test.ts', 'tests/rights/*.test.ts'],
				exclude: ['src/**/*.svelte.test.ts', ...alone]
			}),
			suite('alone', 1, { include: alone })
		]
	}
});
