import type { SharedFile } from '$lib/data/shares';
import { fetchPhoto } from '../photos/store';

/** A copy of a photo for a reader without an account; nobody on the way keeps it. */
export async function sendCopy(file: SharedFile, size: 'small' | 'large'): Promise<Response> {
	const bytes = await fetchPhoto(file.townshipId, file.id, file.sha256, size);
	return new Response(bytes, {
		headers: {
			'Content-Type': 'image/jpeg',
			'Content-Security-Policy': "default-src 'none'; sandbox",
			'Cross-Origin-Resource-Policy': 'same-origin'
		}
	});
}
