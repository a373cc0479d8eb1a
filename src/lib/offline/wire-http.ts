import type { Op, Outcome } from '$lib/domain/op';
import { outcomes } from '$lib/domain/op';
import { NoAnswer, SignedOut, type QueuedPhoto, type Wire } from './outbox';

/** Answers after which the same thing may be sent again unchanged. */
const passing = new Set(['photo_cut', 'too_slow', 'unavailable', 'too_many', 'busy', 'cross_site']);

/** Ops and photos to our own server. Whatever is not plainly its answer counts as no answer at all. */
export class HttpWire implements Wire {
	constructor(
		private readonly townshipId: string,
		private readonly ask: typeof fetch = (...args) => fetch(...args),
		private readonly patience = { op: 30_000, photo: 180_000 }
	) {}

	async op(op: Op): Promise<Outcome> {
		const { status, body } = await this.#send(`/t/${this.townshipId}/op`, this.patience.op, {
			method: 'POST',
			headers: { 'Content-Type': 'application/json' },
			body: JSON.stringify(op)
		});
		const answer = body as unknown as Outcome;
		// A portal's "welcome" with status 200 is JSON to nobody.
		if (!outcomes.includes(answer.outcome)) throw new NoAnswer(`status ${status}`);
		if (answer.outcome === 'refused' && passing.has(answer.reason ?? ''))
			throw new NoAnswer(answer.reason);
		return answer;
	}

	async photo(
		photo: QueuedPhoto,
		bytes: ArrayBuffer
	): Promise<{ sha256: string } | { reason: string }> {
		const { status, body } = await this.#send(
			`/t/${this.townshipId}/photo/${photo.id}`,
			this.patience.photo,
			{
				method: 'PUT',
				headers: { 'Content-Type': photo.type, 'X-Sha256': photo.sha256 },
				body: bytes
			}
		);
		if (status === 200 && typeof body.sha256 === 'string') return { sha256: body.sha256 };
		if (typeof body.reason !== 'string' || passing.has(body.reason))
			throw new NoAnswer(`status ${status}`);
		return { reason: body.reason };
	}

	async #send(url: string, limit: number, init: RequestInit) {
		let response: Response;
		let body: Record<string, unknown>;
		try {
			response = await this.ask(url, {
				...init,
				signal: AbortSignal.timeout(limit),
				redirect: 'manual',
				cache: 'no-store'
			});
			body = (await response.json()) as Record<string, unknown>;
		} catch (problem) {
			throw new NoAnswer(String(problem));
		}
		if (response.status === 401) throw new SignedOut();
		if (response.status >= 500 || !body || typeof body !== 'object')
			throw new NoAnswer(`status ${response.status}`);
		return { status: response.status, body };
	}
}
