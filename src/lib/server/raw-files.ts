import { Failure } from '$lib/data/client';
import { backend } from './backend';

/** Keeps a file as it came, under its own SHA-256; a second copy of the same bytes is the same file. */
export async function keepFile(
	townshipId: string,
	sha256: string,
	bytes: Uint8Array
): Promise<void> {
	// Bytes, not a Blob: Lite's storage cannot read supabase-js's multipart bodies (design.md 3.6).
	const { error } = await backend()
		.admin.storage.from('imports')
		.upload(`${townshipId}/${sha256}`, Buffer.from(bytes), {
			contentType: 'application/octet-stream'
		});
	if (error && !/exists|duplicate/i.test(error.message))
		throw new Failure('file_not_kept', error.message, 503);
}
