/** The only way in from outside: an allow-list of paths, keys, tokens and sizes (security.md 3.1). */
import { randomUUID } from 'node:crypto';
import { logLine } from '../logline';
import { tracks } from './notrack';
import { readToken } from './token';
import type { Secrets } from './secrets';

const jsonLimit = 1024 * 1024;
/** Errors that are ours to tell: refusals, rights, bad values, and what the Data API says of a request. */
const tellable = /^(42501|22...|23...|57014|PGRST\d+|PT\d+)$/;
const methods: Record<string, readonly string[]> = {
	rest: ['GET', 'HEAD', 'POST', 'PATCH', 'PUT', 'DELETE'],
	'/auth/v1/user': ['GET'],
	'/auth/v1/logout': ['POST'],
	'/auth/v1/token': ['POST']
};

const refuse = (status: number, code: string, message: string) =>
	Response.json(
		{ code, message, details: null, hint: null },
		{ status, headers: { 'Cache-Control': 'no-store' } }
	);

/** Why a request from outside goes no further; null when it may. */
function whyNot(request: Request, url: URL, secrets: Secrets): Response | null {
	const { pathname: at, searchParams: query } = url;
	const rest = /^\/rest\/v1\/(rpc\/)?[a-z_][a-z0-9_]{0,62}$/.test(at);
	const allowed = rest ? methods.rest : methods[at];
	if (!allowed) return refuse(404, 'not_found', 'no such path');
	if (!allowed.includes(request.method)) return refuse(405, 'method', 'method not allowed');
	if (at === '/auth/v1/token' && query.get('grant_type') !== 'refresh_token')
		return refuse(403, 'closed', 'sign in through the page');
	if (query.has('apikey') || query.has('access_token'))
		return refuse(400, 'key_in_url', 'keys do not belong into addresses');
	if (tracks(at, query)) return refuse(403, 'no_track', 'rows are not picked by person');
	const key = request.headers.get('apikey') ?? '';
	if (
		key.startsWith('sb_secret_') ||
		(request.headers.get('authorization') ?? '').includes('sb_secret_')
	) {
		return refuse(403, 'secret_key', 'a secret key is never sent from outside');
	}
	if (key !== secrets.publishableKey) return refuse(401, 'apikey', 'apikey missing or unknown');
	for (const name of ['accept-profile', 'content-profile']) {
		const profile = request.headers.get(name);
		if (profile && profile !== 'public')
			return refuse(406, 'PGRST106', 'the schema is not exposed');
	}
	if (/vnd\.pgrst\.plan/.test(request.headers.get('accept') ?? ''))
		return refuse(406, 'PGRST107', 'plans are not shown');
	const bearer = request.headers.get('authorization')?.replace(/^Bearer\s+/i, '');
	if (bearer && bearer !== secrets.publishableKey && !readToken(bearer, secrets.jwtSecret)) {
		return refuse(401, 'PGRST301', 'token invalid or expired');
	}
	return null;
}

async function readBody(request: Request): Promise<ArrayBuffer | null | 'too large'> {
	if (request.method === 'GET' || request.method === 'HEAD' || !request.body) return null;
	if (Number(request.headers.get('content-length') ?? 0) > jsonLimit) return 'too large';
	const parts: Uint8Array[] = [];
	let size = 0;
	for await (const part of request.body as unknown as AsyncIterable<Uint8Array>) {
		size += part.length;
		if (size > jsonLimit) return 'too large';
		parts.push(part);
	}
	const body = new Uint8Array(size);
	let at = 0;
	for (const part of parts) {
		body.set(part, at);
		at += part.length;
	}
	return body.buffer;
}

/** Errors leave with a code and words of ours, never with SQL, stacks or paths. */
async function tidy(response: Response): Promise<Response> {
	if (response.status < 400) return response;
	const text = await response.text();
	let error: {
		code?: unknown;
		message?: unknown;
		details?: unknown;
		hint?: unknown;
		error?: unknown;
		msg?: unknown;
		error_code?: unknown;
	} = {};
	try {
		error = JSON.parse(text);
	} catch {
		// Not JSON: nothing of it is passed on.
	}
	const code = String(error.code ?? error.error_code ?? '');
	const headers = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' };
	if (tellable.test(code) || (response.status < 500 && !/^[0-9A-Z]{5}$/.test(code))) {
		return new Response(
			JSON.stringify({
				code,
				message: error.message ?? error.msg ?? error.error ?? '',
				details: error.details ?? null,
				hint: error.hint ?? null
			}),
			{ status: response.status === 500 ? 400 : response.status, headers }
		);
	}
	const id = randomUUID();
	logLine({
		id,
		status: response.status,
		code,
		message: String(error.message ?? '').slice(0, 300)
	});
	const status = response.status >= 500 && /^(42|0A)/.test(code) ? 400 : response.status;
	return new Response(
		JSON.stringify({
			code: code || 'fault',
			message: 'the request could not be carried out',
			details: id,
			hint: null
		}),
		{ status, headers }
	);
}

export type Lite = {
	fetch: (
		request: Request,
		context?: { peerAddress: string | null }
	) => Response | Promise<Response>;
};

/** Answers requests from outside. */
export function frontDoor(
	lite: Lite,
	secrets: Secrets
): (request: Request, address: string) => Promise<Response> {
	return async (request) => {
		const url = new URL(request.url);
		const no = whyNot(request, url, secrets);
		if (no) return no;
		const body = await readBody(request);
		if (body === 'too large') return refuse(413, 'too_large', 'larger than 1 MB');
		const headers = new Headers(request.headers);
		for (const name of ['cookie', 'host', 'connection', 'content-length', 'origin', 'forwarded'])
			headers.delete(name);
		if (headers.get('authorization')?.endsWith(secrets.publishableKey))
			headers.delete('authorization');
		const inner = new Request(url, { method: request.method, headers, body });
		try {
			return await tidy(await lite.fetch(inner, { peerAddress: null }));
		} catch (error) {
			const id = randomUUID();
			logLine({ id, fault: String(error).slice(0, 300) });
			return refuse(503, 'unavailable', `try again: ${id}`);
		}
	};
}
