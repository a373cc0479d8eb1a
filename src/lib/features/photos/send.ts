import type { Taken } from './taken';

const hex = (bytes: ArrayBuffer): string =>
	Array.from(new Uint8Array(bytes), (b) => b.toString(16).padStart(2, '0')).join('');

/** Sends photos at once, before the op that names them; their ids, or why one was not taken. */
export async function sendPhotos(
	townshipId: string,
	photos: readonly Taken[]
): Promise<{ ids: string[] } | { reason: string }> {
	for (const photo of photos) {
		try {
			const sha256 = hex(await crypto.subtle.digest('SHA-256', photo.bytes));
			const response = await fetch(`/t/${townshipId}/photo/${photo.id}`, {
				method: 'PUT',
				headers: { 'Content-Type': photo.type, 'X-Sha256': sha256 },
				body: photo.bytes
			});
			const body = (await response.json().catch(() => ({}))) as {
				sha256?: string;
				reason?: string;
			};
			if (!response.ok || body.sha256 !== sha256) return { reason: body.reason ?? 'unavailable' };
		} catch {
			return { reason: 'offline' };
		}
	}
	return { ids: photos.map((p) => p.id) };
}
