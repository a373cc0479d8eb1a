import type { Item, Rule } from '$lib/domain/standard';
import { standardSchema } from '$lib/domain/standard';
import { bothLanguages, pointsIn } from './cells';
import type { Found } from './found';
import { ownTiers, ruleOf } from './rules';
import type { Table, TableRow } from './table';
import { featureOf, kindOf, sources, type Column } from './words';

const ruleSchema = standardSchema.shape.sections.element.shape.items.element.shape.rule;

/** Name and points of a line in both languages, whatever kind of line it is. */
export function namesOf(row: TableRow, { both }: Table) {
	const zh = row.text('zh');
	return both ? bothLanguages(zh) : { zh, en: row.text('en') };
}

/** An item from its line; null where it has no name or no points, which is said. */
export function itemOf(row: TableRow, table: Table, code: string, found: Found): Item | null {
	const names = namesOf(row, table);
	if (!names.zh) {
		found.say('name_missing', { text: row.all.join(' ') }, code);
		return null;
	}
	const said = pointsIn(row.text('max'));
	let rule = readRule(row, code, said?.points ?? null, found);
	let max = said?.points ?? null;
	if (max === null && !row.text('max') && rule?.type === 'tiered') {
		max = Math.max(...rule.options.map((o) => o.points));
		found.say('points_from_rule', { max }, code, false);
	}
	if (!max) {
		if (row.text('max')) found.say('points_unreadable', { text: row.text('max') }, code);
		else found.say('points_missing', { text: names.zh }, code);
		return null;
	}
	let words = '';
	if (rule === null) {
		// The office's own words are the only rule there is: kept with the item, points by hand.
		words = row.text('rule').replace(/\s*\n\s*/g, ' ');
		const kept = `${names.zh}：${words}`.length <= 300;
		found.say(kept ? 'rule_kept' : 'rule_unreadable', { text: words }, code, !kept);
		if (!kept) words = '';
		rule = undefined;
	}
	const source = (Object.keys(sources) as (keyof typeof sources)[]).find(
		(s) => sources[s] === row.text('source')
	);
	const evidence = evidenceOf(row, table, code, found);
	const features = listed(row, 'features', featureOf, code, found);
	const from = source ?? said?.source;
	return {
		code,
		zh: found.fit(words ? `${names.zh}：${words}` : names.zh, code),
		en: found.fit(names.en, code),
		max,
		...(from && { source: from }),
		...(rule && { rule }),
		...(evidence && { evidence }),
		...(features.length && { features })
	};
}

/** undefined: none is said. null: words that are none. */
function readRule(row: TableRow, code: string, max: number | null, found: Found) {
	const text = row.text('rule');
	const rule = ruleOf(text, max);
	if (!rule) return rule;
	if (rule.type === 'tiered') {
		const english = ownTiers(row.text('ruleEn')) ?? [];
		for (const [n, option] of rule.options.entries()) {
			option.zh = found.fit(option.zh, code);
			if (english[n]?.text) option.en = found.fit(english[n].text, code);
		}
	}
	const checked = ruleSchema.safeParse(rule);
	if (checked.success) return checked.data as Rule;
	found.say('rule_out_of_range', { text }, code);
	return undefined;
}

/** Texts of what is to be shown, and in which ways; A.3 writes the ways behind the text, `map+doc`. */
function evidenceOf(row: TableRow, table: Table, code: string, found: Found): Item['evidence'] {
	const whole = row.text('evidence');
	const ways =
		/^(.*?)\s*`?((?:map|photo|doc|number|inspection|link)(?:\+(?:map|photo|doc|number|inspection|link))*)`?$/s.exec(
			whole
		);
	const behind = ways && !table.has.has('kinds') ? ways : null;
	const text = behind ? behind[1]! : whole;
	const names = table.both ? bothLanguages(text) : { zh: text, en: row.text('evidenceEn') };
	const kinds = [
		...(behind ? behind[2]!.split('+').flatMap((w) => kindOf(w) ?? []) : []),
		...listed(row, 'kinds', kindOf, code, found)
	];
	if (!kinds.length && !names.zh && !names.en) return undefined;
	return {
		kinds: [...new Set(kinds)],
		zh: found.fit(names.zh, code),
		en: found.fit(names.en, code)
	};
}

function listed<T>(
	row: TableRow,
	column: Column,
	known: (word: string) => T | undefined,
	code: string,
	found: Found
): T[] {
	const words = row
		.text(column)
		.split(/[、,，;；+\s]+/)
		.filter(Boolean);
	return words.flatMap((word) => {
		const one = known(word);
		if (one === undefined) found.say('word_unknown', { text: word }, code);
		return one === undefined ? [] : [one];
	});
}
