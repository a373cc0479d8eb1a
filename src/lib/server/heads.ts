/**
 * The heads of the chains leave the machine (security.md 3.12): a line of JSON each into an append-only file every
 * five minutes, at the start and at the end. XT_HEADS names it: a folder of another machine, a pipe to syslog.
 */
import { appendFile, mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { logLine } from './logline';
import { readHeads, readLostHeads } from '$lib/data/audit';
import type { Db } from '$lib/data/client';
import type { ChainHead } from '$lib/domain/audit';

const keyOf = (head: ChainHead) => `${head.chain} ${head.township}`;

export class Heads {
	#written = new Map<string, string>();
	#last: Promise<unknown> = Promise.resolve();
	#timer: NodeJS.Timeout | undefined;

	constructor(
		readonly file: string,
		private readonly admin: Db
	) {}

	/** Every head that is not the one written last. */
	write(): Promise<unknown> {
		return (this.#last = this.#last
			.then(() => this.#write())
			.catch((fault: unknown) => {
				logLine({ fault: 'chain heads not written', why: String(fault).slice(0, 200) });
			}));
	}

	async #write(): Promise<void> {
		const at = new Date().toISOString();
		const fresh = (await readHeads(this.admin)).filter(
			(h) => this.#written.get(keyOf(h)) !== h.hash
		);
		if (!fresh.length) return;
		await mkdir(path.dirname(this.file), { recursive: true, mode: 0o700 });
		await appendFile(this.file, fresh.map((h) => `${JSON.stringify({ at, ...h })}\n`).join(''), {
			mode: 0o600
		});
		for (const h of fresh) this.#written.set(keyOf(h), h.hash);
	}

	start(): void {
		void this.write();
		this.#timer = setInterval(() => void this.write(), 5 * 60_000);
		this.#timer.unref();
	}

	async close(): Promise<void> {
		clearInterval(this.#timer);
		await this.write();
	}

	/** How many heads of this township were written down, and those of them that its chains no longer hold. */
	async check(townshipId: string): Promise<{ known: number; lost: ChainHead[] }> {
		const lines = (await readFile(this.file, 'utf8').catch(() => '')).split('\n').filter(Boolean);
		const heads = lines
			.flatMap((line): ChainHead[] => {
				try {
					const { chain, township, seq, hash } = JSON.parse(line) as ChainHead;
					return [{ chain, township, seq, hash }];
				} catch {
					// A line cut short by a full disk proves nothing.
					return [];
				}
			})
			.filter((h) => h.township === townshipId);
		const lost: ChainHead[] = [];
		for (let at = 0; at < heads.length; at += 2000)
			lost.push(...(await readLostHeads(this.admin, heads.slice(at, at + 2000))));
		return { known: heads.length, lost };
	}
}
