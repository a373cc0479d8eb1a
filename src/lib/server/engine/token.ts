/** Tokens of our own Auth: HS256 with our secret, of a signed-in person, not expired; nothing else. */
import { createHmac, timingSafeEqual } from 'node:crypto';

export type Claims = {
	sub: string;
	role: 'authenticated';
	session_id?: string;
	exp: number;
	[key: string]: unknown;
};

const decode = (part: string): unknown =>
	JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));

/** The claims, or null for anything that is not a token of ours in its time. Never throws. */
export function readToken(token: string, secret: string, now = Date.now()): Claims | null {
	if (token.length > 4096) return null;
	const [head, body, signature, rest] = token.split('.');
	if (!head || !body || !signature || rest !== undefined) return null;
	try {
		const { alg } = decode(head) as { alg?: string };
		if (alg !== 'HS256') return null;
		const given = Buffer.from(signature, 'base64url');
		const right = createHmac('sha256', secret).update(`${head}.${body}`).digest();
		if (given.length !== right.length || !timingSafeEqual(given, right)) return null;
		const claims = decode(body) as Partial<Claims> & { nbf?: number; aud?: unknown };
		const seconds = now / 1000;
		if (claims.role !== 'authenticated' || typeof claims.sub !== 'string') return null;
		if (typeof claims.exp !== 'number' || claims.exp <= seconds) return null;
		if (claims.nbf !== undefined && claims.nbf > seconds + 60) return null;
		if (claims.aud !== undefined && claims.aud !== 'authenticated') return null;
		return claims as Claims;
	} catch {
		return null;
	}
}
