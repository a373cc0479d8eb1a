import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits for a link, and the hash that alone is stored. */
export function linkSecret(): { secret: string; sha256: string } {
	const secret = randomBytes(32).toString('base64url');
	return { secret, sha256: createHash('sha256').update(secret).digest('hex') };
}
