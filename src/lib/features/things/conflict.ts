import type { Op } from '$lib/domain/op';
import type { State } from '$lib/domain/fact';
import type { Verb } from '$lib/domain/move';
import { recordFields } from '$lib/features/plans/record';
import { stateSigns } from '$lib/map/palette';
import * as m from '$lib/i18n/paraglide/messages';
import { dayWord, number, taskKindWord, verbWords } from './words';

export type ConflictLine = { field: string; theirs: string; mine: string };

const labels: Record<string, () => string> = {
	...Object.fromEntries(recordFields.map((f) => [f.key, f.label])),
	title: m.things_title,
	category: m.things_category,
	note: m.things_note,
	place_text: m.things_place_text,
	village_id: m.things_village,
	geometry: m.things_place,
	unit: m.things_unit,
	unit_name: m.things_unit_name,
	present_grade: m.things_grade_present,
	target_grade: m.things_grade_target,
	answers: m.things_say_who,
	due_on: m.things_due,
	steps: m.things_steps
};

/** What stands there now beside what was wanted, as words. */
export function conflictLines(
	op: Op,
	now: Record<string, unknown>,
	names: { id: string; name: string }[]
): ConflictLine[] {
	const [about, verb] = op.kind.split('.') as [string, string];
	const lines: ConflictLine[] = [];
	if (about === 'step')
		lines.push({
			field: m.things_conflict_state(),
			theirs: stateWord(now.state),
			mine: Object.hasOwn(verbWords, verb) ? verbWords[verb as Verb]() : m.things_act_edit()
		});
	for (const [key, mine] of Object.entries(op.payload)) {
		if (!Object.hasOwn(labels, key)) continue;
		const known = key in now;
		lines.push({
			field: labels[key]!(),
			theirs: known ? word(key, now[key], names) : m.things_unknown(),
			mine: word(key, mine, names)
		});
	}
	return lines;
}

const stateWord = (state: unknown): string =>
	typeof state === 'string' && Object.hasOwn(stateSigns, state)
		? stateSigns[state as State].word()
		: m.things_unknown();

function word(key: string, value: unknown, names: { id: string; name: string }[]): string {
	if (value === null || value === undefined || value === '') return m.things_none();
	if (key === 'answers' || key === 'village_id')
		return names.find((n) => n.id === value)?.name ?? m.things_unknown();
	if (key === 'category')
		return /^[A-Z]+$/.test(String(value)) ? taskKindWord(String(value)) : String(value);
	if (key === 'due_on') return dayWord(String(value));
	if (Array.isArray(value)) return String(value.length);
	const choice = recordFields.find((f) => f.key === key && f.kind === 'choice');
	if (choice?.kind === 'choice')
		return choice.options().find((o) => o.value === value)?.label ?? String(value);
	if (typeof value === 'number') return number(value);
	if (typeof value === 'object') return m.things_act_edit();
	return String(value);
}
