import { Failure } from '$lib/data/client';
import type { PhotoSize } from '$lib/domain/photo';
import { backend } from '../backend';

/**
 * The private bucket. The file's own hash is a part of its name, so that nothing is ever written over and two
 * arrivals under one id cannot mix: the database says which hash belongs to the id.
 */
const name = (townshipId: string, id: string, sha256: string, size: PhotoSize) =>
	`${townshipId}/${id}/${sha256}/${size}`;

export type Files = Record<PhotoSize, { bytes: Uint8Array; type: string }>;

export async function keepPhoto(
	townshipId: string,
	id: string,
	sha256: string,
	files: Files
): Promise<void> {
	const bucket = backend().admin.storage.from('photos');
	for (const [size, { bytes, type }] of Object.entries(files) as [PhotoSize, Files[PhotoSize]][]) {
		// Bytes, not a Blob: Lite's storage cannot read supabase-js's multipart bodies (design.md 3.6).
		const { error } = await bucket.upload(
			name(townshipId, id, sha256, size),
			Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
			{ contentType: type }
		);
		// There already: an earlier try that did not come to its end.
		if (error && !/exists|duplicate/i.test(error.message))
			throw new Failure('file_not_kept', error.message, 503);
	}
}

export async function fetchPhoto(
	townshipId: string,
	id: string,
	sha256: string,
	size: PhotoSize
): Promise<Uint8Array<ArrayBuffer>> {
	const { data, error } = await backend()
		.admin.storage.from('photos')
		.download(name(townshipId, id, sha256, size));
	if (error) throw new Failure('unavailable', error.message, 503);
	return new Uint8Array(await data.arrayBuffer());
}
