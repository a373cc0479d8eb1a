import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { shareOptions, previewPath, readShareOptions, changesSince } from '$lib/domain/shared';
import type { SharedContent, SharedPoint } from '$lib/domain/shared';
import { variables } from '$lib/map/palette';
import { landLead } from './leads';
import { shareSheet } from './sharemap';

const point = (kind: SharedPoint['kind'], lng: number, lat: number): SharedPoint => ({
	kind,
	name: kind,
	at: [lng, lat],
	state: null,
	mark: null,
	radius: kind === 'plan' ? 120 : null,
	no: null
});
const content = {
	villages: [],
	map: {
		bounds: [110.7, 32.6, 110.8, 32.65],
		shapes: [],
		points: [
			point('toilet', 110.75, 32.62),
			point('sign', 110.75, 32.62),
			point('plan', 110.75, 32.63),
			point('village', 110.72, 32.61)
		]
	}
} as unknown as SharedContent;

describe('a shared page', () => {
	it('says states in the colours of the wall map', () => {
		const css = readFileSync('src/lib/features/share/share.css', 'utf8');
		const dark = css.indexOf('prefers-color-scheme: dark');
		for (const [theme, from] of [
			['light', 0],
			['dark', dark]
		] as const)
			for (const name of [
				'ink',
				'found',
				'said',
				'done',
				'proven',
				'blocked',
				'overdue',
				'unknown'
			])
				expect(css.slice(from)).toContain(`--${name}: ${variables(theme)[`--${name}`]};`);
	});

	it('draws numbers beside each other, a plan as a disc of its size, and names of villages', () => {
		const sheet = shareSheet(content)!;
		expect(sheet.key.map((k) => k.no)).toEqual([1, 2, 3]);
		const [a, b, plan] = sheet.marks as unknown as [
			{ x: number; y: number },
			{ x: number; y: number },
			{ r: number }
		];
		expect(Math.hypot(a.x - b.x, a.y - b.y)).toBeGreaterThanOrEqual(22);
		expect(plan.r).toBeCloseTo((120 * sheet.scale.px) / sheet.scale.metres, 0);
		expect(sheet.villages).toHaveLength(1);
		expect(shareSheet({ ...content, map: { bounds: null, shapes: [], points: [] } })).toBeNull();
	});

	it('never calls land good that nobody looked at', () => {
		const land = {
			mu: null,
			drawn: false,
			parcels: 0,
			floorArea: null,
			landClass: '',
			plannedUse: '',
			ownership: '' as const,
			supply: '' as const,
			quota: '',
			check: null
		};
		expect(landLead(land).join('')).toContain('没有做过用地核查');
		const layer = { name: '', mu: 0, datedOn: null };
		const half = landLead({
			...land,
			check: {
				on: '2026-11-28',
				verdict: 'not_checked',
				holds: false,
				layers: [
					{ ...layer, kind: 'farmland', verdict: 'green' },
					{ ...layer, kind: 'redline', verdict: 'not_checked' }
				]
			}
		}).join('');
		expect(half).toContain('生态保护红线没有核查');
		expect(half).toContain('结论待更新');
	});

	it('keeps what was chosen in its address, and knows what is new to a reader', () => {
		const options = { boundaries: true, money: false };
		const path = previewPath('t', 'plan', 'p', options);
		expect(readShareOptions(new URL(path, 'http://x').searchParams)).toEqual(options);
		expect(shareOptions.safeParse({ contacts: true }).success).toBe(false);
		const changes = ['2026-11-28T00:00:00Z', '2026-11-20T00:00:00Z'].map(
			(at) => ({ at, what: 'done', title: '', from: null, to: null, times: 1 }) as const
		);
		expect(changesSince({ changes: [...changes] }, '2026-11-24T00:00:00Z')).toHaveLength(1);
		expect(changesSince({ changes: [...changes] }, null)).toEqual([]);
	});
});
