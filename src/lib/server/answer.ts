import { json } from '@sveltejs/kit';
import { Failure } from '$lib/data/client';

/** A refusal as the phone reads it: `{reason, detail}`, and for a used id the hash that is here. */
export function refuse(reason: string, status: number, detail = ''): Response {
	return json(
		{ reason, detail, ...(reason === 'id_reused' ? { sha256: detail } : {}) },
		{ status, headers: { 'Cache-Control': 'private, no-store' } }
	);
}

/** The work's answer, or its refusal; a fault stays a fault. */
export async function answer(work: () => Promise<unknown>): Promise<Response> {
	try {
		return json(await work(), { headers: { 'Cache-Control': 'private, no-store' } });
	} catch (failure) {
		if (failure instanceof Failure) return refuse(failure.code, failure.status, failure.detail);
		throw failure;
	}
}

/** Ids are made on the phone: UUID version 7. */
export const isId = (id: string): boolean =>
	/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id);
