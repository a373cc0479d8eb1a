import type { Op, Outcome } from '$lib/domain/op';
import { sha256 } from '$lib/geo/sha256';
import type { Kept } from './keep';

/** No answer, or none that settles anything: try later. */
export const later = Symbol('later');

/** Answers that say nothing about the op itself. */
const passing = new Set(['signed_out', 'too_slow', 'too_many', 'unavailable', 'busy']);

/** Sends one op; its outcome, or `later`. */
export async function sendOp(op: Op): Promise<Outcome | typeof later> {
	try {
		const answer = await fetch(`/t/${op.township_id}/op`, {
			method: 'POST',
			headers: { 'Content-Type': 'application/json' },
			body: JSON.stringify(op),
			signal: AbortSignal.timeout(30_000)
		});
		const body: unknown = await answer.json();
		if (!body || typeof body !== 'object' || !('outcome' in body)) return later;
		const outcome = body as Outcome;
		return outcome.outcome === 'refused' && passing.has(outcome.reason ?? '') ? later : outcome;
	} catch {
		return later;
	}
}

/** Puts one photo where it belongs; null when the server read back the same bytes. */
export async function sendPhoto(
	townshipId: string,
	photo: Kept['photos'][number],
	bytes: ArrayBuffer
): Promise<Outcome | typeof later | null> {
	try {
		const hash = globalThis.crypto?.subtle ? await sha256(new Uint8Array(bytes)) : null;
		const answer = await fetch(`/t/${townshipId}/photo/${photo.id}`, {
			method: 'PUT',
			headers: { 'Content-Type': photo.type, ...(hash ? { 'X-Sha256': hash } : {}) },
			body: bytes,
			signal: AbortSignal.timeout(120_000)
		});
		const told = (await answer.json()) as { sha256?: string; reason?: string; detail?: string };
		if (answer.ok) return !hash || told.sha256 === hash ? null : later;
		if (answer.status >= 500 || passing.has(told.reason ?? 'unavailable')) return later;
		// The line cut it short: the phone still has all of it.
		if (told.reason === 'photo_cut') return later;
		return { outcome: 'refused', reason: told.reason!, detail: told.detail ?? '' };
	} catch {
		return later;
	}
}
