/**
 * Who was erased, kept beside the data so that an older copy put back forgets them again. A line holds no name and no
 * number: their lengths and keyed hashes, by which the server knows them again in the texts of the copy.
 */
import { createHmac } from 'node:crypto';
import { appendFile, mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { eraseAgain, readErasureTexts, readLostErasures } from '$lib/data/audit';
import type { Db } from '$lib/data/client';

export type Tombstone = {
	id: string;
	township: string;
	at: string;
	/** Length in characters and HMAC-SHA-256; null where there was none. */
	name: { n: number; hmac: string } | null;
	phone: { n: number; hmac: string } | null;
	/** The places that were chosen; null: all. */
	cells: string[] | null;
};

const digits = (text: string) =>
	text.replace(/[０-９]/g, (d) => String.fromCharCode(d.charCodeAt(0) - 0xfee0)).replace(/\D/g, '');

export class Tombstones {
	constructor(
		private readonly file: string,
		private readonly key: string
	) {}

	#hmac(text: string): string {
		return createHmac('sha256', `tombstones ${this.key}`).update(text).digest('hex');
	}

	/** Before the erasure itself: what is written here is carried through at the next start at the latest. */
	async add(
		id: string,
		township: string,
		name: string,
		phone: string,
		cells: string[] | null
	): Promise<void> {
		const number = digits(phone);
		const line: Tombstone = {
			id,
			township,
			at: new Date().toISOString(),
			name: name ? { n: [...name].length, hmac: this.#hmac(name) } : null,
			phone: number ? { n: number.length, hmac: this.#hmac(number) } : null,
			cells
		};
		await mkdir(path.dirname(this.file), { recursive: true, mode: 0o700 });
		await appendFile(this.file, `${JSON.stringify(line)}\n`, { mode: 0o600 });
	}

	/** Takes back a line whose erasure was refused. */
	async withdraw(id: string): Promise<void> {
		await appendFile(this.file, `${JSON.stringify({ id, withdrawn: true })}\n`);
	}

	async read(): Promise<Tombstone[]> {
		const lines = (await readFile(this.file, 'utf8').catch(() => '')).split('\n').filter(Boolean);
		const stones = new Map<string, Tombstone>();
		for (const line of lines) {
			const stone = JSON.parse(line) as Tombstone & { withdrawn?: boolean };
			if (stone.withdrawn) stones.delete(stone.id);
			else stones.set(stone.id, stone);
		}
		return [...stones.values()];
	}

	/** The name and the number behind a tombstone, where any text of the township still holds them. */
	#knownIn(
		text: string,
		stone: Tombstone,
		seen: Map<string, string>
	): { name?: string; phone?: string } {
		const hmac = (value: string) => {
			let known = seen.get(value);
			if (!known) seen.set(value, (known = this.#hmac(value)));
			return known;
		};
		const found: { name?: string; phone?: string } = {};
		if (stone.phone)
			for (const [run] of text.matchAll(/[0-9０-９](?:[- \u3000]?[0-9０-９]){5,19}/g)) {
				const number = digits(run);
				if (number.length === stone.phone.n && hmac(number) === stone.phone.hmac)
					found.phone = number;
			}
		if (stone.name) {
			const letters = [...text];
			for (let at = 0; at + stone.name.n <= letters.length; at++) {
				const part = letters.slice(at, at + stone.name.n).join('');
				// Names of people are no keys and no numbers.
				if (/[^\x21-\x7e]/.test(part) && hmac(part) === stone.name.hmac) found.name = part;
			}
		}
		return found;
	}

	/** At the start: erases once more whoever this copy of the data does not know to be erased. How many. */
	async reapply(admin: Db): Promise<number> {
		const stones = await this.read();
		if (!stones.length) return 0;
		const lost = await readLostErasures(admin, stones);
		for (const stone of lost) {
			const person = { name: '', phone: '' };
			const seen = new Map<string, string>();
			for (let column = 0; ; column++) {
				const texts = await readErasureTexts(admin, stone.township, column);
				if (!texts) break;
				for (const text of texts) Object.assign(person, this.#knownIn(text, stone, seen));
			}
			await eraseAgain(admin, stone.township, {
				id: stone.id,
				...person,
				cells: stone.cells
			});
		}
		return lost.length;
	}
}
