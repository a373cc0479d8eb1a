import { fork } from 'node:child_process';
import type { Box } from '$lib/domain/photo';
import type { Developed } from './develop';
import { Refused, type PhotoRefusal } from './format';
import { workerScript } from '../workers/script';

type Options = { timeoutMs?: number; memoryMb?: number; script?: string };
type Answer = { developed?: Developed; refused?: PhotoRefusal; detail?: string };

/** Two processes at once, however many photos wait: with 400 MB each they are what a small server can spare. */
const atOnce = 2;
let running = 0;
const queue: (() => void)[] = [];

/** One turn in the queue; waiting photos lie on the disk, not in memory. */
export async function inTurn<T>(work: () => Promise<T>): Promise<T> {
	if (running >= atOnce) await new Promise<void>((resolve) => queue.push(resolve));
	else running++;
	try {
		return await work();
	} finally {
		// The place is handed on, not given back, so that nobody slips in between.
		const next = queue.shift();
		if (next) next();
		else running--;
	}
}

/**
 * Decodes the photo in `file` in a child process with little memory, no environment and a deadline. With `boxes`
 * it makes a redacted copy. Throws `Refused`, also for a crash or a timeout.
 */
export function developInProcess(
	file: string,
	boxes?: Box[],
	{ timeoutMs = 20_000, memoryMb = 400, script = workerScript('photo') }: Options = {}
): Promise<Developed> {
	return new Promise((resolve, reject) => {
		const child = fork(script, [], {
			serialization: 'advanced',
			execArgv: ['--max-old-space-size=192', '--disable-proto=delete'],
			// Nothing of the server's environment: no keys, no addresses.
			env: { MALLOC_ARENA_MAX: '2' },
			stdio: ['ignore', 'ignore', 'ignore', 'ipc']
		});
		let settled = false;
		const end = (answer: Answer) => {
			if (settled) return;
			settled = true;
			clearTimeout(clock);
			child.kill('SIGKILL');
			if (answer.developed) resolve(answer.developed);
			else reject(new Refused(answer.refused ?? 'photo_crashed', answer.detail));
		};
		const clock = setTimeout(() => end({ refused: 'photo_too_slow' }), timeoutMs);
		child.once('message', (answer) => end(answer as Answer));
		child.once('error', () => end({ refused: 'photo_crashed' }));
		child.once('exit', () => end({ refused: 'photo_crashed' }));
		child.send({ file, memoryMb, ...(boxes ? { boxes } : {}) }, (error) => {
			if (error) end({ refused: 'photo_crashed' });
		});
	});
}
