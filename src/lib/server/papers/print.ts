import { fork } from 'node:child_process';
import { inTurn } from '../photos/darkroom';
import { workerScript } from '../workers/script';
import { fontFolders } from './fonts';
import type { Paper } from './paper';
import type { Order } from './press.worker';

/** A paper in one format, or why it is not there; `note` is for officials and also says what is odd in it. */
export type Sheet = {
	paper: number;
	ending: '.docx' | '.pdf';
	bytes: Uint8Array | null;
	note: string | null;
};
type Options = { timeoutMs?: number; memoryMb?: number; script?: string; folders?: string[] };

/**
 * Prints papers as DOCX and PDF in a child process with a deadline and a limit to its memory, in turn with
 * the photos. Two sheets a paper, in order; never throws: what was not printed has no bytes and a note.
 */
export const printPapers = (papers: readonly Paper[], options: Options = {}): Promise<Sheet[]> =>
	inTurn(() => inChild(papers, options));

function inChild(papers: readonly Paper[], options: Options): Promise<Sheet[]> {
	const { timeoutMs = 60_000, memoryMb = 1200, script = workerScript('press') } = options;
	return new Promise((resolve) => {
		const child = fork(script, [], {
			serialization: 'advanced',
			execArgv: ['--max-old-space-size=384', '--disable-proto=delete'],
			// Nothing of the server's environment: no keys, no addresses.
			env: { MALLOC_ARENA_MAX: '2' },
			stdio: ['ignore', 'ignore', 'ignore', 'ipc']
		});
		const arrived: Sheet[] = [];
		const end = (why: string) => {
			clearTimeout(clock);
			child.kill('SIGKILL');
			const of = (paper: number, ending: Sheet['ending']): Sheet =>
				arrived.find((s) => s.paper === paper && s.ending === ending) ?? {
					paper,
					ending,
					bytes: null,
					note: why
				};
			resolve(papers.flatMap((_, paper) => [of(paper, '.docx'), of(paper, '.pdf')]));
		};
		const clock = setTimeout(() => end('文件太大，在限定时间内没有做完。'), timeoutMs);
		child.on('message', (sheet: Sheet | 'done') =>
			sheet === 'done' ? end('没有做出来。') : arrived.push(sheet)
		);
		const crashed = () => end('做文件的程序中途停止，没有做出来。请联系管理员。');
		child.once('error', crashed);
		child.once('exit', crashed);
		const order: Order = {
			papers: [...papers],
			folders: options.folders ?? fontFolders(),
			memoryMb
		};
		child.send(order, (error) => {
			if (error) crashed();
		});
	});
}
