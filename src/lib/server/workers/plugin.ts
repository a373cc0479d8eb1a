import path from 'node:path';
import { build, type Plugin } from 'vite';

/** Code that runs beside the server in its own thread or process, compiled to `build/workers/NAME.js`. */
export const workerEntries = {
	database: 'src/lib/server/engine/database.worker.ts',
	reader: 'src/lib/server/reader/reader.worker.ts',
	form: 'src/lib/server/forms/form.worker.ts',
	photo: 'src/lib/server/photos/photo.worker.ts',
	press: 'src/lib/server/papers/press.worker.ts'
};

/** Compiles the worker entries; packages stay external, so that WASM and data files are found in place. */
export async function buildWorkers(outDir = 'build/workers'): Promise<void> {
	await build({
		configFile: false,
		logLevel: 'warn',
		resolve: { alias: { $lib: path.resolve('src/lib') } },
		build: {
			ssr: true,
			target: 'node20',
			outDir,
			emptyOutDir: false,
			rollupOptions: { input: workerEntries, output: { entryFileNames: '[name].js' } }
		}
	});
}

/** adapter-node empties `build/` and bundles only the site, so the workers are written after it. */
export function workers(): Plugin {
	let command: 'build' | 'serve' = 'serve';
	return {
		name: 'xiangtu-workers',
		enforce: 'post',
		configResolved(config) {
			command = config.command;
		},
		async configureServer() {
			await buildWorkers();
		},
		closeBundle: {
			sequential: true,
			order: 'post',
			async handler() {
				if (command === 'build' && this.environment?.name === 'ssr') await buildWorkers();
			}
		}
	};
}
