/**
 * One process a data folder: two PGlites on one folder corrupt it (measured), and nothing in PGlite
 * refuses. The lock is a bound socket that the kernel frees when its process dies, however it dies.
 */
import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import net from 'node:net';

export class AlreadyRunning extends Error {
	constructor(readonly pid: string) {
		super(
			`程序已在运行（进程 ${pid}），同一数据文件夹不能打开两次 / already running (process ${pid}) on this data folder`
		);
		this.name = 'AlreadyRunning';
	}
}

/** Linux: an abstract socket; Windows: a named pipe; elsewhere a loopback port. All freed by the kernel. */
function address(dataDir: string): string | { host: string; port: number } {
	const { dev, ino } = statSync(dataDir);
	const name = createHash('sha256').update(`${dev}:${ino}`).digest('hex').slice(0, 24);
	if (process.platform === 'linux') return `\0xiangtu-${name}`;
	if (process.platform === 'win32') return `\\\\.\\pipe\\xiangtu-${name}`;
	return { host: '127.0.0.1', port: 20_000 + (parseInt(name.slice(0, 6), 16) % 20_000) };
}

/** Takes the lock or throws `AlreadyRunning`; gives a function that frees it. */
export async function lock(dataDir: string): Promise<() => void> {
	const where = address(dataDir);
	const server = net.createServer((socket) => socket.end(String(process.pid)));
	const taken = await new Promise<boolean>((resolve, reject) => {
		server.once('error', (error: NodeJS.ErrnoException) =>
			error.code === 'EADDRINUSE' ? resolve(false) : reject(error)
		);
		server.listen(typeof where === 'string' ? { path: where } : where, () => resolve(true));
	});
	if (!taken) throw new AlreadyRunning(await holder(where));
	server.unref();
	return () => server.close();
}

function holder(where: string | { host: string; port: number }): Promise<string> {
	return new Promise((resolve) => {
		let pid = '';
		const socket = typeof where === 'string' ? net.connect({ path: where }) : net.connect(where);
		socket.setTimeout(1000, () => socket.destroy());
		socket.on('data', (chunk) => (pid += chunk));
		socket.on('error', () => resolve('?'));
		socket.on('close', () => resolve(pid || '?'));
	});
}
