import type { Rule } from '$lib/domain/standard';

/** Rules as an office writes them in a cell; `ruleOf` reads what `ruleText` writes, and a little more. */
export function ruleText(rule: Rule | undefined): string {
	const r = rule ?? { type: 'max' };
	switch (r.type) {
		case 'max':
			return '直接给分';
		case 'yes_no':
			return '是否';
		case 'tiered':
			return `分档：${r.options.map((o) => `${o.points}=${plain(o.zh)}`).join('；')}`;
		case 'per_unit':
			return `每${plain(r.unit || '个')}${r.unit_points}分${r.cap === undefined ? '' : `，最多${r.cap}分`}`;
		case 'deduct_per_finding':
			return `每处扣${r.points}分${r.floor ? `，最低${r.floor}分` : ''}`;
		case 'rate':
			return r.bands
				? `比例分档：${r.bands.map((b) => `${percent(b.from)}%=${b.points}`).join('；')}`
				: `比例：满分${percent(r.full ?? 1)}%`;
	}
}

/** null where the text is no rule that can be reckoned. */
export function ruleOf(text: string): Rule | null {
	const t = text.normalize('NFKC').replace(/\s+/g, '');
	if (!t || /^(直接给分|最高分|max)$/i.test(t)) return { type: 'max' };
	if (/^(是否|是\/否|有无|yes_?no)$/i.test(t)) return { type: 'yes_no' };
	// An option's own words stay as they are.
	const tiers = /^\s*分档[:：](.+)$/.exec(text);
	if (tiers) {
		const options = tiers[1]!
			.split(/[;；]/)
			.filter((part) => part.trim())
			.map((part) => /^\s*([\d.]+)\s*[=＝](.*)$/.exec(part));
		if (!options.length || options.length > 20 || options.some((o) => !o)) return null;
		return {
			type: 'tiered',
			options: options.map((o) => ({ points: Number(o![1]), zh: o![2]!.trim() }))
		};
	}
	const bands = /^比例分档:(.+)$/.exec(t);
	if (bands) {
		const found = list(bands[1]!).map((part) => /^([\d.]+)%=([\d.]+)$/.exec(part));
		if (found.length > 20 || found.some((b) => !b)) return null;
		return {
			type: 'rate',
			bands: found.map((b) => ({ from: share(b![1]!), points: Number(b![2]) }))
		};
	}
	const rate = /^(?:按)?比例(?::满分([\d.]+)%)?$/.exec(t);
	if (rate) return rate[1] ? { type: 'rate', full: share(rate[1]) } : { type: 'rate' };
	const off = /^(?:每处|每发现[一1]处|发现[一1]处)扣([\d.]+)分(?:,最低([\d.]+)分)?$/.exec(t);
	if (off)
		return {
			type: 'deduct_per_finding',
			points: Number(off[1]),
			...(off[2] && { floor: Number(off[2]) })
		};
	const unit = /^每([^\d]{1,20}?)([\d.]+)分(?:,最[多高]([\d.]+)分)?$/.exec(t);
	if (unit)
		return {
			type: 'per_unit',
			unit: unit[1]!,
			unit_points: Number(unit[2]),
			...(unit[3] && { cap: Number(unit[3]) })
		};
	return null;
}

/** Signs that part one option from the next may not stand within one. */
const plain = (text: string): string => text.replace(/[;；=]/g, '，');
const list = (text: string): string[] => text.split(';').filter(Boolean);
const percent = (n: number): number => Math.round(n * 1e6) / 1e4;
const share = (text: string): number => Math.round(Number(text) * 1e4) / 1e6;
