import type { Rule } from '$lib/domain/standard';
import { foreignTiers } from './tiers';

/**
 * Rules in the words an office would use for them. `ruleOf` reads what `ruleText` writes, whatever stands in
 * an option's text, because options stand a line each after a first line of our own.
 */
export function ruleText(rule: Rule | undefined): string {
	switch (rule?.type) {
		case undefined:
			return '';
		case 'max':
			return direct;
		case 'yes_no':
			return '是得满分，否得0分';
		case 'tiered':
			return optionLines(rule.options.map((o) => [o.points, o.zh]));
		case 'per_unit': {
			const cap = rule.cap === undefined ? '' : `，最多${rule.cap}分`;
			return `每${unitText(rule.unit)}${rule.unit_points}分${cap}`;
		}
		case 'deduct_per_finding': {
			const end = rule.floor === undefined ? '扣完为止' : `最低${rule.floor}分`;
			return `每处扣${rule.points}分，${end}`;
		}
		case 'rate':
			if (rule.bands)
				return [banded, ...rule.bands.map((b) => `达到${percent(b.from)}%：${b.points}分`)].join(
					'\n'
				);
			return rule.full === undefined
				? '按比例得分'
				: `按比例得分，达到${percent(rule.full)}%得满分`;
	}
}
const direct = '按情况直接给分';
const tiered = '选一档：';
const banded = '按比例分档：';
export const optionLines = (options: readonly (readonly [number, string])[]): string =>
	[tiered, ...options.map(([points, text]) => `${points}分：${oneLine(text)}`)].join('\n');
const oneLine = (text: string): string => text.replace(/\s*\n\s*/g, ' ');
const unitText = (unit: string | undefined): string =>
	unit === undefined
		? '单位'
		: /^[\p{Script=Han}]{1,6}$/u.test(unit) && !ambiguous.test(unit)
			? unit
			: `「${unit}」`;
const ambiguous = /单位|[扣得加计分至最多一]/;

/** The lines of our own tiers, in order; null where it is none. */
export function ownTiers(text: string): { points: number; text: string }[] | null {
	const [first, ...lines] = text.split('\n');
	if (first!.trim() !== tiered) return null;
	const found = lines.map((line) => /^(\d+(?:\.\d+)?)分：(.*)$/.exec(line.trim()));
	return found.length && found.every(Boolean)
		? found.map((m) => ({ points: Number(m![1]), text: m![2]!.trim() }))
		: null;
}

/** undefined: nothing is said. null: the text is no rule that can be reckoned. */
export function ruleOf(text: string, max: number | null): Rule | null | undefined {
	const own = ownTiers(text);
	if (own) return { type: 'tiered', options: own.map((o) => ({ points: o.points, zh: o.text })) };
	const bands = bandsOf(text);
	if (bands) return bands;
	const quoted = /^每「(.*)」(\d+(?:\.\d+)?)分(?:，最多(\d+(?:\.\d+)?)分)?$/.exec(text);
	if (quoted) return perUnit(quoted);
	const t = text
		.normalize('NFKC')
		.replace(/\s+/g, '')
		.replace(/[。.;]+$/, '')
		.replaceAll('得满分', '满分');
	if (!t || /^[-—/无]$/.test(t)) return undefined;
	if (t === direct || /^(直接给分|酌情(给|打|赋|得)分|视情(况)?(给|打|赋|得)分|max)$/i.test(t))
		return { type: 'max' };
	const spoken =
		/^(?:酌情|视情)?(?:得|给|计)?0[-~—至]([\d.]+)分$/.exec(t) ??
		/^最[多高](?:得)?([\d.]+)分$/.exec(t);
	if (spoken && Number(spoken[1]) === max) return { type: 'max' };
	if (yesNo(t, max)) return { type: 'yes_no' };
	return countedOf(t) ?? rateOf(t) ?? foreignTiers(text);
}

/** '是得满分，否得0分', '有得10分，没有不得分' of an item with 10 points. */
function yesNo(t: string, max: number | null): boolean {
	if (/^(是否|是\/否|有无|yes_?no)$/i.test(t)) return true;
	const m =
		/^(?:是|有|达标|符合|达到|具备)(?:的)?(?:得|给|计)?(满|[\d.]+)分?[,;](?:否|无|没有|不达标|不符合|未达到|不具备)(?:的|则)?(?:不(?:得|给|计)分|(?:得|给|计)?0分)$/.exec(
			t
		);
	return !!m && (m[1] === '满' || Number(m[1]) === max);
}

/** '每种5分，最多10分'; '每处扣1分，扣完为止'. */
function countedOf(t: string): Rule | null {
	const off =
		/^(?:每|每发现|发现|每出现|出现|每有)(?:[一1])?(?:处|个|项|例|次|起)?(?:问题)?扣([\d.]+)分(?:,(?:扣完为止|直至扣完|最低([\d.]+)分))?$/.exec(
			t
		);
	if (off)
		return {
			type: 'deduct_per_finding',
			points: Number(off[1]),
			...(off[2] !== undefined && { floor: Number(off[2]) })
		};
	const unit =
		/^每(?:有|增加|建成|获得?)?(?:[一1])?([^\d]{1,20}?)(?:得|加|给|计)?([\d.]+)分(?:,(?:最[多高](?:得|加|计|不超过)?|至多|封顶|累计不超过|不超过)([\d.]+)分)?$/.exec(
			t
		);
	return unit && !unit[1]!.includes('扣') ? perUnit(unit, unit[1] === '单位') : null;
}
const perUnit = (m: RegExpExecArray, none = false): Rule => ({
	type: 'per_unit',
	unit_points: Number(m[2]),
	...(m[3] !== undefined && { cap: Number(m[3]) }),
	...(!none && { unit: m[1]! })
});

function rateOf(t: string): Rule | null {
	const m =
		/^(?:按|依)?(?:比例|[\p{Script=Han}]{0,8}率)(?:折算|计算)?(?:得分|计分|给分|折算)?(?:[,:](?:达到?|满分)?([\d.]+)%?(?:及?以上)?(?:满分)?)?$/u.exec(
			t
		);
	if (!m || !/比例|率/.test(t)) return null;
	return m[1] === undefined ? { type: 'rate' } : { type: 'rate', full: share(m[1]) };
}
function bandsOf(text: string): Rule | null {
	const [first, ...lines] = text.split('\n');
	if (first!.trim() !== banded) return null;
	const found = lines.map((l) => /^达到([\d.]+)%：([\d.]+)分$/.exec(l.trim()));
	if (!found.length || !found.every(Boolean)) return null;
	return {
		type: 'rate',
		bands: found.map((m) => ({ from: share(m![1]!), points: Number(m![2]) }))
	};
}

/** A hundred times a share by its digits: 0.285 × 100 as doubles is not 28.5. */
const percent = (n: number): number => Number(`${n}e2`);
const share = (text: string): number => Number(`${text}e-2`);
