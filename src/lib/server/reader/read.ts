import { fork } from 'node:child_process';
import path from 'node:path';
import type { Draft, InputFile, Settings, Values } from '$lib/geo/draft';
import { limits } from '$lib/geo/limits';

type Options = { timeoutMs?: number; memoryMb?: number; script?: string };

/** Two processes at once; with 512 MB each they are what a small server can spare. */
const atOnce = 2;
let running = 0;
const queue: (() => void)[] = [];

/** Where `buildWorkers()` puts the reader. */
export const readerScript = (): string => path.resolve(process.cwd(), 'build/workers/reader.js');

/**
 * Reads files in a child process with little memory, no environment and a deadline. Never throws for what is
 * in the files: a crash or a timeout is a draft with the problem `reader_crashed` or `reader_timeout`.
 */
export async function readInProcess(
	files: InputFile[],
	settings: Settings = {},
	options: Options = {}
): Promise<Draft> {
	// What is refused anyway is not copied to another process first.
	const total = files.reduce((sum, f) => sum + f.bytes.length, 0);
	if (total > limits.bytes || files.length > limits.files)
		return failed(total > limits.bytes ? 'file_too_large' : 'too_many_files', {
			count: files.length,
			limit: total > limits.bytes ? limits.bytes / 1024 / 1024 : limits.files
		});
	await turn();
	try {
		return await inChild(files, settings, options);
	} finally {
		running--;
		queue.shift()?.();
	}
}

async function turn(): Promise<void> {
	if (running >= atOnce) await new Promise<void>((resolve) => queue.push(resolve));
	running++;
}

function inChild(
	files: InputFile[],
	settings: Settings,
	{ timeoutMs = 30_000, memoryMb = 512, script = readerScript() }: Options
): Promise<Draft> {
	return new Promise((resolve) => {
		const child = fork(script, [], {
			serialization: 'advanced',
			execArgv: [`--max-old-space-size=${memoryMb}`, '--disable-proto=delete'],
			// Nothing of the server's environment: no keys, no addresses.
			env: {},
			stdio: ['ignore', 'ignore', 'ignore', 'ipc']
		});
		let settled = false;
		const end = (draft: Draft) => {
			if (settled) return;
			settled = true;
			clearTimeout(clock);
			child.kill('SIGKILL');
			resolve(draft);
		};
		const clock = setTimeout(
			() => end(failed('reader_timeout', { seconds: Math.round(timeoutMs / 1000) })),
			timeoutMs
		);
		child.once('message', (draft) => end(bare(draft as Draft)));
		child.once('error', () => end(failed('reader_crashed', {})));
		child.once('exit', () => end(failed('reader_crashed', {})));
		const plain = files.map((f) => ({ name: f.name, bytes: new Uint8Array(f.bytes) }));
		child.send({ files: plain, settings }, (error) => {
			if (error) end(failed('reader_crashed', {}));
		});
	});
}

/** Copying between processes gives rows a prototype; their keys come from files, so it goes again. */
function bare(draft: Draft): Draft {
	for (const layer of draft.layers)
		for (const row of layer.rows) row.values = Object.setPrototypeOf(row.values, null) as Values;
	return draft;
}

function failed(code: string, values: Record<string, string | number>): Draft {
	return {
		files: [],
		layers: [],
		problems: [{ severity: 'error', file: '', layer: null, line: null, column: null, code, values }]
	};
}
