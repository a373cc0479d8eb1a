import type { Handle } from '@sveltejs/kit';
import { noteExport } from '$lib/data/audit';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A file that leaves a township is written down before its first byte; where that fails it does not leave. */
export const leaving: Handle = async ({ event, resolve }) => {
	const response = await resolve(event);
	const { township } = event.params;
	if (
		!township ||
		!event.locals.account ||
		event.request.method !== 'GET' ||
		response.status !== 200 ||
		!/^attachment/.test(response.headers.get('content-disposition') ?? '')
	)
		return response;
	const [, , , ...rest] = event.url.pathname.split('/');
	await noteExport(
		event.locals.db,
		township,
		rest.filter((part) => !uuid.test(part)).join('/'),
		rest.findLast((part) => uuid.test(part)) ?? null
	);
	return response;
};
