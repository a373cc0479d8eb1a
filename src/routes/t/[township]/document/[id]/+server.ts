import { uuid } from '$lib/domain/id';
import { useQuota } from '$lib/data/accounts';
import { documentFile } from '$lib/data/documents';
import { answer, refuse } from '$lib/server/answer';
import { documentLimit, fetchDocument, receiveDocument } from '$lib/server/documents';
import { needTownship } from '$lib/server/guards';
import { drain } from '$lib/server/spool';
import type { RequestHandler } from './$types';

/** A document's bytes under their own SHA-256, before an op makes evidence of it. */
export const PUT: RequestHandler = async (event) => {
	const { body, headers } = event.request;
	const response = await take(event);
	await drain(body);
	return response;

	async function take({ locals, params, url }: typeof event): Promise<Response> {
		if (!locals.account) return refuse('signed_out', 401);
		const { account, township } = needTownship(event);
		if (!/^[0-9a-f]{64}$/.test(params.id)) return refuse('bad_value', 400, 'sha256');
		if (Number(headers.get('content-length')) > documentLimit)
			return refuse('too_large', 413, String(documentLimit));
		if (!(await useQuota(locals.db, 'document', 200))) return refuse('too_many', 429);
		// The last part only: a browser may send a path.
		const name = (url.searchParams.get('name') ?? '').split(/[\\/]/).at(-1)!.trim().slice(-200);
		const where = { townshipId: township.id, personId: account.id, sha256: params.id, name };
		return answer(() => receiveDocument(where, body));
	}
};

/** The document of an exhibit, as a download: it never opens as a page of ours. */
export const GET: RequestHandler = async (event) => {
	if (!event.locals.account) return refuse('signed_out', 401);
	const { township } = needTownship(event);
	const file = uuid.test(event.params.id)
		? await documentFile(event.locals.db, township.id, event.params.id)
		: null;
	if (!file) return refuse('not_found', 404);
	return new Response(await fetchDocument(township.id, file.sha256), {
		headers: {
			'Content-Type': file.type,
			'Content-Disposition': `attachment; filename="document"; filename*=UTF-8''${encodeURIComponent(file.name)}`,
			'Content-Security-Policy': "default-src 'none'; sandbox",
			'X-Content-Type-Options': 'nosniff',
			'Cross-Origin-Resource-Policy': 'same-origin',
			'Cache-Control': 'private, no-cache',
			Vary: 'Cookie'
		}
	});
};
