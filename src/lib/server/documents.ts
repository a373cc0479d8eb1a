import { readFile } from 'node:fs/promises';
import { documentPut, type KeptDocument } from '$lib/data/documents';
import { Failure } from '$lib/data/client';
import { backend } from './backend';
import { spool } from './spool';

export const documentLimit = 20 * 1024 * 1024;

/** What a file is by its first bytes and, where several kinds begin alike, by the end of its name. */
const kinds: { magic: number[]; at?: number; types: Record<string, string> }[] = [
	{ magic: [0x25, 0x50, 0x44, 0x46, 0x2d], types: { pdf: 'application/pdf' } },
	{
		magic: [0x50, 0x4b, 0x03, 0x04],
		types: {
			docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
			xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
			pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
			ofd: 'application/ofd',
			zip: 'application/zip'
		}
	},
	{
		magic: [0xd0, 0xcf, 0x11, 0xe0],
		types: {
			doc: 'application/msword',
			xls: 'application/vnd.ms-excel',
			wps: 'application/vnd.ms-works',
			et: 'application/vnd.ms-excel'
		}
	},
	{ magic: [0xff, 0xd8, 0xff], types: { jpg: 'image/jpeg', jpeg: 'image/jpeg' } },
	{ magic: [0x89, 0x50, 0x4e, 0x47], types: { png: 'image/png' } }
];

/** The type of a document by its bytes and its name's ending; null where they disagree or nobody knows it. */
export function typeOf(name: string, bytes: Uint8Array): string | null {
	const end = /\.([a-z0-9]{1,5})$/i.exec(name)?.[1]?.toLowerCase() ?? '';
	const kind = kinds.find(({ magic }) => magic.every((b, i) => bytes[i] === b));
	if (kind) return kind.types[end] ?? null;
	// A text has no zero bytes; in which code it is written is its reader's matter.
	return end === 'txt' && !bytes.subarray(0, 65_536).includes(0) ? 'text/plain' : null;
}

const place = (townshipId: string, sha256: string) => `${townshipId}/${sha256}`;

/** Keeps a document under the SHA-256 of its bytes, byte for byte; sent again it answers the same. */
export async function receiveDocument(
	where: { townshipId: string; personId: string; sha256: string; name: string },
	body: ReadableStream<Uint8Array> | null
): Promise<KeptDocument> {
	const spooled = await spool(body, documentLimit, 'document_cut');
	try {
		if (spooled.sha256 !== where.sha256) throw new Failure('document_cut', spooled.sha256, 400);
		const bytes = await readFile(spooled.file);
		const type = typeOf(where.name, bytes);
		if (!type) throw new Failure('document_kind', where.name.slice(0, 80), 415);
		// Bytes, not a Blob: Lite's storage cannot read supabase-js's multipart bodies (design.md 3.6).
		const { error } = await backend()
			.admin.storage.from('documents')
			.upload(place(where.townshipId, where.sha256), bytes, { contentType: type });
		if (error && !/exists|duplicate/i.test(error.message))
			throw new Failure('file_not_kept', error.message, 503);
		return await documentPut(backend().admin, {
			township_id: where.townshipId,
			person: where.personId,
			sha256: where.sha256,
			name: where.name,
			type,
			bytes: bytes.byteLength
		});
	} finally {
		await spooled.remove();
	}
}

export async function fetchDocument(
	townshipId: string,
	sha256: string
): Promise<Uint8Array<ArrayBuffer>> {
	const { data, error } = await backend()
		.admin.storage.from('documents')
		.download(place(townshipId, sha256));
	if (error) throw new Failure('unavailable', error.message, 503);
	return new Uint8Array(await data.arrayBuffer());
}
