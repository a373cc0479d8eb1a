import type { Draft, InputFile, Settings, Values } from '$lib/geo/draft';
import { limits } from '$lib/geo/limits';
import { askChild } from '../workers/child';
import { workerScript } from '../workers/script';

type Options = { timeoutMs?: number; memoryMb?: number; script?: string };

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
	const plain = files.map((f) => ({ name: f.name, bytes: new Uint8Array(f.bytes) }));
	const { timeoutMs = 30_000 } = options;
	return bare(
		await askChild<Draft>(
			{ files: plain, settings },
			{ script: workerScript('reader'), ...options, timeoutMs },
			(why) =>
				why === 'timeout'
					? failed('reader_timeout', { seconds: Math.round(timeoutMs / 1000) })
					: failed('reader_crashed', {})
		)
	);
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
