/**
 * Files kept as they came (imports, documents) that name a person: read as texts, and the parts of a ZIP (XLSX, DOCX,
 * KMZ) one by one. A picture, a scan or an old binary office file cannot be searched; the page says so.
 */
import { unzipSync } from 'fflate';
import type { Sought, Trace } from '$lib/domain/audit';
import { toFailure } from '$lib/data/client';
import { backend } from './backend';

const most = 300 * 1024 * 1024;
const codes = ['utf-8', 'gb18030', 'utf-16le'] as const;

function* textsOf(bytes: Uint8Array): Generator<string> {
	if (bytes[0] === 0x50 && bytes[1] === 0x4b) {
		let size = 0;
		const parts = unzipSync(bytes, {
			filter: ({ originalSize }) => (size += originalSize) < most
		});
		for (const part of Object.values(parts)) for (const code of codes) yield read(part, code);
	} else for (const code of codes) yield read(bytes, code);
}

const read = (bytes: Uint8Array, code: string) => new TextDecoder(code).decode(bytes);

/** Whether a text names the person; a phone however it was typed. */
function names({ name, phone }: Sought): (text: string) => boolean {
	const digits = [...phone.replace(/[^0-9]/g, '')];
	const number = digits.length >= 7 ? new RegExp(`(?<!\\d)${digits.join('[- ]?')}(?!\\d)`) : null;
	return (text) => (name !== '' && text.includes(name)) || (number?.test(text) ?? false);
}

const key = (bucket: string, sha256: string) => `file:${bucket}/${sha256}`;

/** The kept files of a township in which the person stands. */
export async function searchFiles(townshipId: string, sought: Sought): Promise<Trace[]> {
	const { admin } = backend();
	const named = names(sought);
	const found: Trace[] = [];
	for (const bucket of ['imports', 'documents'] as const) {
		const kept = await listKept(bucket, townshipId);
		for (const { sha256, name } of kept) {
			const { data } = await admin.storage.from(bucket).download(`${townshipId}/${sha256}`);
			if (!data) continue;
			const bytes = new Uint8Array(await data.arrayBuffer());
			let hit = false;
			try {
				for (const text of textsOf(bytes)) if ((hit = named(text))) break;
			} catch {
				// A damaged archive cannot be read by anybody.
			}
			if (hit)
				found.push({ cell: key(bucket, sha256), table: bucket, column: 'file', value: name });
		}
	}
	return found;
}

async function listKept(
	bucket: 'imports' | 'documents',
	townshipId: string
): Promise<{ sha256: string; name: string }[]> {
	const { sql } = backend().embedded ?? {};
	if (sql) {
		return bucket === 'imports'
			? sql<{ sha256: string; name: string }[]>`
				select distinct f ->> 'sha256' as sha256, f ->> 'name' as name
				from public.imports i, jsonb_array_elements(i.files) f where i.township_id = ${townshipId}`
			: sql<{ sha256: string; name: string }[]>`
				select sha256, name from public.documents where township_id = ${townshipId}`;
	}
	const { data, error } = await backend()
		.admin.storage.from(bucket)
		.list(townshipId, { limit: 10_000 });
	if (error) throw toFailure({ code: '', message: error.message } as never, 503);
	return data.map((f) => ({ sha256: f.name, name: f.name }));
}

/** Removes the chosen files; how many. */
export async function eraseFiles(townshipId: string, cells: readonly string[]): Promise<number> {
	let n = 0;
	for (const cell of cells) {
		const [, bucket, sha256] = /^file:(imports|documents)\/([0-9a-f]{64})$/.exec(cell) ?? [];
		if (!bucket || !sha256) continue;
		const { error } = await backend()
			.admin.storage.from(bucket)
			.remove([`${townshipId}/${sha256}`]);
		if (!error) n++;
	}
	return n;
}
