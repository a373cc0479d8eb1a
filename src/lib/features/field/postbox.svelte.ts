import { newId, type Op, type Outcome } from '$lib/domain/op';
import type { Post, Sent, Waiting } from './post';
import type { Shot } from './shots.svelte';

type Item = Waiting & { bytes: readonly Shot[] };
/** INTERIM: memory only. */
export class PostBox implements Post {
	#online = $state(navigator.onLine);
	#sending = $state(false);
	#items = $state.raw<Item[]>([]);
	#sent = $state.raw<Sent[]>([]);
	constructor(private readonly townshipId: string) {
		addEventListener('online', () => (this.#online = true));
		addEventListener('offline', () => (this.#online = false));
	}
	get online() {
		return this.#online;
	}
	get sending() {
		return this.#sending;
	}
	get waiting() {
		return this.#items;
	}
	get sent() {
		return this.#sent;
	}
	readonly counts = $derived.by(() => ({
		waiting: this.#items.length,
		oldest: this.#items[0]?.addedAt ?? null,
		failed: this.#items.filter((i) => i.last?.outcome === 'refused').length
	}));
	readonly pending = $derived.by(() =>
		this.#items
			.filter((i) => i.last?.outcome !== 'refused' && i.last?.outcome !== 'conflict')
			.map((i) => i.op)
	);
	async open() {
		return null;
	}
	async keep() {}
	async add(op: Op, shots: readonly Shot[]) {
		this.#items = [...this.#items, { op, addedAt: Date.now(), photos: [...shots], bytes: shots }];
	}
	async send() {
		if (this.#sending) return;
		this.#sending = true;
		try {
			for (const item of [...this.#items]) {
				for (const shot of item.bytes) {
					const hash = await crypto.subtle.digest('SHA-256', shot.bytes);
					await fetch(`/t/${this.townshipId}/photo/${shot.id}`, {
						method: 'PUT',
						headers: {
							'Content-Type': shot.type,
							'X-Sha256': [...new Uint8Array(hash)]
								.map((b) => b.toString(16).padStart(2, '0'))
								.join('')
						},
						body: shot.bytes
					});
				}
				const outcome = await this.once(item.op);
				if (!outcome) break;
				if (outcome.outcome === 'applied' || outcome.outcome === 'already') {
					this.#items = this.#items.filter((i) => i !== item);
					this.#sent = [{ op: item.op, outcome, at: Date.now() }, ...this.#sent];
				} else this.#items = this.#items.map((i) => (i === item ? { ...item, last: outcome } : i));
			}
		} finally {
			this.#sending = false;
		}
	}
	async once(op: Op): Promise<Outcome | null> {
		try {
			const answer = await fetch(`/t/${this.townshipId}/op`, {
				method: 'POST',
				headers: { 'Content-Type': 'application/json' },
				body: JSON.stringify(op)
			});
			return (await answer.json()) as Outcome;
		} catch {
			return null;
		}
	}
	async retry() {
		await this.send();
	}
	async insist(opId: string, version: number) {
		this.#items = this.#items.map((i) =>
			i.op.op_id === opId
				? { ...i, last: undefined, op: { ...i.op, op_id: newId(), base_version: version } }
				: i
		);
		await this.send();
	}
	async discard(opId: string) {
		this.#items = this.#items.filter((i) => i.op.op_id !== opId);
	}
	async saveToFile() {
		return new Blob([]);
	}
	async carryIn() {
		return 0;
	}
	async wipe() {}
	close() {}
}
