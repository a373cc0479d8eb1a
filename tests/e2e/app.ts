import {
	expect,
	test as base,
	type BrowserContext,
	type BrowserContextOptions,
	type FileChooser,
	type Page
} from '@playwright/test';
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
export async function startApp(options: {
	dataDir: string;
	demo: boolean;
	port?: number;
	env?: Record<string, string>;
}): Promise<App> {
	const port = options.port ?? (await freePort());
	const origin = `http://localhost:${port}`;
	let printed = '';
	const child: ChildProcess = spawn(
		process.execPath,
		['--import', path.resolve('tests/e2e/no-network.js'), 'src/start.js'],
		{
			env: {
				...process.env,
				PORT: String(port),
				ORIGIN: origin,
				XT_DATA: options.dataDir,
				XT_DEMO: options.demo ? '1' : '0',
				// Others may change sources meanwhile: run what was built, once (`npm run build` before).
				XT_NO_BUILD: process.env.XT_NO_BUILD ?? '1',
				XT_NETWORK_LOG: networkLog,
				...options.env
			},
			stdio: ['ignore', 'pipe', 'pipe']
		}
	);
	child.stdout!.on('data', (chunk) => (printed += chunk));
	child.stderr!.on('data', (chunk) => (printed += chunk));
	const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
	const began = Date.now();
	for (;;) {
		if (Date.now() - began > 120_000) {
			child.kill('SIGKILL');
			throw new Error(`the program did not start:\n${printed}`);
		}
		if (child.exitCode !== null) throw new Error(`the program stopped:\n${printed}`);
		const up = await fetch(`${origin}/sign-in`)
			.then((r) => r.status < 500)
			.catch(() => false);
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
export async function signIn(
	page: Page,
	app: App,
	login: string,
	password = demoPassword
): Promise<void> {
	await page.goto(`${app.origin}/sign-in`);
	await page.locator('input[name=login]').fill(login);
	await page.locator('input[name=password]').fill(password);
	await page.locator('form button[type=submit]').first().click();
	await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
}

/** Waits until the map has drawn everything it was given (map.md 1.2). */
export async function mapIdle(page: Page): Promise<void> {
	await page.waitForFunction(() => Boolean((window as never as { __map?: unknown }).__map), null, {
		timeout: 30_000
	});
	await page.evaluate(
		() =>
			new Promise<void>((resolve, reject) => {
				const map = (
					window as never as {
						__map: {
							loaded(): boolean;
							isMoving(): boolean;
							once(e: string, f: () => void): void;
							triggerRepaint(): void;
						};
					}
				).__map;
				const timer = setTimeout(() => reject(new Error('map not idle')), 60_000);
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

const networkLog = path.join(os.tmpdir(), `xt-network-${process.pid}.log`);

/** What no page may do: ask another machine, meet an answer of 500 or above, throw. */
export type Watch = { outside: string[]; broken: string[]; thrown: string[] };

type Fixtures = {
	/** A context that is watched; for a person use `person`. */
	open: (options?: BrowserContextOptions) => Promise<BrowserContext>;
	/** A page on which this person of the demo is signed in. */
	person: (login: string, options?: BrowserContextOptions) => Promise<Page>;
	seen: Watch;
};

export const test = base.extend<Fixtures, { app: App }>({
	// One demo township a worker; tests make what they need in it.
	app: [
		async ({}, use) => {
			const dataDir = await mkdtemp(path.join(os.tmpdir(), 'xt-e2e-'));
			const app = await startApp({ dataDir, demo: true });
			await use(app);
			await app.kill();
			await rm(dataDir, { recursive: true, force: true });
		},
		{ scope: 'worker', timeout: 120_000 }
	],
	seen: [
		async ({}, use) => {
			await writeFile(networkLog, '');
			const seen: Watch = { outside: [], broken: [], thrown: [] };
			await use(seen);
			expect(seen, 'asked another machine, was answered 5xx, or threw').toEqual({
				outside: [],
				broken: [],
				thrown: []
			});
			expect(await readFile(networkLog, 'utf8'), 'the server connected to another machine').toBe(
				''
			);
		},
		{ auto: true }
	],
	context: async ({ context, seen }, use) => {
		await watch(context, seen);
		await use(context);
	},
	open: async ({ browser, seen }, use) => {
		const contexts: BrowserContext[] = [];
		await use(async (options) => {
			const context = await browser.newContext(options);
			contexts.push(context);
			await watch(context, seen);
			return context;
		});
		for (const context of contexts) await context.close();
	},
	person: async ({ app, open }, use) => {
		await use(async (login, options) => {
			const page = alive(await (await open(options)).newPage());
			await signIn(page, app, login);
			return page;
		});
	}
});

/** A page whose `goto` and `reload` wait, as a person does, until the page takes presses. */
export function alive(page: Page): Page {
	const ready = () =>
		page.waitForFunction(
			() =>
				document.documentElement.hasAttribute('data-alive') ||
				// A page that is not of the app, e.g. a notice to print.
				!document.body.hasAttribute('data-sveltekit-preload-data')
		);
	const { goto, reload } = page;
	page.goto = async (...args) => {
		const answer = await goto.apply(page, args);
		await ready();
		return answer;
	};
	page.reload = async (...args) => {
		const answer = await reload.apply(page, args);
		await ready();
		return answer;
	};
	return page;
}

/** Every request, socket and error of every page of a context is looked at. */
export async function watch(context: BrowserContext, seen: Watch): Promise<void> {
	const outside = (url: string) => {
		const { protocol, hostname } = new URL(url);
		if (/^(https?|wss?):$/.test(protocol) && hostname !== 'localhost' && hostname !== '127.0.0.1')
			seen.outside.push(url);
	};
	context.on('request', (request) => outside(request.url()));
	context.on('response', (response) => {
		if (response.status() >= 500)
			seen.broken.push(`${response.status()} ${response.request().method()} ${response.url()}`);
	});
	context.on('page', (page) => page.on('websocket', (socket) => outside(socket.url())));
	context.on('weberror', (error) => seen.thrown.push(String(error.error().stack ?? error.error())));
	await context.addInitScript(() => {
		// The page may not have its root element yet.
		const mark = () => document.documentElement?.setAttribute('data-test', '');
		mark();
		document.addEventListener('readystatechange', mark, { once: true });
	});
}

/** Calls the Data API from within a page as whoever is signed in there. */
export async function rest(
	page: Page,
	app: App,
	at: string,
	init: { method?: string; body?: unknown } = {}
): Promise<{ status: number; body: any }> {
	const { publishableKey } = JSON.parse(
		await readFile(path.join(app.dataDir, 'secrets.json'), 'utf8')
	);
	return page.evaluate(
		async ({ at, init, key }) => {
			const { token } = await (await fetch('/live/token')).json();
			const answer = await fetch(`/rest/v1/${at}`, {
				method: init.method ?? 'GET',
				headers: {
					apikey: key,
					Authorization: `Bearer ${token}`,
					'Content-Type': 'application/json',
					Prefer: 'return=representation'
				},
				body: init.body === undefined ? undefined : JSON.stringify(init.body)
			});
			const text = await answer.text();
			let body: unknown = text;
			try {
				body = JSON.parse(text);
			} catch {
				// Empty or not JSON.
			}
			return { status: answer.status, body };
		},
		{ at, init, key: publishableKey }
	);
}

/** Sends ops through the page's own door, `abreast` at a time; the answers in the same order. */
export function sendOps(
	page: Page,
	township: string,
	ops: object[],
	abreast = 20
): Promise<{ status: number; body: any }[]> {
	return page.evaluate(
		async ({ township, ops, abreast }) => {
			const answers: { status: number; body: any }[] = [];
			for (let i = 0; i < ops.length; i += abreast)
				answers.push(
					...(await Promise.all(
						ops.slice(i, i + abreast).map(async (op) => {
							const answer = await fetch(`/t/${township}/op`, {
								method: 'POST',
								headers: { 'Content-Type': 'application/json' },
								body: JSON.stringify(op)
							});
							return { status: answer.status, body: await answer.json() };
						})
					))
				);
			return answers;
		},
		{ township, ops, abreast }
	);
}

/**
 * Files by the import page's own button. A page that has not come alive yet opens no chooser, and files laid
 * into its input behind its back would go unseen: the button is pressed until it answers.
 */
export async function pick(page: Page, files: Parameters<FileChooser['setFiles']>[0]) {
	let chooser: FileChooser | null = null;
	page.once('filechooser', (opened) => (chooser = opened));
	const button = page.getByRole('button', { name: '选择文件', exact: true });
	await expect(async () => {
		if (!chooser) await button.click();
		await page.waitForTimeout(100);
		expect(chooser).not.toBeNull();
	}).toPass();
	await chooser!.setFiles(files);
}

export const townshipOf = (page: Page): string => new URL(page.url()).pathname.split('/')[2]!;

export { expect };
