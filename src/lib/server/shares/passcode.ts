import { scrypt, randomBytes } from 'node:crypto';

/** 16 MB and some 40 ms a try: with the counters of the database more than enough for six digits. */
const cost = { N: 16_384, r: 8, p: 1, maxmem: 64 * 1024 * 1024 };

/** Hex. An empty passcode is hashed like every other, so that all tries take the same time. */
export function hashPasscode(passcode: string, saltHex: string): Promise<string> {
	return new Promise((resolve, reject) =>
		scrypt(passcode.normalize('NFKC'), Buffer.from(saltHex, 'hex'), 32, cost, (error, key) =>
			error ? reject(error) : resolve(key.toString('hex'))
		)
	);
}

export async function sealPasscode(passcode: string): Promise<{ salt: string; passcode: string }> {
	const salt = randomBytes(16).toString('hex');
	return { salt, passcode: await hashPasscode(passcode, salt) };
}
