import { standardSchema, type Item, type Standard } from './standard';
import { hundredths } from './score';

/** What does not add up in a standard; words are `standards_problem_<code>`. */
export const problemCodes = [
	'text_missing',
	'code_doubled',
	'section_doubled',
	'section_empty',
	'section_below',
	'section_above',
	'total_differs',
	'lines_missing',
	'line_doubled',
	'lines_unsorted',
	'line_above_total',
	'assessor_missing',
	'assessor_doubled',
	'higher_without_line',
	'higher_without_assessor',
	'veto_without_line',
	'rule_above_max',
	'rule_below_max',
	'bonus_below_cap',
	'bonus_without_cap',
	'too_many_items',
	'out_of_range'
] as const;
export type ProblemCode = (typeof problemCodes)[number];

export type Problem = {
	code: ProblemCode;
	/** The code of the section, item or veto it stands by, a grade, an assessor; '' for the whole. */
	where: string;
	/** Figures and words for the message. */
	detail: Record<string, number | string>;
	/** What it stops: keeping it even as a draft, coming into force, or nothing: it may be meant. */
	stops: 'draft' | 'force' | null;
};

const ranks = ['A', 'AA', 'AAA'];

/** Everything that does not add up, by what it stands by; `private.check_standard` refuses what stops. */
export function problemsOf(body: Standard): Problem[] {
	const found: Problem[] = [];
	const say = (
		stops: Problem['stops'],
		code: ProblemCode,
		where: string,
		detail: Problem['detail'] = {}
	) => found.push({ code, where, detail, stops });
	const bonus = body.bonus ?? [];
	const vetoes = body.vetoes ?? [];
	const items = [...body.sections.flatMap((s) => s.items), ...bonus];

	for (const { code, zh } of [...body.sections, ...items, ...vetoes])
		if (!zh.trim() || !code.trim()) say('draft', 'text_missing', code);
	for (const [code, times] of doubled([...items, ...vetoes].map((x) => x.code)))
		say('force', 'code_doubled', code, { times });
	for (const [code, times] of doubled(body.sections.map((s) => s.code)))
		say('force', 'section_doubled', code, { times });

	for (const { code, max, items } of body.sections) {
		const sum = sumOf(items);
		const detail = { sum: sum / 100, max };
		if (!items.length) say('force', 'section_empty', code);
		else if (sum < hundredths(max)) say('force', 'section_below', code, detail);
		// A cap, as some real tables have; or a slip.
		else if (sum > hundredths(max)) say(null, 'section_above', code, detail);
	}
	for (const item of items) {
		const reach = reachOf(item);
		const detail = { reach, max: item.max };
		if (reach > item.max) say('draft', 'rule_above_max', item.code, detail);
		else if (reach < item.max) say(null, 'rule_below_max', item.code, detail);
	}
	const sum = body.sections.reduce((n, s) => n + hundredths(s.max), 0) / 100;
	if (sum !== body.total) say('force', 'total_differs', '', { sum, total: body.total });
	const cap = body.bonus_max ?? 0;
	if (bonus.length && !cap) say(null, 'bonus_without_cap', '');
	else if (sumOf(bonus) < hundredths(cap))
		say(null, 'bonus_below_cap', '', { sum: sumOf(bonus) / 100, max: cap });

	lines(body, say);
	for (const [side, times] of doubled(body.assessors.map((a) => a.code)))
		say('force', 'assessor_doubled', side, { times });
	for (const side of ['self', 'county'] as const)
		if (!body.assessors.some((a) => a.code === side)) say('force', 'assessor_missing', side);
	if (items.length > 300) say('draft', 'too_many_items', '', { count: items.length });
	if (!found.some((p) => p.stops === 'draft')) {
		const read = standardSchema.safeParse(body);
		if (!read.success)
			say('draft', 'out_of_range', '', { path: read.error.issues[0]!.path.join('.') });
	}
	return found;
}

type Say = (
	stops: Problem['stops'],
	code: ProblemCode,
	where: string,
	detail?: Problem['detail']
) => void;

/** Grade lines stand from the highest grade down, each below the one before it. */
function lines({ grades, higher, vetoes, assessors, total }: Standard, say: Say): void {
	if (!grades.length) say('force', 'lines_missing', '');
	for (const [grade, times] of doubled(grades.map((g) => g.grade)))
		say('force', 'line_doubled', grade, { times });
	for (const { grade, min } of grades)
		if (min > total) say('force', 'line_above_total', grade, { min, total });
	const falls = grades.every((g, n) => {
		const before = grades[n - 1];
		return !before || (before.min > g.min && ranks.indexOf(before.grade) >= ranks.indexOf(g.grade));
	});
	if (!falls) say('force', 'lines_unsorted', '');
	const known = new Set(grades.map((g) => g.grade));
	for (const grade of higher ?? []) if (!known.has(grade)) say(null, 'higher_without_line', grade);
	if (higher?.length && !assessors.some((a) => a.code === 'higher'))
		say(null, 'higher_without_assessor', '');
	for (const veto of vetoes ?? [])
		if (veto.grades?.length && !veto.grades.some((g) => known.has(g)))
			say(null, 'veto_without_line', veto.code);
}

/** The most that a rule gives. Above the item's points where a single option, band, cap or floor is. */
function reachOf({ max, rule }: Item): number {
	switch (rule?.type) {
		case 'tiered':
			return Math.max(...rule.options.map((o) => o.points));
		case 'per_unit':
			return rule.unit_points === 0 ? 0 : (rule.cap ?? max);
		case 'deduct_per_finding':
			return Math.max(max, rule.floor ?? 0);
		case 'rate':
			return rule.bands ? Math.max(...rule.bands.map((b) => b.points)) : max;
		case 'max':
		case 'yes_no':
		case undefined:
			return max;
	}
}

const sumOf = (items: readonly Item[]): number => items.reduce((n, i) => n + hundredths(i.max), 0);

/** Each that comes more than once, and how often. */
function doubled(codes: readonly string[]): [string, number][] {
	const times = new Map<string, number>();
	for (const code of codes) times.set(code, (times.get(code) ?? 0) + 1);
	return [...times].filter(([, n]) => n > 1);
}
