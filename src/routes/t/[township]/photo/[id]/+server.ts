import { useQuota } from '$lib/data/accounts';
import { photoLimits } from '$lib/domain/photo';
import { needTownship } from '$lib/server/guards';
import { answer, isId, refuse } from '$lib/server/answer';
import { receivePhoto } from '$lib/server/photos/receive';
import { drain } from '$lib/server/spool';
import type { RequestHandler } from './$types';

/** The original bytes of one photo, under the id that the phone gave it. Sent again it answers the same. */
export const PUT: RequestHandler = async (event) => {
	const { body, headers } = event.request;
	const response = await take(event);
	await drain(body);
	return response;

	async function take({ locals, params }: typeof event): Promise<Response> {
		if (!locals.account) return refuse('signed_out', 401);
		const { account, township } = needTownship(event);
		if (!isId(params.id)) return refuse('bad_value', 400, 'id');
		if (Number(headers.get('content-length')) > photoLimits.bytes)
			return refuse('too_large', 413, String(photoLimits.bytes));
		if (!(await useQuota(locals.db, 'photo', 600))) return refuse('too_many', 429);
		const where = { townshipId: township.id, id: params.id, personId: account.id };
		return answer(() => receivePhoto(where, body, headers.get('x-sha256')));
	}
};
