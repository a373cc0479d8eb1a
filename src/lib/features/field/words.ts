import type { FieldDay, FieldTask } from '$lib/domain/field';
import { daysLeft } from '$lib/domain/fieldlists';
import { taskKindWord } from '$lib/features/things/words';
import * as m from '$lib/i18n/paraglide/messages';
import type { Op, Outcome } from '$lib/domain/op';
import { reasonWord } from '$lib/features/things/reasons';
import { getLocale } from '$lib/i18n/paraglide/runtime';

import type { FieldRoom } from './room.svelte';

/** A township may call a type by its own name; English readers get the usual word. */
export function typeWord(day: FieldDay, code: string): string {
	const own = day.types.find((t) => t.code === code)?.name;
	return own && getLocale() !== 'en' ? own : taskKindWord(code);
}

export const titleOf = (day: FieldDay, task: FieldTask): string =>
	task.title || typeWord(day, task.category);

export function placeOf(day: FieldDay, task: FieldTask): string {
	const village = day.villages.find((v) => v.id === task.villageId)?.name ?? m.field_no_village();
	return task.placeText ? `${village} · ${task.placeText}` : village;
}

export const whoOf = (task: FieldTask): string | null => task.answersName;

/** Days left in words; null where no day is set. */
export function dueWord(task: FieldTask, today: string): string | null {
	const left = daysLeft(task, today);
	if (left === null) return null;
	if (left < 0) return m.field_overdue_by({ days: -left });
	return left === 0 ? m.field_due_today() : m.field_days_left({ days: left });
}

export const farWord = (metres: number): string =>
	metres < 1000
		? m.field_metres({
				n: Math.max(1, Math.round(metres / (metres < 100 ? 1 : 10)) * (metres < 100 ? 1 : 10))
			})
		: m.field_kilometres({ n: (metres / 1000).toFixed(1) });

/** What an op of this phone wanted, as its line in the outbox says it. */
const opWords: Record<string, () => string> = {
	'task.create': m.field_op_create,
	'task.edit': m.field_op_edit,
	'step.start': m.field_op_start,
	'step.do': m.field_op_do,
	'step.withdraw': m.field_op_withdraw,
	'step.prove': m.field_op_prove,
	'step.return': m.field_op_return,
	'step.close': m.field_op_close,
	'step.reopen': m.field_op_reopen,
	'step.block': m.field_op_block,
	'step.unblock': m.field_op_unblock,
	'step.ask': m.field_op_ask,
	'step.unask': m.field_op_unask,
	'step.photo': m.field_op_photo
};
export const opWord = (kind: string): string =>
	Object.hasOwn(opWords, kind) ? opWords[kind]!() : kind;

/** "3 小时": how long ago, in the largest whole unit. */
export function ageWord(ms: number): string {
	const minutes = Math.max(0, Math.floor(ms / 60_000));
	if (minutes < 60) return m.field_age_minutes({ n: minutes });
	const hours = Math.floor(minutes / 60);
	return hours < 48
		? m.field_age_hours({ n: hours })
		: m.field_age_days({ n: Math.floor(hours / 24) });
}

/** "14:05" in China, for holds that end within two hours. */
export const clockWord = (iso: string): string =>
	new Intl.DateTimeFormat(getLocale(), { timeStyle: 'short', timeZone: 'Asia/Shanghai' }).format(
		new Date(iso)
	);

/** What an op of the outbox is about, in a few words. */
export function nameOfOp(room: FieldRoom, op: Op): string {
	const task = room.task(op.target);
	if (task) return `${titleOf(room.day, task)} · ${placeOf(room.day, task)}`;
	const category = (op.payload as { category?: string }).category;
	return category ? typeWord(room.day, category) : '';
}

/** What became of an op; without an outcome it has not been sent. */
export function outcomeWord(last: Outcome | undefined): string {
	switch (last?.outcome) {
		case undefined:
			return m.field_out_waiting();
		case 'applied':
			return m.field_out_applied();
		case 'already':
			return m.field_out_already();
		case 'held':
			return m.field_out_held();
		case 'conflict':
			return m.field_out_conflict();
		case 'refused':
			return m.field_out_refused({ why: reasonWord(last.reason ?? 'unavailable') });
	}
}
