import { newId } from '$lib/domain/op';
import type { ShapeRow } from '$lib/domain/plan';
import { batchesOf } from './layerfile';

/** Why it stopped: `n` is the shape that was refused, where the database named one. */
export type Stopped = { code: string; detail: string; n: number | null };

/** Sends a layer's shapes batch by batch under one load; what was sent already counts when it goes on. */
export class Loading {
	readonly load = newId();
	#sent = $state(0);
	#going = $state(false);
	#stopped = $state.raw<Stopped | null>(null);
	#left: readonly number[] = [];
	#halt = false;

	constructor(
		private readonly at: string,
		readonly rows: readonly ShapeRow[]
	) {}

	get sent(): number {
		return this.#sent;
	}
	get going(): boolean {
		return this.#going;
	}
	get stopped(): Stopped | null {
		return this.#stopped;
	}
	/** How many shapes the layer will have. */
	get count(): number {
		return this.rows.length - this.#left.length;
	}
	/** Goes on without the shape that was refused. */
	leaveOut(n: number) {
		this.#left = [...this.#left, n];
	}
	halt() {
		this.#halt = true;
	}

	/** true once everything is there. */
	async run(): Promise<boolean> {
		this.#going = true;
		this.#halt = false;
		this.#stopped = null;
		this.#sent = 0;
		try {
			const rows = this.rows.filter((r) => !this.#left.includes(r.n));
			for (const batch of batchesOf(rows)) {
				if (this.#halt) return false;
				this.#stopped = await this.#put(batch);
				if (this.#stopped) return false;
				this.#sent += batch.length;
			}
			return true;
		} finally {
			this.#going = false;
		}
	}
	async #put(rows: ShapeRow[]): Promise<Stopped | null> {
		for (const wait of [500, 2000, 0]) {
			const answer = await fetch(`${this.at}/put`, {
				method: 'PUT',
				headers: { 'Content-Type': 'application/json' },
				body: JSON.stringify({ load: this.load, rows })
			}).catch(() => null);
			if (answer?.ok) return null;
			if (answer && answer.status < 500) {
				const { code = 'unavailable', detail = '' } = await answer.json().catch(() => ({}));
				const n = /^(\d+)(?::|$)/.exec(detail)?.[1];
				return { code, detail, n: n ? Number(n) : null };
			}
			if (wait) await new Promise((turn) => setTimeout(turn, wait));
		}
		return { code: 'offline', detail: '', n: null };
	}
	/** After the switch: what was replaced goes, a piece at a time. */
	async tidy(): Promise<void> {
		for (let i = 0; i < 100; i++) {
			const answer = await fetch(`${this.at}/put`, { method: 'DELETE' }).catch(() => null);
			if (!answer?.ok || (await answer.json()).left === 0) return;
		}
	}
}
