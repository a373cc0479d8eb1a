/** What must hold before the program starts; each refusal says what is wrong and what to do. */
import { statSync } from 'node:fs';
import path from 'node:path';
import type { Secrets } from './secrets';

const known = [
	'dev-secret-change-me',
	'unsafe-secret-change-me',
	'super-secret-jwt-token-with-at-least-32-characters-long',
	'secret',
	'changeme',
	'your-super-secret-jwt-token-with-at-least-32-characters-long'
];

export class RefusedStart extends Error {
	constructor(message: string) {
		super(message);
		this.name = 'RefusedStart';
	}
}

export type Start = {
	secrets: Secrets;
	origin: string;
	production: boolean;
	allowHttp: boolean;
	dataDir: string;
};

/** The first reason not to start, in both languages; null when everything is in order. */
export function whyNotStart({
	secrets,
	origin,
	production,
	allowHttp,
	dataDir
}: Start): string | null {
	if (typeof secrets.jwtSecret !== 'string' || secrets.jwtSecret.length < 32)
		return `secrets.json：jwtSecret 少于 32 个字符 / jwtSecret is shorter than 32 characters`;
	if (known.includes(secrets.jwtSecret) || /^(.)\1+$/.test(secrets.jwtSecret))
		return 'secrets.json：jwtSecret 是公开的默认值 / jwtSecret is a known default';
	if (!/^sb_publishable_.{20,}/.test(secrets.publishableKey ?? ''))
		return 'secrets.json：缺少 publishableKey / publishableKey is missing';
	if (!/^sb_secret_.{20,}/.test(secrets.secretKey ?? ''))
		return 'secrets.json：缺少 secretKey / secretKey is missing';
	let url: URL;
	try {
		url = new URL(origin);
	} catch {
		return `ORIGIN 不是网址：${origin} / ORIGIN is not an address`;
	}
	if (!['http:', 'https:'].includes(url.protocol))
		return `ORIGIN 须以 https:// 开头：${origin} / ORIGIN must begin with https://`;
	const home = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
	if (production && url.protocol === 'http:' && !home && !allowHttp) {
		return 'ORIGIN 用了 http：请用 https，或在内网设 ALLOW_HTTP=1 / ORIGIN is http: use https, or set ALLOW_HTTP=1 on a closed network';
	}
	if (process.platform !== 'win32') {
		for (const [name, mask] of [
			['.', 0o077],
			['secrets.json', 0o077]
		] as const) {
			if (statSync(path.join(dataDir, name)).mode & mask)
				return `${path.join(dataDir, name)}：其他用户可读，请改权限 / readable by other users: change its mode`;
		}
	}
	return null;
}
