import type { Assessor, ProjectPage, Score } from '$lib/domain/project';
import { pointsFor, scoresBy, totalsOf, type Totals } from '$lib/domain/score';
import type { Standard } from '$lib/domain/standard';
import type { Grade } from '$lib/domain/thing';
import type { Payload } from '$lib/domain/op';
import { scorables } from './scorable';
import { textIn } from './words';

/** What one side's scores come to, and what the next grade still asks. */
export type SideTotal = {
	total: number;
	grade: Grade | null;
	/** Points by section, capped; the bonus under '+'. */
	sections: Record<string, number>;
	openVetoes: string[];
	next: { grade: Grade; line: number; gap: number; vetoes: string[] } | null;
};
type Lines = Payload<'project.score'>['scores'];
type Given = Parameters<typeof totalsOf>[1][number];

/** Totals of every side that scored anything; of `own` with what is typed and not saved. */
export function sideTotals(
	standard: Standard,
	page: Pick<ProjectPage, 'scores'>,
	own: Assessor | null,
	lines: Lines
): Partial<Record<Assessor, SideTotal>> {
	const totals: Partial<Record<Assessor, SideTotal>> = {};
	for (const { code: side } of standard.assessors) {
		const given = new Map<string, Given>(scoresBy(page.scores, side).map((s) => [s.item, s]));
		if (side === own) for (const one of givenIn(standard, lines)) given.set(one.item, one);
		if (given.size) totals[side] = sideTotal(standard, [...given.values()]);
	}
	return totals;
}

export function sideTotal(standard: Standard, given: readonly Given[]): SideTotal {
	const sum = totalsOf(standard, given);
	return {
		total: sum.total,
		grade: sum.grade,
		sections: { ...sum.sections, '+': sum.bonus },
		openVetoes: sum.unmet,
		next: nextOf(standard, sum)
	};
}

/** The grade above the one reached; the vetoes that stand before it whatever the points. */
function nextOf(standard: Standard, sum: Totals): SideTotal['next'] {
	const lines = [...standard.grades].sort((a, b) => a.min - b.min);
	const next = lines[lines.findIndex((g) => g.grade === sum.grade) + 1];
	if (!next) return null;
	const vetoes = (standard.vetoes ?? [])
		.filter((v) => sum.unmet.includes(v.code) && (!v.grades || v.grades.includes(next.grade)))
		.map((v) => v.code);
	return { grade: next.grade, line: next.min, gap: sum.gaps[next.grade] ?? 0, vetoes };
}

const givenIn = (standard: Standard, lines: Lines): Given[] => {
	const all = new Map(scorables(standard).map((one) => [one.code, one]));
	return lines.flatMap((line) => {
		const one = all.get(line.item);
		const value = line.value ?? null;
		const points = one && value ? (pointsFor(one, value) ?? 0) : 0;
		return one ? [{ item: line.item, na: line.na === true, value, points }] : [];
	});
};

/** The side that is furthest on the way from the village to the province. */
export const leading = (
	sides: readonly Assessor[],
	totals: Partial<Record<Assessor, unknown>>
): Assessor | undefined => [...sides].reverse().find((side) => totals[side] !== undefined);

export const gradeWord = (standard: Standard, grade: Grade): string => {
	const line = standard.grades.find((g) => g.grade === grade);
	return line ? textIn(line) : grade;
};

/** The furthest side that gave something for every item; until there is one, the village. */
export function countingSide(standard: Standard, scores: readonly Score[]): Assessor {
	const items = standard.sections.flatMap((s) => s.items.map((i) => i.code));
	const whole = standard.assessors.filter(({ code }) => {
		const given = new Set(scores.filter((s) => s.assessor === code).map((s) => s.item));
		return items.every((item) => given.has(item));
	});
	return whole.at(-1)?.code ?? 'self';
}
