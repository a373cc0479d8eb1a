import { expect, test as base, type BrowserContext, type Page } from '@playwright/test';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';

export type App = {
	origin: string;
	dataDir: string;
	/** Everything the program printed. */
	output: () => string;
	kill: (signal?: NodeJS.Signals) => Promise<void>;
};

export const demoPassword = 'yunxi-demo-2026';

async function freePort(): Promise<number> {
	return new Promise((resolve) => {
		const server = createServer().listen(0, '127.0.0.1', () => {
			const { port } = server.address() as { port: number };
			server.close(() => resolve(port));
		});
	});
}

/** Starts the program as a person would (`npm start`) on its own port and data folder. */
export async function startApp(options: { dataDir: string; demo: boolean; port?: number; env?: Record<string, string> }): Promise<App> {
	const port = options.port ?? (await freePort());
	const origin = `http://localhost:${port}`;
	let printed = '';
	const child: ChildProcess = spawn(process.execPath, ['--import', path.resolve('tests/e2e/no-network.js'), 'src/start.js'], {
		env: {
			...process.env,
			PORT: String(port),
			ORIGIN: origin,
			XT_DATA: options.dataDir,
			XT_DEMO: options.demo ? '1' : '0',
			XT_NETWORK_LOG: path.join(os.tmpdir(), 'xt-network.log'),
			...options.env
		},
		stdio: ['ignore', 'pipe', 'pipe']
	});
	child.stdout!.on('data', (chunk) => (printed += chunk));
	child.stderr!.on('data', (chunk) => (printed += chunk));
	const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
	const began = Date.now();
	while (Date.now() - began < 120_000) {
		if (child.exitCode !== null) throw new Error(`the program stopped:\n${printed}`);
		const up = await fetch(`${origin}/sign-in`).then((r) => r.status < 500).catch(() => false);
		if (up) break;
		await new Promise((r) => setTimeout(r, 150));
	}
	return {
		origin,
		dataDir: options.dataDir,
		output: () => printed,
		kill: async (signal = 'SIGTERM') => {
			child.kill(signal);
			await exited;
		}
	};
}

/** Signs a demo person in through the page. */
export async function signIn(page: Page, app: App, login: string, password = demoPassword): Promise<void> {
	await page.goto(`${app.origin}/sign-in`);
	await page.locator('input[name=login]').fill(login);
	await page.locator('input[name=password]').fill(password);
	await page.locator('form button[type=submit]').first().click();
	await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
}

/** Waits until the map has drawn everything it was given (map.md 1.2). */
export async function mapIdle(page: Page): Promise<void> {
	await page.waitForFunction(() => Boolean((window as never as { __map?: unknown }).__map), null, { timeout: 30_000 });
	await page.evaluate(
		() =>
			new Promise<void>((resolve, reject) => {
				const map = (window as never as { __map: { loaded(): boolean; isMoving(): boolean; once(e: string, f: () => void): void; triggerRepaint(): void } }).__map;
				const timer = setTimeout(() => reject(new Error('map not idle')), 20_000);
				const check = () => {
					if (map.loaded() && !map.isMoving()) {
						clearTimeout(timer);
						resolve();
					} else map.once('idle', check);
				};
				map.once('idle', check);
				map.triggerRepaint();
			})
	);
}

export const test = base.extend<{ person: (login: string) => Promise<Page> }, { app: App; quiet: string[] }>({
	// One demo township a worker; tests make what they need in it.
	app: [
		async ({}, use) => {
			const dataDir = await mkdtemp(path.join(os.tmpdir(), 'xt-e2e-'));
			await writeFile(path.join(os.tmpdir(), 'xt-network.log'), '');
			const app = await startApp({ dataDir, demo: true });
			await use(app);
			await app.kill();
			const left = await readFile(path.join(os.tmpdir(), 'xt-network.log'), 'utf8');
			await rm(dataDir, { recursive: true, force: true });
			expect(left, 'the server connected to another machine').toBe('');
		},
		{ scope: 'worker', timeout: 120_000 }
	],
	quiet: [
		async ({}, use) => {
			const outside: string[] = [];
			await use(outside);
			expect(outside, 'the pages asked another machine').toEqual([]);
		},
		{ scope: 'worker' }
	],
	context: async ({ context, quiet }, use) => {
		watch(context, quiet);
		await use(context);
	},
	person: async ({ browser, app, quiet }, use) => {
		const contexts: BrowserContext[] = [];
		await use(async (login) => {
			const context = await browser.newContext();
			contexts.push(context);
			watch(context, quiet);
			await context.addInitScript(() => document.documentElement?.setAttribute('data-test', ''));
			const page = await context.newPage();
			await signIn(page, app, login);
			return page;
		});
		for (const context of contexts) await context.close();
	}
});

/** Every request of every page is looked at: none may leave the machine. */
function watch(context: BrowserContext, outside: string[]): void {
	context.on('request', (request) => {
		const { protocol, hostname } = new URL(request.url());
		if (/^(https?|wss?):$/.test(protocol) && hostname !== 'localhost' && hostname !== '127.0.0.1') outside.push(request.url());
	});
}

export { expect };
