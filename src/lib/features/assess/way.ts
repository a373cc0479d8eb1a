import { cheapest, type Option } from '$lib/domain/cheapest';
import type { Score } from '$lib/domain/project';
import { hundredths, totalsOf } from '$lib/domain/score';
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

	const offers = new Map<string, Option & { row: Row; from: number; to: number }>();
	for (const { row, aim } of aims) {
		const { code, max } = row.item;
		const score = given.find((s) => s.item === code);
		if (score?.na) continue;
		const from = score?.points ?? 0;
		const to = aim.points ?? max;
		if (to <= from) continue;
		if (aim.cost == null) beside.uncosted++;
		else if (by && (!aim.readyOn || aim.readyOn > by)) beside.late++;
		else {
			const points = hundredths(to);
			offers.set(code, { points, cost: aim.cost, readyOn: aim.readyOn, row, from, to });
		}
	}
	if (!offers.size) return { ...beside, kind: 'none' };
	const found = cheapest({
		body: standard,
		now: {
			items: Object.fromEntries(given.map((s) => [s.item, s.na ? 'na' : hundredths(s.points)])),
			// Nobody says what closing one costs: what blocks is named beside the way.
			vetoes: (standard.vetoes ?? []).map((v) => v.code)
		},
		options: Object.fromEntries([...offers].map(([code, offer]) => [code, [offer]])),
		target: grade
	});
	if (!found.reachable)
		return { ...beside, kind: 'short', best: found.best / 100, short: found.missing / 100 };
	const set = found.chosen.map((c): WayStep => {
		const { row, from, to } = offers.get(c.code)!;
		const { cost, readyOn } = c;
		return {
			row,
			from,
			to,
			gain: c.gained / 100,
			cost,
			readyOn,
			without: c.without?.saves ?? null
		};
	});
	const { cost, total, spare } = found;
	return { ...beside, kind: 'set', set, cost, total: total / 100, spare: spare / 100 };
}

const round = (n: number): number => Math.round(n * 100) / 100;
