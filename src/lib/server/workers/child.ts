import { fork } from 'node:child_process';

export type ChildOptions = { timeoutMs?: number; memoryMb?: number; script: string };

/** Two processes at once; with 512 MB each they are what a small server can spare. */
const atOnce = 2;
let running = 0;
const queue: (() => void)[] = [];

/**
 * Asks a process of its own that reads foreign files: little memory, no environment, a deadline; it answers once and
 * is ended. `failed` says what stands for a crash or a timeout.
 */
export async function askChild<T>(
	message: object,
	{ timeoutMs = 30_000, memoryMb = 512, script }: ChildOptions,
	failed: (why: 'timeout' | 'crashed') => T
): Promise<T> {
	if (running >= atOnce) await new Promise<void>((resolve) => queue.push(resolve));
	running++;
	try {
		return await inChild(message, { timeoutMs, memoryMb, script }, failed);
	} finally {
		running--;
		queue.shift()?.();
	}
}

function inChild<T>(
	message: object,
	{ timeoutMs, memoryMb, script }: Required<ChildOptions>,
	failed: (why: 'timeout' | 'crashed') => T
): Promise<T> {
	return new Promise((resolve) => {
		const child = fork(script, [], {
			serialization: 'advanced',
			execArgv: [`--max-old-space-size=${memoryMb}`, '--disable-proto=delete'],
			// Nothing of the server's environment: no keys, no addresses.
			env: {},
			stdio: ['ignore', 'ignore', 'ignore', 'ipc']
		});
		let settled = false;
		const end = (answer: T) => {
			if (settled) return;
			settled = true;
			clearTimeout(clock);
			child.kill('SIGKILL');
			resolve(answer);
		};
		const clock = setTimeout(() => end(failed('timeout')), timeoutMs);
		child.once('message', (answer) => end(answer as T));
		child.once('error', () => end(failed('crashed')));
		child.once('exit', () => end(failed('crashed')));
		child.send(message, (error) => {
			if (error) end(failed('crashed'));
		});
	});
}
