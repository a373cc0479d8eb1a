import { Failure } from '$lib/data/client';
import type { ImportOrder } from '$lib/domain/import';
import { uuid } from '$lib/domain/id';
import type { Settings } from '$lib/geo/draft';
import { limits } from '$lib/geo/limits';
import { toRows } from '$lib/geo/rows';
import { keepFile } from './raw-files';
import { readInProcess } from './reader/read';

/** The answers to what was guessed; never trusted beyond being an object. */
export function readSettings(form: FormData): Settings {
	try {
		const value: unknown = JSON.parse(String(form.get('settings') ?? '{}'));
		if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
	} catch {
		// Said below.
	}
	throw new Failure('bad_value', 'settings');
}

/** Reads the accepted files once more, keeps them as they came, and gives the rows to store. */
export async function readOrder(townshipId: string, form: FormData): Promise<ImportOrder> {
	const uploads = form.getAll('file').filter((f): f is File => f instanceof File);
	if (uploads.reduce((sum, f) => sum + f.size, 0) > limits.bytes)
		throw new Failure('too_large', '', 413);
	const importId = String(form.get('import_id') ?? '');
	if (!uuid.test(importId)) throw new Failure('bad_value', 'import_id');
	const settings = readSettings(form);
	const files = await Promise.all(
		uploads.map(async (f) => ({ name: f.name, bytes: new Uint8Array(await f.arrayBuffer()) }))
	);
	const draft = await readInProcess(files, settings);
	const rows = toRows(draft);
	if (rows.length === 0) throw new Failure('nothing_to_import');
	for (const file of draft.files) {
		const raw = files.find((f) => f.name === file.name);
		if (raw) await keepFile(townshipId, file.sha256, raw.bytes);
	}
	return {
		import_id: importId,
		township_id: townshipId,
		title: String(form.get('title') ?? '').slice(0, 200),
		again: form.get('again') === 'true',
		files: draft.files.map((f) => ({
			name: f.name,
			size: f.bytes,
			sha256: f.sha256,
			format: f.format,
			guesses: f.guesses
		})),
		rows
	};
}
