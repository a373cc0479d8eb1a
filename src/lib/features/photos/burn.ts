import type { Box } from '$lib/domain/photo';

/** Has the server burn boxes into a copy; the copy's id, or why not. */
export async function burnIn(
	townshipId: string,
	photoId: string,
	id: string,
	boxes: readonly Box[]
): Promise<{ id: string } | { reason: string }> {
	try {
		const response = await fetch(`/t/${townshipId}/photo/${photoId}/redact`, {
			method: 'POST',
			headers: { 'Content-Type': 'application/json' },
			body: JSON.stringify({ id, boxes })
		});
		const body = (await response.json().catch(() => ({}))) as { id?: string; reason?: string };
		if (response.ok && body.id) return { id: body.id };
		return { reason: body.reason ?? 'unavailable' };
	} catch {
		return { reason: 'offline' };
	}
}
