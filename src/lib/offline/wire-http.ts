import { outcomes, type Op, type Outcome } from '$lib/domain/op';
import { NetworkFailure, type Known, type PhotoAnswer, type PhotoPart, type Wire } from './parts';

/** The township's doors by HTTP. A captive portal's page, a 5xx or a cut answer is no answer. */
export const httpWire = (fetcher: typeof fetch = (...args) => fetch(...args)): Wire => {
	const post = async (at: string, body: unknown): Promise<Answer> =>
		ask(fetcher, at, {
			method: 'POST',
			headers: { 'Content-Type': 'application/json' },
			body: JSON.stringify(body),
			signal: AbortSignal.timeout(60_000)
		});
	return {
		async sendOps(township, ops) {
			return readOutcomes(await post(`/t/${township}/ops`, { ops }), ops);
		},
		async known(township, wanted) {
			const { status, body } = await post(`/t/${township}/ops/known`, wanted);
			if (status !== 200 || !isRecord(body.ops) || !isRecord(body.photos))
				throw new NetworkFailure('not_ours');
			return body as unknown as Known;
		},
		async putPhoto(township, photo, bytes) {
			const answer = await ask(fetcher, `/t/${township}/photo/${photo.id}`, {
				method: 'PUT',
				headers: {
					'Content-Type': photo.type,
					...(photo.sha256 ? { 'X-Sha256': photo.sha256 } : {})
				},
				body: bytes,
				signal: AbortSignal.timeout(180_000)
			});
			return readPhotoAnswer(answer, photo);
		}
	};
};

type Answer = { status: number; body: Record<string, unknown> };

async function ask(fetcher: typeof fetch, at: string, init: RequestInit): Promise<Answer> {
	let response: Response;
	let text: string;
	try {
		// A redirect to a sign-in page (ours or a hotel's) is not an answer to what was asked.
		response = await fetcher(at, { redirect: 'manual', ...init });
		text = await response.text();
	} catch {
		throw new NetworkFailure('no_answer');
	}
	const { status } = response;
	const body = readJson(text);
	if (status === 401 && body) throw new NetworkFailure('signed_out');
	if (status === 429 || status === 503)
		throw new NetworkFailure('busy', (Number(response.headers.get('retry-after')) || 60) * 1000);
	if (!body || status >= 500 || status < 200) throw new NetworkFailure('not_ours');
	return { status, body };
}

function readJson(text: string): Record<string, unknown> | null {
	try {
		const body: unknown = JSON.parse(text);
		return isRecord(body) ? body : null;
	} catch {
		return null;
	}
}

/** Each outcome must name its op: an answer that belongs to something else settles nothing. */
function readOutcomes({ body }: Answer, ops: readonly Op[]): Outcome[] {
	const told = body.outcomes;
	if (!Array.isArray(told) || told.length !== ops.length) throw new NetworkFailure('not_ours');
	return ops.map((op, n) => {
		const row = told[n] as (Outcome & { op_id?: string }) | null;
		if (row?.op_id !== op.op_id || !outcomes.includes(row.outcome))
			throw new NetworkFailure('not_ours');
		const { op_id: _, ...outcome } = row;
		return outcome;
	});
}

/** Answers about the moment, not about the photo. */
const passing = new Set(['photo_cut', 'photo_crashed', 'too_many', 'too_slow', 'unavailable']);

function readPhotoAnswer({ status, body }: Answer, photo: PhotoPart): PhotoAnswer {
	if (status === 200) {
		if (body.id !== photo.id || typeof body.sha256 !== 'string')
			throw new NetworkFailure('not_ours');
		return { sha256: body.sha256 };
	}
	const { reason, detail, code } = body;
	const why = typeof reason === 'string' ? reason : typeof code === 'string' ? code : null;
	if (!why || passing.has(why)) throw new NetworkFailure('not_ours');
	return {
		refused: { outcome: 'refused', reason: why, detail: typeof detail === 'string' ? detail : '' }
	};
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);
