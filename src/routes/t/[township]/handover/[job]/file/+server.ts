import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { refuse } from '$lib/server/answer';
import { jobFile } from '$lib/server/handover/jobs';
import { needTownship } from '$lib/server/guards';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = (event) => {
	if (!event.locals.account) return refuse('signed_out', 401);
	const { account, township } = needTownship(event);
	const made = jobFile(event.params.job, township.id, account.id);
	if (!made) return refuse('not_found', 404);
	return new Response(Readable.toWeb(createReadStream(made.file)) as ReadableStream, {
		headers: {
			'Content-Type': 'application/octet-stream',
			'Content-Length': String(made.bytes),
			'Content-Disposition': `attachment; filename*=UTF-8''${encodeURIComponent(made.name)}`,
			'X-Content-Type-Options': 'nosniff',
			'Cache-Control': 'private, no-store'
		}
	});
};
