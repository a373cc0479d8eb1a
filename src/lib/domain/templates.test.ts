/** The shipped templates say what their sources said (tests/fixtures/standards/criteria.json) and no more. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Item } from './standard';
import { templates } from './templates';

type SourceItem = {
	code: string;
	zh: string;
	en: string;
	max: number;
	max_status: string;
	evidence_kind: string;
	evidence_zh: string;
	evidence_en: string;
	rule?: { type: string; formula?: string };
};
type Source = {
	id: string;
	total: number;
	bonus_max?: number;
	faithfulness_zh?: string;
	faithfulness_en?: string;
	grades: { grade: string; zh?: string; min: number }[];
	assessors?: { code: string; zh: string; en: string }[];
	veto?: ({ code: string; zh: string; en: string } | string)[];
	sections: {
		code: string;
		zh: string;
		en: string;
		max: number;
		max_status?: string;
		items?: SourceItem[];
	}[];
	bonus?: SourceItem[];
};
const sources = (
	JSON.parse(readFileSync('tests/fixtures/standards/criteria.json', 'utf8')) as {
		profiles: Source[];
	}
).profiles;
const [zhejiang, wuhan, attraction] = sources as [Source, Source, Source];
const of = (key: string) => templates.find((t) => t.key === key)!.body;

const plain = (i: Item) => ({
	code: i.code,
	zh: i.zh,
	en: i.en,
	max: i.max,
	source: i.source,
	kinds: i.evidence?.kinds,
	evidence: [i.evidence?.zh, i.evidence?.en]
});
const told = (i: SourceItem) => ({
	code: i.code,
	zh: i.zh,
	en: i.en,
	max: i.max,
	source: i.max_status,
	kinds: i.evidence_kind.split('+'),
	evidence: [i.evidence_zh, i.evidence_en]
});
const heads = (sections: { code: string; zh: string; en?: string | undefined; max: number }[]) =>
	sections.map(({ code, zh, en, max }) => [code, zh, en, max]);

describe('templates', () => {
	it('are as many as the sources, none official, each saying how faithful it is', () => {
		expect(templates.map((t) => t.key)).toEqual(['zhejiang-2017', 'wuhan', 'gbt17775-2003']);
		for (const t of templates) {
			expect(t.edition + t.name).toContain('样板');
			expect(t.body.faithfulness!.zh).not.toBe('');
			expect(t.body.faithfulness!.en).not.toBe('');
		}
	});

	it('of Zhejiang: every text and every point, word for word', () => {
		const body = of('zhejiang-2017');
		expect([body.total, body.bonus_max]).toEqual([zhejiang.total, zhejiang.bonus_max]);
		expect(body.faithfulness).toEqual({
			zh: zhejiang.faithfulness_zh,
			en: zhejiang.faithfulness_en
		});
		expect(heads(body.sections)).toEqual(heads(zhejiang.sections));
		expect(body.sections.map((s) => s.source)).toEqual(zhejiang.sections.map((s) => s.max_status));
		expect(body.sections.flatMap((s) => s.items.map(plain))).toEqual(
			zhejiang.sections.flatMap((s) => s.items!.map(told))
		);
		expect(body.bonus!.map(plain)).toEqual(zhejiang.bonus!.map(told));
		expect(body.grades.map(({ grade, zh, min }) => ({ grade, zh, min }))).toEqual(zhejiang.grades);
		expect(body.assessors).toEqual(zhejiang.assessors);
		expect(body.vetoes!.map(({ code, zh, en }) => ({ code, zh, en }))).toEqual(
			zhejiang.veto!.map((v) => {
				const { code, zh, en } = v as { code: string; zh: string; en: string };
				return { code, zh, en };
			})
		);
		const ruled = body.sections.flatMap((s) => s.items).filter((i) => i.rule);
		expect(ruled.map((i) => [i.code, i.rule])).toEqual([
			['1.1', { type: 'per_unit', unit: '种', unit_points: 5, cap: 10 }],
			// Down to zero, as the source says, is what a rule without a floor does.
			['2.1', { type: 'deduct_per_finding', points: 1 }],
			['6.1', { type: 'rate', full: 1 }]
		]);
		expect(
			zhejiang.sections.flatMap((s) => s.items!.filter((i) => i.rule).map((i) => i.code))
		).toEqual(ruled.map((i) => i.code));
	});

	it('of Wuhan: sections, pass line and must-haves as printed, no item made up', () => {
		const body = of('wuhan');
		expect(body.total).toBe(wuhan.total);
		expect(heads(body.sections)).toEqual(heads(wuhan.sections));
		expect(body.sections.flatMap((s) => s.items)).toEqual([]);
		expect(body.grades.map((g) => [g.zh, g.min])).toEqual(wuhan.grades.map((g) => [g.zh, g.min]));
		expect(body.vetoes!.map((v) => v.zh)).toEqual(wuhan.veto);
	});

	it('of GB/T 17775-2003: sections as printed, the lines this program has grades for', () => {
		const body = of('gbt17775-2003');
		expect(body.total).toBe(attraction.total);
		expect(heads(body.sections)).toEqual(heads(attraction.sections));
		expect(body.sections.flatMap((s) => s.items)).toEqual([]);
		expect(body.grades.map((g) => [g.grade, g.min])).toEqual(
			attraction.grades.filter((g) => g.grade.length <= 3).map((g) => [g.grade, g.min])
		);
		expect([body.vetoes, body.bonus]).toEqual([[], []]);
	});
});
