import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noticeOf } from './notice';
import {
	ordered,
	score,
	sheetSchema,
	templateSheet,
	whyNotCheck,
	withoutNames,
	type Round,
	type RoundVillage,
	type SheetItem
} from './round';

const item = (code: string, points: number, perFinding: number, zero = false): SheetItem => ({
	code,
	label: code,
	points,
	perFinding,
	category: null,
	zeroOn: zero ? { label: '焚烧', category: null } : null
});
const found = (item: string, count = 1, zero = false) => ({ item, count, zero });

describe('a deduct-per-finding sheet', () => {
	it('takes so much for each finding, down to zero and no further', () => {
		const sheet = [item('A', 5, 1), item('B', 10, 2)];
		expect(score(sheet, [])).toMatchObject({ total: 15, full: 15 });
		expect(score(sheet, [found('A', 2), found('B'), found('A')]).total).toBe(10);
		expect(score(sheet, [found('A', 99)]).items.A).toEqual({ score: 0, count: 99, zero: false });
	});
	it('zeroes an item for one finding of the kind that does', () => {
		expect(score([item('A', 5, 1, true), item('B', 5, 1)], [found('A', 1, true)]).total).toBe(5);
	});
	it('reckons in hundredths', () => {
		expect(score([item('A', 0.3, 0.1)], [found('A', 1)]).total).toBe(0.2);
		expect(score([item('A', 0.1, 0), item('B', 0.2, 0)], []).full).toBe(0.3);
	});
	it('never leaves nought and full marks, and loses nothing by more findings', () => {
		const points = fc.integer({ min: 1, max: 99_999 }).map((n) => n / 100);
		fc.assert(
			fc.property(
				fc.array(fc.tuple(points, points, fc.boolean()), { minLength: 1, maxLength: 6 }),
				fc.array(fc.tuple(fc.nat(5), fc.integer({ min: 1, max: 99 }), fc.boolean()), {
					maxLength: 12
				}),
				(lines, list) => {
					const sheet = lines.map(([p, per, z], i) => item(`I${i}`, p, per, z));
					const findings = list
						.filter(([i]) => i < sheet.length)
						.map(([i, n, z]) => found(`I${i}`, n, z && sheet[i]!.zeroOn !== null));
					const all = score(sheet, findings);
					const fewer = score(sheet, findings.slice(1));
					expect(all.total).toBeGreaterThanOrEqual(0);
					expect(all.total).toBeLessThanOrEqual(all.full);
					expect(all.total).toBeLessThanOrEqual(fewer.total);
				}
			)
		);
	});
	it('has a template that its own schema takes, and refuses codes that come twice', () => {
		expect(sheetSchema.safeParse(templateSheet).success).toBe(true);
		expect(sheetSchema.safeParse([item('A', 5, 1), item('A', 5, 1)]).success).toBe(false);
		expect(sheetSchema.safeParse([item('A', 5.001, 1)]).success).toBe(false);
	});
});

describe('who may check where', () => {
	const township = { id: 't', districtId: 'd' };
	const role = (placeId: string, role: 'inspector' | 'contact', to: string | null = null) => ({
		id: placeId + role,
		role,
		placeId,
		place: placeId,
		from: '2026-01-01',
		to
	});
	const person = (...roles: ReturnType<typeof role>[]) => ({ id: 'p', name: 'p', roles });
	it('is an inspector of the township who does not work there', () => {
		const both = person(role('t', 'inspector'), role('v1', 'contact'));
		expect(whyNotCheck(both, ['v2'], township, '2026-11-23')).toBe(null);
		expect(whyNotCheck(both, ['v1', 'v2'], township, '2026-11-23')).toBe('own_village');
		expect(whyNotCheck(person(role('v1', 'contact')), ['v2'], township, '2026-11-23')).toBe(
			'not_a_checker'
		);
		const past = person(role('t', 'inspector'), role('v1', 'contact', '2026-06-01'));
		expect(whyNotCheck(past, ['v1'], township, '2026-11-23')).toBe(null);
	});
});

describe('the notice', () => {
	const village = (name: string, code: string, total: number | null): RoundVillage => ({
		id: name,
		name,
		code,
		looked: total !== null,
		findings: 1,
		score:
			total === null
				? null
				: { total, full: 5, items: { A: { score: total, count: 1, zero: false } } }
	});
	const round: Round = {
		id: 'r',
		title: '李网格带队的暗访',
		version: 1,
		sheet: [item('A', 5, 1)],
		draw: null,
		year: 2026,
		no: 3,
		madeOn: '2026-11-20',
		startedOn: '2026-11-21',
		finishedOn: '2026-11-23',
		cancelledOn: null,
		demand: '由李网格负责整改',
		dueOn: '2026-11-30',
		today: '2026-11-23',
		mine: true,
		maker: true,
		checkers: [{ id: 'x', name: '王检查' }],
		result: {
			villages: [
				village('乙村', '002', 5),
				village('甲村', '001', 3),
				village('丙村', '003', null)
			],
			cancelledDraws: 0
		},
		findings: [
			{
				id: 'f',
				village: '甲村',
				item: 'A',
				count: 2,
				zero: false,
				note: '王检查说李网格家门口有垃圾',
				placeText: '李网格家旁',
				at: null,
				on: '2026-11-21',
				dueOn: '2026-11-30',
				version: 1,
				own: true,
				task: 'f',
				stage: 'found'
			}
		]
	};
	it('names no member, wherever the name was written', () => {
		const text = JSON.stringify(noticeOf(round, '云溪镇', ['李网格', '王检查', '李'], 'code'));
		expect(text).not.toMatch(/李网格|王检查/);
		expect(text).toContain('某某家旁');
	});
	it('stands in office order, by points only when asked, and never scores the unknown', () => {
		const names = (order: 'code' | 'score') =>
			noticeOf(round, '云溪镇', [], order).scores.rows.map((r) => r[1]);
		expect(names('code')).toEqual(['甲村', '乙村', '丙村']);
		expect(names('score')).toEqual(['乙村', '甲村', '丙村']);
		expect(ordered(round.result.villages, 'score').at(-1)?.name).toBe('丙村');
		expect(noticeOf(round, '云溪镇', [], 'code')).toMatchObject({ unknown: ['丙村'], count: 2 });
	});
	it('a long name is blotted out before the short one in it', () => {
		expect(withoutNames('张三丰来了', ['张三', '张三丰'])).toBe('某某来了');
	});
	it('prints what is needed to draw again', () => {
		const seed = 'ab'.repeat(32);
		const draw = { seed, size: 2, pool: ['甲村', '乙村', '丙村'], leftOut: ['丁村'] };
		const result = { ...round.result, cancelledDraws: 2 };
		const printed = noticeOf({ ...round, draw, result }, '云溪镇', [], 'code').drawn.join('\n');
		for (const part of [seed, '甲村、乙村、丙村', '丁村', 'SHA-256', '次数：2'])
			expect(printed).toContain(part);
	});
});
