/* eslint svelte/prefer-svelte-reactivity: off -- these are never changed, only replaced */
import type { Geometry } from 'geojson';
import type { Mark, MeetingRoom } from '$lib/domain/meeting';
import { newId, type Op, type Outcome } from '$lib/domain/op';
import { Desk, post } from '$lib/features/things/desk.svelte';

/** Tried again for a quarter of an hour: a room's network may be away for a while, what was said may not. */
const waits = [500, ...Array<number>(900).fill(1000)];

/** Answers of a server that is just going down or coming up: no word about the edit itself. */
const passing = new Set(['unavailable', 'too_slow', 'signed_out', 'offline']);
async function insist(op: Op): Promise<Outcome> {
	const outcome = await post(op);
	if (outcome.reason && passing.has(outcome.reason)) throw new Error(outcome.reason);
	return outcome;
}

/**
 * What somebody does in a session leaves here: each edit is an op with its own id that is sent until it is
 * answered, one's own marks stand on the map at once, and what was marked can be taken back and put back.
 */
export class Session {
	readonly desk: Desk;
	#waiting = $state.raw<ReadonlyMap<string, Mark>>(new Map());
	#under = $state(0);
	#done = $state.raw<string[]>([]);
	#undone = $state.raw<string[]>([]);

	constructor(
		private readonly of: { room: () => MeetingRoom; township: string; onchanged: () => unknown }
	) {
		const desk = new Desk({
			townshipId: of.township,
			onchanged: of.onchanged,
			send: insist,
			waits
		});
		const play = desk.apply.bind(desk);
		// Everything counts as under way until it is answered.
		desk.apply = async (...what) => {
			this.#under++;
			try {
				return await play(...what);
			} finally {
				this.#under--;
			}
		};
		this.desk = desk;
	}

	/** Edits that have not been answered. */
	get underWay(): number {
		return this.#under;
	}
	get waiting(): ReadonlySet<string> {
		return new Set(this.#waiting.keys());
	}
	/** What the server knows and what is on its way there. */
	get marks(): Mark[] {
		const { marks } = this.of.room();
		const known = new Set(marks.map((x) => x.id));
		return [...marks, ...[...this.#waiting.values()].filter((x) => !known.has(x.id))];
	}
	get canUndo(): boolean {
		return this.#done.length > 0;
	}
	get canRedo(): boolean {
		return this.#undone.length > 0;
	}

	async add(
		what: { mark: Mark['mark']; text?: string; geometry?: Geometry; reply_to?: string },
		id = newId()
	): Promise<void> {
		const room = this.of.room();
		const mark: Mark = {
			id,
			topicId: room.topicId,
			mark: what.mark,
			text: what.text ?? '',
			replyTo: what.reply_to ?? null,
			geometry: (what.geometry as Mark['geometry']) ?? null,
			by: room.me,
			byName: room.people.find((p) => p.person === room.me)?.name ?? '',
			at: new Date().toISOString(),
			removedAt: null,
			version: 0
		};
		this.#waiting = new Map([...this.#waiting, [id, mark]]);
		const { outcome } = await this.desk.play('mark.add', id, {
			meeting: room.id,
			topic: room.topicId,
			...what
		});
		if (outcome === 'applied' || outcome === 'already') {
			this.#done = [...this.#done, id];
			this.#undone = [];
			await this.of.onchanged();
		}
		this.#waiting = new Map([...this.#waiting].filter(([k]) => k !== id));
	}

	show(id: string, shown: boolean) {
		return this.desk.play('mark.show', id, { shown });
	}
	async undo(): Promise<void> {
		const id = this.#done.at(-1);
		if (!id) return;
		this.#done = this.#done.slice(0, -1);
		this.#undone = [...this.#undone, id];
		await this.show(id, false);
	}
	async redo(): Promise<void> {
		const id = this.#undone.at(-1);
		if (!id) return;
		this.#undone = this.#undone.slice(0, -1);
		this.#done = [...this.#done, id];
		await this.show(id, true);
	}
}
