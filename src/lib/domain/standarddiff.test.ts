import { expect, it } from 'vitest';
import type { Standard } from './standard';
import { changesBetween, lapsing } from './standarddiff';
import { templates } from './templates';

const before = templates[0]!.body;
const edited = (change: (body: Standard) => void): Standard => {
	const body = structuredClone(before);
	change(body);
	return body;
};
const itemOf = (body: Standard, code: string) =>
	body.sections.flatMap((s) => s.items).find((i) => i.code === code)!;

it('an edition that was only copied changes nothing and lapses nothing', () => {
	// The database gives keys in another order and leaves the plain rule out or writes it.
	const after = edited((body) => {
		itemOf(body, '1.2').rule = { type: 'max' };
		itemOf(body, '1.1').rule = { cap: 10, unit_points: 5, unit: '种', type: 'per_unit' };
	});
	expect(changesBetween(before, after)).toEqual([]);
	expect(lapsing(before, after, ['1.1', '1.2', 'V1', 'B1'])).toEqual([]);
});

it('a score lapses with its points, its rule and its item, not with its wording', () => {
	const after = edited((body) => {
		itemOf(body, '1.2').max = 12;
		itemOf(body, '2.1').rule = { type: 'deduct_per_finding', points: 2 };
		itemOf(body, '3.3').zh = '餐饮';
		body.sections[3]!.items = body.sections[3]!.items.filter((i) => i.code !== '4.6');
		body.vetoes![0]!.zh = '近5年未发生事故';
	});
	const scored = ['1.1', '1.2', '2.1', '3.3', '4.6', 'V1', 'V2', '1.2'];
	expect(lapsing(before, after, scored)).toEqual(['1.2', '2.1', '4.6', 'V1']);
	expect(changesBetween(before, after).map((c) => [c.kind, 'code' in c && c.code])).toEqual([
		['points', '1.2'],
		['rule', '2.1'],
		['text', '3.3'],
		['item_gone', '4.6'],
		['veto', 'V1']
	]);
});

it('says figures and grade lines with what they were', () => {
	const after = edited((body) => {
		body.notice_days = 7;
		body.grades = body.grades.filter((g) => g.grade !== 'A').map((g) => ({ ...g, min: g.min + 5 }));
	});
	expect(changesBetween(before, after)).toEqual([
		{ kind: 'notice_days', from: 5, to: 7 },
		{ kind: 'line', code: 'AAA', from: 450, to: 455 },
		{ kind: 'line', code: 'AA', from: 375, to: 380 },
		{ kind: 'line', code: 'A', from: 300, to: null }
	]);
});
