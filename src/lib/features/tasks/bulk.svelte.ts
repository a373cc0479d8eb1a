import type { Op, Outcome } from '$lib/domain/op';
import type { Part, Plan, WayBack } from './plans';

export type Sheet = { id: string; no: number };
export type Sum = {
	changed: number;
	/** Tasks left as they are, by reason. */
	left: { reason: string; n: number }[];
	sheets: Sheet[];
	/** What takes it back, and how many tasks have no way back. */
	undo: Op[];
	lost: number;
	undone: boolean;
};
type State =
	{ is: 'idle' } | { is: 'running'; done: number; total: number } | { is: 'finished'; sum: Sum };
type Send = (township: string, ops: Op[]) => Promise<Outcome[]>;

const atOnce = 20;

/** Sends what a plan says, a few ops at a time, and sums up what became of it; one undo takes it back. */
export class Bulk {
	#state = $state.raw<State>({ is: 'idle' });

	constructor(
		private readonly townshipId: string,
		private readonly onchanged: () => unknown,
		private readonly send: Send = postOps,
		private readonly wait = 1000
	) {}

	get state(): State {
		return this.#state;
	}

	async run(plan: Plan, wayBack: WayBack | null): Promise<Sum> {
		const total = plan.parts.reduce((n, p) => n + p.rows.length, 0);
		const left: Record<string, number> = {};
		const leave = (reason: string, n: number) => void (left[reason] = (left[reason] ?? 0) + n);
		for (const { reason } of plan.left) leave(reason, 1);
		const sum: Sum = { changed: 0, left: [], sheets: [], undo: [], lost: 0, undone: false };
		let done = 0;
		this.#state = { is: 'running', done, total };
		for (const parts of packs(plan.parts)) {
			const outcomes = await this.#deliver(parts.map((p) => p.op));
			parts.forEach((part, i) => {
				const outcome = outcomes[i] ?? { outcome: 'refused', reason: 'offline' };
				done += part.rows.length;
				if (outcome.outcome !== 'applied' && outcome.outcome !== 'already')
					return leave(
						outcome.outcome === 'conflict'
							? 'changed_meanwhile'
							: (outcome.reason ?? 'unavailable'),
						part.rows.length
					);
				sum.changed += part.rows.length;
				if (part.op.kind === 'handover.create')
					sum.sheets.push({ id: part.op.target, no: outcome.no ?? 0 });
				const back = wayBack?.(part, outcome);
				sum.undo.push(...(back?.ops ?? []));
				sum.lost += back?.lost ?? part.rows.length;
			});
			this.#state = { is: 'running', done, total };
		}
		sum.left = Object.entries(left).map(([reason, n]) => ({ reason, n }));
		this.#state = { is: 'finished', sum };
		await this.onchanged();
		return sum;
	}

	/** Sends the inverse ops: facts are never rubbed out, an undo is a new line of the log. */
	async undo(): Promise<void> {
		if (this.#state.is !== 'finished') return;
		const parts = this.#state.sum.undo.map((op): Part => ({
			op,
			rows: [{ id: op.target } as never]
		}));
		const sum = await this.run({ parts, left: [] }, null);
		this.#state = { is: 'finished', sum: { ...sum, undone: true, undo: [], lost: 0 } };
	}

	close(): void {
		this.#state = { is: 'idle' };
	}

	/** The same ops, the same ids: a try that did arrive is told what the first one did. */
	async #deliver(ops: Op[]): Promise<Outcome[]> {
		for (let i = 0; ; i++)
			try {
				return await this.send(this.townshipId, ops);
			} catch {
				if (i === 2) return ops.map(() => ({ outcome: 'refused', reason: 'offline' }));
				await new Promise((resolve) => setTimeout(resolve, this.wait * (i + 1)));
			}
	}
}

/** A sheet is many tasks and goes alone; single ops go together. */
function* packs(parts: readonly Part[]): Generator<Part[]> {
	let pack: Part[] = [];
	for (const part of parts) {
		if (part.op.kind === 'handover.create') yield [part];
		else if (pack.push(part) === atOnce) {
			yield pack;
			pack = [];
		}
	}
	if (pack.length) yield pack;
}

/** Up to 200 ops in order. */
export async function postOps(township: string, ops: Op[]): Promise<Outcome[]> {
	const answer = await fetch(`/t/${township}/ops`, {
		method: 'POST',
		headers: { 'Content-Type': 'application/json' },
		body: JSON.stringify({ ops }),
		signal: AbortSignal.timeout(60_000)
	});
	const body = (await answer.json()) as { outcomes?: Outcome[]; reason?: string };
	if (body.outcomes) return body.outcomes;
	if (answer.status >= 500) throw new Error(`status ${answer.status}`);
	return ops.map(() => ({ outcome: 'refused', reason: body.reason ?? 'unavailable' }));
}
