import { createHash } from 'node:crypto';
import { readFeed } from '$lib/data/feeds';
import type { Db } from '$lib/data/client';
import type { FeedWhat } from '$lib/domain/feedops';
import { uuid } from '$lib/domain/id';

/** Whoever asks with a token: `base` is the feed's own address, without a slash at the end. */
export type Caller = {
	admin: Db;
	request: Request;
	address: string;
	feed: string;
	base: string;
};

/** What the reader of a feed may not keep, show to a search engine, or take for a page. */
export const feedHeaders = {
	'Cache-Control': 'private, no-store',
	'X-Robots-Tag': 'noindex, nofollow',
	'X-Content-Type-Options': 'nosniff'
};

/** An answer that ends the request. */
export class Answered extends Error {
	constructor(readonly response: Response) {
		super('answered');
	}
}

export const json = (
	body: unknown,
	type = 'application/json',
	status = 200,
	more: Record<string, string> = {}
) =>
	new Response(JSON.stringify(body), {
		status,
		headers: { ...feedHeaders, 'Content-Type': type, ...more }
	});

/** The exception of 17-069r4 (code and description) with its status. */
export const problem = (
	status: number,
	code: string,
	description: string,
	more: Record<string, string> = {}
) => json({ code, description }, 'application/json', status, more);

export const notFound = () => problem(404, 'NotFound', 'There is nothing at this address.');
const tooMany = () =>
	problem(429, 'TooManyRequests', 'Too many requests; try again later.', { 'Retry-After': '600' });
/** The same for no token, a wrong one, one that ended, one that was revoked. */
const unauthorized = () =>
	problem(401, 'Unauthorized', 'A valid token is needed.', {
		'WWW-Authenticate': 'Basic realm="Xiangtu feed", charset="UTF-8"'
	});

/** The token in the header: `Bearer …`, or the password of Basic, which is what a GIS can send. */
export function tokenOf(request: Request): string | null {
	const header = request.headers.get('authorization') ?? '';
	const [scheme = '', value = ''] = header.split(/ +/, 2);
	if (/^bearer$/i.test(scheme)) return value || null;
	if (!/^basic$/i.test(scheme)) return null;
	const pair = Buffer.from(value, 'base64').toString('utf8');
	return pair.includes(':') ? pair.slice(pair.indexOf(':') + 1) || null : null;
}

/** What the token opens, or an `Answered`: 401 (`hidden`: 404, where an address alone is asked), 429. */
export async function open<T>(
	caller: Caller,
	what: FeedWhat,
	part: Parameters<typeof readFeed>[2],
	more: object = {},
	hidden?: string
) {
	const refused = () => new Answered(hidden === undefined ? unauthorized() : notFound());
	const token = hidden ?? tokenOf(caller.request);
	if (token === null) throw refused();
	const answer = await readFeed<T>(
		caller.admin,
		{
			// An id that is none is asked for as one that nobody has.
			feed: uuid.test(caller.feed) ? caller.feed : '00000000-0000-0000-0000-000000000000',
			sha256: createHash('sha256').update(token).digest('hex'),
			address: caller.address,
			what
		},
		part,
		more
	);
	if (answer.many) throw new Answered(tooMany());
	if (answer.refused) throw refused();
	return answer;
}

/** Runs an answer; what it threw as an answer is one. */
export async function answered(work: () => Promise<Response>): Promise<Response> {
	try {
		return await work();
	} catch (thrown) {
		if (thrown instanceof Answered) return thrown.response;
		throw thrown;
	}
}
