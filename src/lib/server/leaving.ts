import { uuid } from '$lib/domain/id';
import type { Handle } from '@sveltejs/kit';
import { auditRefused, noteExport } from '$lib/data/audit';
import { backend } from './backend';

/** Routes that answer with a file to keep. */
const takes = /xlsx|\[format\]|\[paper\]|\/ledger$|\/document\//;

/** A file that leaves a township is written down before its first byte; where that fails it does not leave. */
export const leaving: Handle = async ({ event, resolve }) => {
	const response = await resolve(event);
	const { township } = event.params;
	const { account } = event.locals;
	if (!township || !account || event.request.method !== 'GET') return response;
	const [, , , ...rest] = event.url.pathname.split('/');
	const what = rest.filter((part) => !uuid.test(part)).join('/');
	const object = rest.findLast((part) => uuid.test(part)) ?? null;
	if (response.ok && /^attachment/.test(response.headers.get('content-disposition') ?? ''))
		await noteExport(event.locals.db, township, what, object);
	else if ([403, 429].includes(response.status) && takes.test(event.route.id ?? ''))
		await auditRefused(backend().admin, {
			what: 'export.take',
			code: String(response.status),
			detail: what,
			township,
			account: account.accountId,
			session: account.sessionId,
			...(object && { object })
		});
	return response;
};
