import { cheapest, type Offer } from '$lib/domain/cheapest';
import type { Score } from '$lib/domain/project';
import { totalsOf } from '$lib/domain/score';
import type { Standard } from '$lib/domain/standard';
import type { Grade } from '$lib/domain/thing';
import type { Row } from './rows';
import type { Read } from './targets.svelte';

export type WayStep = {
	row: Row;
	from: number;
	to: number;
	gain: number;
	cost: number;
	readyOn: string | null;
	/** What doing without it would cost more; null where the grade is then out of reach. */
	without: number | null;
};
/** What the panel says besides, whichever way it is. */
type Beside = {
	/** Vetoes that block the grade. */
	vetoes: string[];
	/** Items left out: ready too late or no day given, and without a cost. */
	late: number;
	uncosted: number;
};
export type Way = Beside &
	(
		| { kind: 'none' }
		| { kind: 'there'; spare: number }
		| { kind: 'short'; best: number; short: number }
		| { kind: 'set'; set: WayStep[]; cost: number; total: number; spare: number }
	);

/** The cheapest way from the scores given to a grade, by the costs that were filled in. */
export function wayTo(
	standard: Standard,
	given: readonly Score[],
	aims: readonly { row: Row; aim: Read }[],
	grade: Grade,
	by: string | null
): Way {
	const line = standard.grades.find((g) => g.grade === grade)!.min;
	const now = totalsOf(standard, given);
	const beside: Beside = {
		vetoes: (standard.vetoes ?? [])
			.filter((v) => now.unmet.includes(v.code) && (!v.grades || v.grades.includes(grade)))
			.map((v) => v.code),
		late: 0,
		uncosted: 0
	};
	if (now.total >= line) return { ...beside, kind: 'there', spare: round(now.total - line) };

	const offers: (Offer & { row: Row; from: number; readyOn: string | null })[] = [];
	for (const { row, aim } of aims) {
		const score = given.find((s) => s.item === row.item.code);
		if (score?.na) continue;
		const from = score?.points ?? 0;
		const to = aim.points ?? row.item.max;
		if (to <= from) continue;
		if (aim.cost == null) beside.uncosted++;
		else if (by && (!aim.readyOn || aim.readyOn > by)) beside.late++;
		else offers.push({ item: row.item.code, to, cost: aim.cost, row, from, readyOn: aim.readyOn });
	}
	if (!offers.length) return { ...beside, kind: 'none' };
	const found = cheapest(standard, given, offers, line);
	if (!found.reached)
		return { ...beside, kind: 'short', best: found.best, short: round(line - found.best) };
	const set = found.set.map((chosen): WayStep => {
		const { row, from, to, cost, readyOn } = offers.find((o) => o.item === chosen.item)!;
		const gain = round(to - from);
		return { row, from, to, gain, cost, readyOn, without: chosen.without };
	});
	const { cost, total } = found;
	return { ...beside, kind: 'set', set, cost, total, spare: round(total - line) };
}

const round = (n: number): number => Math.round(n * 100) / 100;
