import type { Colleague } from '$lib/domain/account';
import { whyNot, type Verb } from '$lib/domain/move';
import { newId, newOp, type Op, type Outcome } from '$lib/domain/op';
import { may } from '$lib/domain/place';
import type { TaskLine } from '$lib/domain/tasks';
import { chainOf } from '$lib/features/desk/room';
import { officerOf, type Room } from './room';

/** One op of a bulk act and the tasks it is about. */
export type Part = { op: Op; rows: TaskLine[] };
/** What a bulk act would send, and which tasks it leaves alone and why. */
export type Plan = { parts: Part[]; left: { row: TaskLine; reason: string }[] };
/** The ops that take back what was applied; `lost` tasks have no way back. */
export type WayBack = (part: Part, outcome: Outcome) => { ops: Op[]; lost: number };

type Where = Pick<Room, 'township' | 'account' | 'today'> & { people: Colleague[] };

const perSheet = 200;

/** One sheet for each person who answers, of at most 200 tasks. */
export function planHandover(
	rows: readonly TaskLine[],
	choice: { answers: string; unit: string; due: string },
	where: Where
): Plan {
	const left: Plan['left'] = [];
	const byPerson = new Map<string, TaskLine[]>();
	for (const row of rows) {
		const refusal = whyNot('say', row, where.account, chainOf(row.villageId, where.township));
		const who = choice.answers || officerOf(where.people, row.villageId, where.today)?.id;
		if (refusal) left.push({ row, reason: refusal });
		else if (!who) left.push({ row, reason: 'no_officer' });
		else byPerson.set(who, [...(byPerson.get(who) ?? []), row]);
	}
	const parts: Part[] = [];
	for (const [answers, theirs] of byPerson)
		for (let i = 0; i < theirs.length; i += perSheet) {
			const some = theirs.slice(i, i + perSheet);
			const payload = {
				tasks: some.map((r) => r.id),
				answers,
				...(choice.unit.trim() ? { unit: choice.unit.trim() } : {}),
				...(choice.due ? { due_on: choice.due } : {})
			};
			parts.push({
				op: newOp('handover.create', where.township.id, newId(), payload) as Op,
				rows: some
			});
		}
	return { parts, left };
}

/** Handed over for the first time: recalled. Handed to somebody else: handed back. The sheet stays as a record. */
export const handoverBack =
	(where: Where): WayBack =>
	(part) => {
		const ops: Op[] = [];
		for (const row of part.rows) {
			const op = sayBack(row, row.version + 1, where);
			if (op) ops.push(op);
		}
		return { ops, lost: part.rows.length - ops.length };
	};

/** The op that takes a hand-over of this row back; null where nothing can. */
export function sayBack(
	row: TaskLine,
	version: number,
	where: Pick<Room, 'township' | 'today'>
): Op | null {
	const { id } = where.township;
	if (row.stage === 'found') return newOp('step.recall', id, row.id, {}, version) as Op;
	// A name from paper, a day in the past and "said while blocked" cannot be put back.
	if (row.state === 'found' || (!row.answers && row.answersName)) return null;
	if (row.dueOn !== null && row.dueOn < where.today) return null;
	const payload = { answers: row.answers, ...(row.dueOn ? { due_on: row.dueOn } : {}) };
	return newOp('step.say', id, row.id, payload, version) as Op;
}

/** Another campaign or type for many. */
export function planEdit(
	rows: readonly TaskLine[],
	change: { campaign?: string; category?: string },
	where: Where
): Plan {
	const plan: Plan = { parts: [], left: [] };
	for (const row of rows) {
		const same = (Object.keys(change) as (keyof typeof change)[]).every(
			(k) => row[k] === change[k]
		);
		if (same) plan.left.push({ row, reason: 'same_already' });
		else if (!may(where.account, 'report', chainOf(row.villageId, where.township)))
			plan.left.push({ row, reason: 'not_allowed' });
		else
			plan.parts.push({
				op: newOp('task.edit', where.township.id, row.id, change, row.taskVersion) as Op,
				rows: [row]
			});
	}
	return plan;
}

export const editBack =
	(where: Pick<Room, 'township'>): WayBack =>
	({ op, rows }, outcome) => {
		const row = rows[0]!;
		const before = Object.fromEntries(
			Object.keys(op.payload).map((key) => [key, row[key as 'campaign' | 'category']])
		);
		return {
			ops: [newOp('task.edit', where.township.id, row.id, before, outcome.version) as Op],
			lost: 0
		};
	};

/** The same verb for many; whoever may not is left alone with the reason. */
export function planVerb(
	rows: readonly TaskLine[],
	verb: Extract<Verb, 'reject' | 'drop' | 'close'>,
	payload: Record<string, unknown>,
	where: Where
): Plan {
	const plan: Plan = { parts: [], left: [] };
	for (const row of rows) {
		const reason = whyNot(verb, row, where.account, chainOf(row.villageId, where.township));
		if (reason) plan.left.push({ row, reason });
		else
			plan.parts.push({
				op: newOp(`step.${verb}`, where.township.id, row.id, payload as never, row.version) as Op,
				rows: [row]
			});
	}
	return plan;
}
