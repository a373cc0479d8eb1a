import type { Change, Keyed, Numbered, Row, Store } from '../../../src/lib/offline/parts';

type Disk = {
	next: Record<Numbered, number>;
	ops: Map<number, Row>;
	past: Map<number, Row>;
	photos: Map<string, unknown>;
	things: Map<string, unknown>;
};

/** A disk that outlives the program and can be copied, as a backup of a phone is. */
export class MemoryStore implements Store {
	constructor(
		private disk: Disk = {
			next: { ops: 1, past: 1 },
			ops: new Map(),
			past: new Map(),
			photos: new Map(),
			things: new Map()
		}
	) {}
	copy(): MemoryStore {
		return new MemoryStore(structuredClone(this.disk));
	}
	all(room: Numbered): Promise<Row[]> {
		return Promise.resolve([...this.disk[room].values()].sort((a, b) => a.seq - b.seq));
	}
	get(room: Keyed, key: string): Promise<unknown> {
		return Promise.resolve(this.disk[room].get(key));
	}
	keys(room: Keyed): Promise<string[]> {
		return Promise.resolve([...this.disk[room].keys()]);
	}
	async write(changes: readonly Change[]): Promise<boolean> {
		const d = this.disk;
		const saved: Disk = {
			next: { ...d.next },
			ops: new Map(d.ops),
			past: new Map(d.past),
			photos: new Map(d.photos),
			things: new Map(d.things)
		};
		for (const change of changes)
			if (!this.#play(change)) {
				this.disk = saved;
				return false;
			}
		return true;
	}
	#play(c: Change): boolean {
		const d = this.disk;
		switch (c.act) {
			case 'add': {
				if (c.room === 'ops' && [...d.ops.values()].some((r) => r.id === c.row.id)) return false;
				const seq = d.next[c.room]++;
				d[c.room].set(seq, { ...c.row, seq });
				return true;
			}
			case 'replace':
				if (d.ops.get(c.row.seq)?.id !== c.was) return false;
				d.ops.set(c.row.seq, c.row);
				return true;
			case 'remove':
				if (d[c.room].get(c.seq)?.id !== c.was) return false;
				return d[c.room].delete(c.seq);
			case 'putNew':
				if (d[c.room].has(c.key)) return false;
				d[c.room].set(c.key, c.value);
				return true;
			case 'put':
				d[c.room].set(c.key, c.value);
				return true;
			case 'drop':
				d[c.room].delete(c.key);
				return true;
		}
	}
	close(): void {}
}
