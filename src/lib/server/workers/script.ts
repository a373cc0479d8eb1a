import path from 'node:path';

/** Where `buildWorkers()` put what runs beside the server; tests name another folder. */
export const workerScript = (name: 'database' | 'reader' | 'form' | 'photo' | 'press'): string =>
	path.resolve(process.env.XT_WORKERS ?? 'build/workers', `${name}.js`);
