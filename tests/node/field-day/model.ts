import { createHash } from 'node:crypto';
import type { Op, Outcome } from '../../../src/lib/domain/op';

export const sha = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex');

type Task = { stage: string; version: number; title: string; history: string[] };
type Done = { person: string; digest: string; outcome: Outcome; order: number };
const ways: Record<string, [from: string, to: string]> = {
	'step.start': ['found', 'doing'],
	'step.do': ['doing', 'reported']
};

/** What the database does with ops (20261123000700_ops.sql), small enough to be checked by eye. */
export class ModelServer {
	readonly ops = new Map<string, Done>();
	readonly effects = new Map<string, number>();
	readonly tasks = new Map<string, Task>();
	readonly photos = new Map<string, { sha256: string; by: string }>();
	readonly ended = new Set<string>();
	#order = 0;

	apply(person: string, op: Op): Outcome {
		const digest = sha(JSON.stringify([op.kind, op.target, op.base_version ?? null, op.payload]));
		const past = this.ops.get(op.op_id);
		if (past) {
			if (past.person !== person) return { outcome: 'refused', reason: 'op_of_another' };
			if (past.digest !== digest)
				return { outcome: 'refused', reason: 'op_id_reused', detail: `${past.digest} ${digest}` };
			const { outcome } = past.outcome;
			return { ...past.outcome, outcome: outcome === 'applied' ? 'already' : outcome };
		}
		const outcome = this.ended.has(person)
			? ({ outcome: 'refused', reason: 'not_allowed' } as const)
			: this.#play(person, op);
		if (outcome.outcome === 'held') return outcome;
		if (outcome.outcome === 'applied')
			this.effects.set(op.op_id, (this.effects.get(op.op_id) ?? 0) + 1);
		this.ops.set(op.op_id, { person, digest, outcome, order: this.#order++ });
		return outcome;
	}
	#play(person: string, op: Op): Outcome {
		const payload = op.payload as { photos?: string[]; title?: string };
		const task = this.tasks.get(op.target);
		const held = { outcome: 'held', reason: 'not_here_yet' } as const;
		if (op.kind === 'task.create') {
			if (task) return { outcome: 'refused', reason: 'exists_already' };
		} else if (!task) return held;
		for (const id of payload.photos ?? []) {
			const photo = this.photos.get(id);
			if (!photo) return held;
			if (photo.by !== person) return { outcome: 'refused', reason: 'not_your_photo' };
		}
		if (task && op.base_version !== undefined && op.base_version !== task.version)
			return { outcome: 'conflict', reason: 'changed_meanwhile', now: { ...task, history: [] } };
		if (!task) {
			const title = payload.title ?? '';
			this.tasks.set(op.target, { stage: 'found', version: 1, title, history: [op.op_id] });
			return { outcome: 'applied', id: op.target, version: 1 };
		}
		const way = ways[op.kind];
		if (way && task.stage !== way[0])
			return { outcome: 'refused', reason: 'not_now', detail: task.stage };
		if (way) task.stage = way[1];
		if (payload.title !== undefined) task.title = payload.title;
		task.version++;
		task.history.push(op.op_id);
		return { outcome: 'applied', id: op.target, version: task.version };
	}

	putPhoto(person: string, id: string, bytes: Uint8Array, claimed: string | null) {
		const sha256 = sha(bytes);
		if (claimed && claimed !== sha256) return { status: 400, body: { reason: 'photo_cut' } };
		const there = this.photos.get(id);
		if (there && there.sha256 !== sha256)
			return { status: 409, body: { reason: 'id_reused', sha256: there.sha256 } };
		if (!there) this.photos.set(id, { sha256, by: person });
		return { status: 200, body: { id, sha256, width: 1, height: 1 } };
	}

	/** The routes as a browser sees them. */
	handle(
		person: string,
		method: string,
		at: string,
		body: string | Uint8Array,
		hash: string | null
	) {
		if (method === 'PUT')
			return this.putPhoto(person, at.split('/').pop()!, body as Uint8Array, hash);
		const asked = JSON.parse(body as string) as { ops: unknown[]; photos: string[] };
		if (at.endsWith('/known')) {
			const photos = asked.photos.filter((id) => this.photos.get(id)?.by === person);
			const ops = (asked.ops as string[]).filter((id) => this.ops.get(id)?.person === person);
			return {
				status: 200,
				body: {
					ops: Object.fromEntries(ops.map((id) => [id, this.ops.get(id)!.outcome.outcome])),
					photos: Object.fromEntries(photos.map((id) => [id, this.photos.get(id)!.sha256]))
				}
			};
		}
		const outcomes = (asked.ops as Op[]).map((op) => ({
			...this.apply(person, op),
			op_id: op.op_id
		}));
		return { status: 200, body: { outcomes } };
	}
}
