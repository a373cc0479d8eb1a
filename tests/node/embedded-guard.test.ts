/** Bad starts, one by one (M-01), and one process a data folder (I-03). */
import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { whyNotStart, type Start } from '../../src/lib/server/engine/guard';
import { readSecrets } from '../../src/lib/server/engine/secrets';
import { compile, makePlace, origin } from './embedded-support';

describe('what a start is refused for', () => {
	const dataDir = mkdtempSync(path.join(os.tmpdir(), 'xt-guard-'));
	const secrets = readSecrets(dataDir);
	const good: Start = {
		secrets,
		origin: 'https://xiangtu.example',
		production: true,
		allowHttp: false,
		dataDir
	};
	afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

	test('a fresh folder starts; its secrets are long, its own and for nobody else to read', () => {
		expect(whyNotStart(good)).toBeNull();
		expect(Buffer.from(secrets.jwtSecret, 'base64url').length).toBeGreaterThanOrEqual(48);
		expect(statSync(dataDir).mode & 0o777).toBe(0o700);
		expect(statSync(path.join(dataDir, 'secrets.json')).mode & 0o777).toBe(0o600);
		const other = mkdtempSync(path.join(os.tmpdir(), 'xt-guard-'));
		expect(readSecrets(other).jwtSecret).not.toBe(secrets.jwtSecret);
		rmSync(other, { recursive: true });
		expect(readSecrets(dataDir)).toEqual(secrets);
	});

	const secret = (jwtSecret: unknown): Start => ({
		...good,
		secrets: { ...secrets, jwtSecret: jwtSecret as string }
	});
	const bad: Record<string, Start> = {
		'no secret': secret(undefined),
		'an empty secret': secret(''),
		'a number': secret(5),
		'31 characters': secret('a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p'),
		'Lite’s default': secret('unsafe-secret-change-me'),
		'Lite’s other default': secret('dev-secret-change-me'),
		'Supabase’s default': secret('super-secret-jwt-token-with-at-least-32-characters-long'),
		'Supabase’s other default': secret(
			'your-super-secret-jwt-token-with-at-least-32-characters-long'
		),
		'one character again and again': secret('x'.repeat(64)),
		'no publishable key': { ...good, secrets: { ...secrets, publishableKey: '' } },
		'a publishable key that is none': { ...good, secrets: { ...secrets, publishableKey: 'anon' } },
		'no secret key': { ...good, secrets: { ...secrets, secretKey: undefined as never } },
		'a secret key that is publishable': {
			...good,
			secrets: { ...secrets, secretKey: secrets.publishableKey }
		},
		'no origin': { ...good, origin: '' },
		'an origin that is no address': { ...good, origin: 'xiangtu' },
		'an origin of another protocol': { ...good, origin: 'ftp://xiangtu.example' },
		'http on the network': { ...good, origin: 'http://xiangtu.example' },
		'http on an office address': { ...good, origin: 'http://192.168.1.5:3000' },
		'http on a name that only looks local': { ...good, origin: 'http://localhost.example' }
	};
	test.each(Object.keys(bad))('%s', (name) => {
		const reason = whyNotStart(bad[name]!);
		expect(reason).toBeTruthy();
		expect(reason, 'both languages').toMatch(/[\u4e00-\u9fff].*\/ .*[a-z]/);
		expect(reason, 'no secret in it').not.toContain(secrets.jwtSecret);
	});

	test('http is fine on this machine, and where it was allowed by name', () => {
		for (const address of ['http://localhost:3000', 'http://127.0.0.1', 'http://[::1]:8080']) {
			expect(whyNotStart({ ...good, origin: address })).toBeNull();
		}
		expect(whyNotStart({ ...good, origin: 'http://10.0.0.8', allowHttp: true })).toBeNull();
	});

	test.skipIf(process.platform === 'win32')('a folder or secrets others can read', () => {
		for (const [file, mode, right] of [
			['.', 0o755, 0o700],
			['secrets.json', 0o644, 0o600]
		] as const) {
			chmodSync(path.join(dataDir, file), mode);
			expect(whyNotStart(good)).toContain('readable');
			chmodSync(path.join(dataDir, file), right);
		}
		expect(whyNotStart(good)).toBeNull();
	});
});

describe('one process a data folder', () => {
	const place = makePlace();
	const children: ChildProcess[] = [];
	let runner: string;
	beforeAll(async () => {
		await compile();
		runner = path.join(process.env.XT_WORKERS!, 'run.mjs');
		writeFileSync(
			runner,
			`import { startEmbedded } from './engine.js';
			try {
				await startEmbedded(JSON.parse(process.argv[2]));
				console.log('open');
			} catch (error) {
				console.log(error.name + ' ' + error.message);
				process.exit(1);
			}`
		);
	});
	afterAll(() => {
		for (const child of children) child.kill('SIGKILL');
		place.remove();
	});

	/** Starts the engine as a process; says 'open' or why not. */
	function start(): Promise<{ child: ChildProcess; said: string; ms: number }> {
		const began = Date.now();
		const child = spawn(process.execPath, [
			runner,
			JSON.stringify({ ...place, origin, production: false })
		]);
		children.push(child);
		return new Promise((resolve) => {
			let said = '';
			child.stdout!.on('data', (chunk) => {
				said += chunk;
				if (said.includes('\n')) resolve({ child, said, ms: Date.now() - began });
			});
			child.on('exit', () => resolve({ child, said, ms: Date.now() - began }));
		});
	}

	test('the second is refused in 2 s and names the first; the first is unharmed; kill -9 frees the folder', async () => {
		const first = await start();
		expect(first.said).toContain('open');
		for (let n = 0; n < 3; n++) {
			const second = await start();
			expect(second.said).toContain('AlreadyRunning');
			expect(second.said).toContain(String(first.child.pid));
			expect(second.ms).toBeLessThan(2000);
		}
		expect(first.child.exitCode).toBeNull();
		first.child.kill('SIGKILL');
		await new Promise((resolve) => first.child.once('exit', resolve));
		const again = await start();
		expect(again.said).toContain('open');
	}, 60_000);

	test('secrets that cannot be read are a reason, not a stack', () => {
		const dataDir = mkdtempSync(path.join(os.tmpdir(), 'xt-guard-'));
		writeFileSync(path.join(dataDir, 'secrets.json'), '{"jwtSecret": ', { mode: 0o600 });
		expect(() => readSecrets(dataDir)).toThrow(/secrets\.json/);
		rmSync(dataDir, { recursive: true });
	});
});
