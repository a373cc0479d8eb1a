import { standardSchema, type Standard } from '$lib/domain/standard';

/** What does not add up in a standard; `at` is the code it stands by, '' for the whole. */
export type Fault = {
	at: string;
	kind:
		| 'name'
		| 'twice'
		| 'section_sum'
		| 'total'
		| 'lines'
		| 'no_lines'
		| 'rule_points'
		| 'unreadable'
		| 'no_items'
		| 'too_many';
	/** Figures for the words. */
	a?: number;
	b?: number;
	/** It cannot even be kept as a draft. */
	hard: boolean;
};
const hundredths = (n: number) => Math.round(n * 100);

/** The same questions as `private.check_standard` asks when a standard comes into force. */
export function faultsOf(body: Standard): Fault[] {
	const faults: Fault[] = [];
	const say = (at: string, kind: Fault['kind'], hard = false, a?: number, b?: number) =>
		faults.push({ at, kind, hard, ...(a !== undefined && { a }), ...(b !== undefined && { b }) });
	const items = [...body.sections.flatMap((s) => s.items), ...(body.bonus ?? [])];
	const coded = [...items, ...(body.vetoes ?? [])];
	const seen = new Set<string>();
	for (const { code, zh } of coded) {
		if (seen.has(code)) say(code, 'twice');
		seen.add(code);
		if (!zh.trim() || !code.trim()) say(code, 'name', true);
	}
	for (const item of items) {
		const r = item.rule;
		const given =
			r?.type === 'tiered'
				? r.options.map((o) => o.points)
				: r?.type === 'per_unit'
					? [r.cap ?? 0]
					: r?.type === 'deduct_per_finding'
						? [r.floor ?? 0]
						: r?.type === 'rate'
							? (r.bands ?? []).map((b) => b.points)
							: [];
		if (given.some((p) => p > item.max)) say(item.code, 'rule_points', true, item.max);
	}
	let total = 0;
	for (const section of body.sections) {
		total += hundredths(section.max);
		if (!section.zh.trim()) say(section.code, 'name', true);
		const sum = section.items.reduce((n, i) => n + hundredths(i.max), 0);
		if (!section.items.length) say(section.code, 'no_items');
		else if (sum < hundredths(section.max))
			say(section.code, 'section_sum', false, sum / 100, section.max);
	}
	if (total !== hundredths(body.total)) say('', 'total', false, total / 100, body.total);
	if (!body.grades.length) say('', 'no_lines');
	const order = ['A', 'AA', 'AAA'];
	const lines = [...body.grades].sort((x, y) => order.indexOf(x.grade) - order.indexOf(y.grade));
	if (lines.some((g, n) => g.min > body.total || (n > 0 && g.min <= lines[n - 1]!.min)))
		say('', 'lines');
	if (items.length > 300) say('', 'too_many', true, items.length);
	if (!faults.some((f) => f.hard)) {
		const read = standardSchema.safeParse(body);
		if (!read.success) say('', 'unreadable', true);
	}
	return faults;
}
