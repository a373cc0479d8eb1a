/**
 * `npm start` and `npm run dev`: builds what is missing, sets what is not set, starts the site and the
 * backend in one process, and ends both cleanly. Every failure is one line in two languages.
 */
import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { always, httpsOnly, isLink, underLinks } from './lib/server/headers.js';

const dev = process.argv.includes('--dev');
const home = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const env = process.env;

// The demo township lives in a folder of its own; `npm start -- --real` opens the real one.
// A hand-over file is always opened in a real one.
const given = process.argv.indexOf('--restore');
if (given >= 0) env.XT_RESTORE = path.resolve(process.argv[given + 1] ?? '');
const real = process.argv.includes('--real') || env.XT_DEMO === '0' || Boolean(env.XT_RESTORE);
env.XT_DEMO = real ? '0' : '1';
env.XT_DATA = path.resolve(env.XT_DATA ?? path.join(home, real ? 'data/xiangtu' : 'data/demo'));
process.chdir(home);
env.NODE_ENV ??= dev ? 'development' : 'production';
env.PORT ??= '3000';
env.HOST ??= '127.0.0.1';
env.BODY_SIZE_LIMIT ??= '60M';
env.DO_NOT_TRACK ??= '1';
// Open pages hold a socket each; ours are closed first, so nothing is worth waiting longer for.
env.SHUTDOWN_TIMEOUT ??= '3';

/** @param {string} name */
const shared = (name) =>
	/** @type {Record<symbol, any>} */ (/** @type {unknown} */ (globalThis))[
		Symbol.for(`xiangtu.${name}`)
	];

/** @type {Record<string, string>} */
const steps = {
	open: '打开数据 / opening the data',
	roles: '准备角色 / preparing roles',
	migrations: '更新数据结构 / updating the schema',
	demo_accounts: '演示：建立账号 / demo: accounts',
	demo_files: '演示：读取办公文件 / demo: reading the office files',
	demo_import: '演示：导入 / demo: importing',
	demo_people: '演示：邀请人员 / demo: inviting people',
	demo_work: '演示：最近的工作 / demo: the latest work',
	demo_projects: '演示：景区村创建 / demo: scenic-village projects',
	demo_ready: '演示数据就绪 / demo data ready',
	restore_verify: '核对移交文件 / checking the hand-over file',
	restore_tables: '恢复数据 / restoring the data',
	restore_compare: '与文件逐表比对 / comparing every table with the file',
	restore_files: '恢复照片和文件 / restoring photos and files',
	ready: '就绪 / ready'
};

/** @type {string[]} */
const banner = [];
let shown = '';

/** @param {{ step: string, fraction: number }} progress */
function showProgress({ step, fraction }) {
	const line = steps[step] ?? step;
	if (process.stdout.isTTY) {
		process.stdout.write(`\r\x1b[K${line} ${Math.round(fraction * 100)} %`);
		if (fraction >= 1) process.stdout.write('\r\x1b[K');
	} else if (line !== shown) {
		console.log(line);
	}
	shown = line;
}

Object.assign(globalThis, {
	/** @param {string} what @param {any} value */
	[Symbol.for('xiangtu.tell')]: (what, value) => {
		if (what === 'progress') showProgress(value);
		if (what === 'banner') banner.push(...value);
	}
});

/** The one line for a failure: those we know say themselves what to do. @param {any} error */
function sayWhy(error) {
	const address = `${env.HOST}:${env.PORT}`;
	if (error?.code === 'EADDRINUSE')
		return `端口 ${address} 已被占用，请换一个 PORT / ${address} is in use: choose another PORT`;
	if (error?.code === 'EACCES' && error?.syscall === 'listen')
		return `没有权限使用端口 ${address} / no right to listen on ${address}`;
	const words = String(error?.message ?? error).split('\n')[0];
	if (['AlreadyRunning', 'RefusedStart'].includes(error?.name)) return words;
	return `启动失败：${words} / could not start: ${words}`;
}

/** @param {unknown} error @returns {Promise<never>} */
async function fail(error) {
	if (process.stdout.isTTY) process.stdout.write('\r\x1b[K');
	console.error(sayWhy(error));
	if (env.XT_DEBUG) console.error(error);
	await closeBackend();
	process.exit(1);
}

/** The backend in whatever state it is; a start that failed has none. */
async function closeBackend() {
	const late = new Promise((resolve) => setTimeout(resolve, 8000).unref());
	await Promise.race([Promise.resolve(shared('close')?.()).catch(() => undefined), late]);
}

let stopping = false;
/** @param {import('node:http').Server | import('node:http2').Http2SecureServer | null} [server] */
async function stop(server) {
	if (stopping) process.exit(1);
	stopping = true;
	if (server) {
		const closed = new Promise((resolve) => server.close(resolve));
		if ('closeIdleConnections' in server) server.closeIdleConnections();
		// Upgraded sockets hold the server open: the backend ends them when it closes.
		await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, 1000))]);
	}
	await closeBackend();
	process.exit(0);
}

/** Newest change among files the build is made of. @param {string} folder @returns {number} */
function newest(folder) {
	let time = 0;
	for (const entry of readdirSync(folder, { withFileTypes: true })) {
		const file = path.join(folder, entry.name);
		if (entry.isDirectory()) {
			// Generated by the build itself.
			if (entry.name !== 'paraglide') time = Math.max(time, newest(file));
		} else if (!entry.name.includes('.test.') && file !== fileURLToPath(import.meta.url)) {
			time = Math.max(time, statSync(file).mtimeMs);
		}
	}
	return time;
}

function needsBuild() {
	if (!existsSync('build/index.js') || !existsSync('build/workers/database.js')) return true;
	// Run what was built, whatever was changed since.
	if (env.XT_NO_BUILD === '1') return false;
	// An installation without the build tools runs what it was given.
	if (!existsSync('node_modules/vite')) return false;
	const built = statSync('build/index.js').mtimeMs;
	const single = ['package.json', 'svelte.config.js', 'vite.config.ts'].filter((f) =>
		existsSync(f)
	);
	return [newest('src'), newest('static'), ...single.map((f) => statSync(f).mtimeMs)].some(
		(time) => time > built
	);
}

/** @returns {Promise<void>} */
function build() {
	console.log('正在构建，约一分钟 / building, about a minute');
	const vite = path.join(home, 'node_modules/vite/bin/vite.js');
	return new Promise((resolve, reject) => {
		const quiet = !process.stdout.isTTY;
		const child = spawn(
			process.execPath,
			[vite, 'build', ...(quiet ? ['--logLevel', 'warn'] : [])],
			{
				stdio: 'inherit'
			}
		);
		child.once('error', reject);
		child.once('exit', (code) =>
			code === 0 ? resolve() : reject(new Error(`vite build: ${code ?? 'ended by a signal'}`))
		);
	});
}

/** Live messages: the upgrade goes to the backend; without one the socket is closed. */
/** @param {{ on: Function }} server @param {boolean} alone no other listener takes what we leave */
function attachUpgrade(server, alone) {
	server.on(
		'upgrade',
		/** @param {import('node:http').IncomingMessage} request @param {import('node:stream').Duplex} socket @param {Buffer} head */
		(request, socket, head) => {
			const upgrade = shared('upgrade');
			const ours = request.url?.startsWith('/realtime/');
			if (ours && upgrade) upgrade(request, socket, head);
			else if (ours || alone) socket.destroy();
		}
	);
}

function announce() {
	const lines = [...banner, ...(shared('banner') ?? [])];
	console.log(`乡图已启动 / Xiangtu is running: ${env.ORIGIN}`);
	for (const line of lines) console.log(line);
}

function setOrigin() {
	if (env.ORIGIN) return;
	if (!['127.0.0.1', 'localhost', '::1'].includes(env.HOST ?? '')) {
		throw Object.assign(
			new Error(
				'HOST 不是本机时须设 ORIGIN（用户输入的网址）/ ORIGIN (the address people type) is needed when HOST is not this machine alone'
			),
			{ name: 'RefusedStart' }
		);
	}
	env.ORIGIN = `http://localhost:${env.PORT}`;
}

/**
 * For what is not said by the app itself: its files, and answers made before it is asked. Workers are ruled by the
 * policy of their own file.
 */
const policy =
	"default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self' data: blob:; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** Headers on every answer, and no other methods than the app knows. @param {import('node:http').Server} server */
function guard(server) {
	const inner = /** @type {import('node:http').RequestListener[]} */ (server.listeners('request'));
	server.removeAllListeners('request');
	server.on('request', (request, response) => {
		response.setHeader('Content-Security-Policy', policy);
		for (const [name, value] of Object.entries({
			...always,
			...(isLink(request.url) && underLinks)
		}))
			response.setHeader(name, value);
		if (env.ORIGIN?.startsWith('https:'))
			response.setHeader('Strict-Transport-Security', httpsOnly);
		if (!methods.includes(request.method ?? '')) {
			response.writeHead(405, { Allow: methods.join(', '), Connection: 'close' }).end();
			return;
		}
		// HTTP/0.9 has no headers: nothing that is checked by them would hold.
		if (request.httpVersionMajor < 1) {
			response.writeHead(400, { Connection: 'close' }).end();
			return;
		}
		for (const listener of inner) listener.call(server, request, response);
	});
}

/** A sealed file's passphrase: from the environment, or typed without being shown. */
async function askPassphrase() {
	const file = env.XT_RESTORE;
	if (!file || env.XT_PASSPHRASE || !existsSync(file) || !process.stdin.isTTY) return;
	const head = Buffer.alloc(8);
	const handle = openSync(file, 'r');
	readSync(handle, head, 0, 8, 0);
	closeSync(handle);
	if (head.toString('latin1') !== 'XTSEAL1\n') return;
	process.stdout.write('移交文件的口令 / passphrase of the hand-over file: ');
	const lines = createInterface({ input: process.stdin, terminal: true });
	env.XT_PASSPHRASE = await lines.question('');
	lines.close();
	process.stdout.write('\n');
}

async function serve() {
	if (needsBuild()) await build();
	if (stopping) return;
	const { server } = await import(pathToFileURL(path.resolve('build/index.js')).href);
	guard(server.server);
	attachUpgrade(server.server, true);
	listening = server.server;
	if (!listening?.listening) await new Promise((resolve) => listening?.once('listening', resolve));
	announce();
}

async function serveDev() {
	const { createServer } = await import('vite');
	const vite = await createServer({
		server: { host: env.HOST, port: Number(env.PORT), strictPort: true }
	});
	await vite.listen();
	listening = vite.httpServer;
	if (listening) attachUpgrade(listening, false);
	// The backend starts with the first request; this is it.
	await fetch(`http://${env.HOST}:${env.PORT}/`, { redirect: 'manual' }).catch(() => undefined);
	announce();
}

/** @type {import('node:http').Server | import('node:http2').Http2SecureServer | null} */
let listening = null;
process.on('SIGINT', () => void stop(listening));
process.on('SIGTERM', () => void stop(listening));
// A port in use is reported by an event, not by a promise.
const early = (/** @type {unknown} */ error) => void fail(error);
process.once('uncaughtException', early);
try {
	setOrigin();
	await askPassphrase();
	await (dev ? serveDev() : serve());
	process.off('uncaughtException', early);
} catch (error) {
	await fail(error);
}
