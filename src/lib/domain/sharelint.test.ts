import { describe, expect, it } from 'vitest';
import { lintShare, settle } from './sharelint';
import type { SharedContent } from './shared';

const content = (more: Partial<SharedContent> = {}): SharedContent =>
	({
		id: '0193a6a0-0000-7000-8000-110105194912',
		day: '2026-11-28',
		title: '白马村',
		about: '',
		photos: [],
		asks: [],
		map: { bounds: [110.8, 32.6, 110.82, 32.61], shapes: [], points: [] },
		...more
	}) as unknown as SharedContent;
const codes = (c: SharedContent) => lintShare(c).map((f) => `${f.level} ${f.code}`);

describe('before a link leaves', () => {
	it('finds what must not leave', () => {
		for (const about of [
			'联系人身份证 11010519491231002X',
			'身份证１１０１０５ １９４９１２３１ ００２ｘ',
			'卡号 6222 0200 0000 0000 018'
		])
			expect(lintShare(content({ about }))[0]?.level, about).toBe('stop');
		for (const about of [
			'界址点 110.81234，32.60123',
			'E110.81234 N32.60123',
			'J1 3607123.456,37512345.678',
			'东经110°48′36″'
		])
			expect(codes(content({ about })), about).toEqual(['stop coordinates']);
	});

	it('asks for a look where only somebody can tell', () => {
		expect(codes(content({ about: '电话 138 0013 8000' }))).toEqual(['look phone']);
		expect(codes(content({ about: '每亩 12.3456 万元' }))).toEqual(['look coordinate']);
		expect(codes(content({ about: '长 1234.5678 米，占 0.1234' }))).toEqual([]);
	});

	it('looks at the map: area, boundaries, points that are too exact', () => {
		expect(
			codes(content({ map: { bounds: [110.8, 32.6, 110.9, 32.7], shapes: [], points: [] } }))
		).toEqual(['look area']);
		const map = {
			bounds: null,
			shapes: [{ kind: 'village' }],
			points: [
				{ kind: 'plan', name: '茶园', at: [110.81234, 32.601] },
				{ kind: 'toilet', name: '公厕', at: [110.81234, 32.60123] }
			]
		} as unknown as SharedContent['map'];
		expect(codes(content({ map }))).toEqual(['stop precise', 'look no_review']);
	});

	it('keeps no number in what it says of it, and lets go only what was looked at', () => {
		const photos = [{ id: 'p1', title: '' }] as SharedContent['photos'];
		const found = lintShare(content({ about: '电话13800138000办公室', photos }));
		expect(JSON.stringify(found)).not.toMatch(/138\d{3}/);
		expect(settle(found, new Set())).toBeNull();
		expect(settle(found, new Set(['photo:p1']))).toBeNull();
		expect(settle(found, new Set(found.map((f) => f.key)))?.every((f) => f.looked)).toBe(true);
		const stop = lintShare(content({ about: '11010519491231002X' }));
		expect(settle(stop, new Set(stop.map((f) => f.key)))).toBeNull();
	});
});
