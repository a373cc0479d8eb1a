import { describe, expect, it } from 'vitest';
import type { Score } from '$lib/domain/project';
import { ScoreDraft, type Keep, type Scorable } from './draft.svelte';
import { textOf, valueOf } from './entry';

const score = (item: string, points: number, note = ''): Score => ({
	item,
	assessor: 'self',
	value: { points },
	na: false,
	points,
	note,
	on: '2026-11-01',
	by: 'me',
	byName: '王村干',
	times: 1
});
const shelf = (): Keep & { held: Map<string, string> } => {
	const held = new Map<string, string>();
	return {
		held,
		getItem: (key) => held.get(key) ?? null,
		setItem: (key, value) => void held.set(key, value),
		removeItem: (key) => void held.delete(key)
	};
};
const plain = (code: string, max = 10): Scorable => ({
	code,
	max,
	rule: { type: 'max' },
	mayBeNA: true
});
const veto: Scorable = { code: 'V1', max: 0, rule: { type: 'yes_no' }, mayBeNA: false };

describe('a draft of scores', () => {
	it('outlives the page under its own key and is gone when it is saved', () => {
		const keep = shelf();
		const draft = new ScoreDraft('a', () => undefined, keep);
		draft.set('1.1', { text: '8' });
		draft.set('1.2', { text: '/' });
		draft.set('1.2', { note: '无水体' });

		const again = new ScoreDraft('a', () => undefined, keep);
		expect(again.entry('1.1').text).toBe('8');
		expect(again.lines([plain('1.1'), plain('1.2')])).toEqual([
			{ item: '1.1', value: { points: 8 }, note: '' },
			{ item: '1.2', na: true, note: '无水体' }
		]);
		expect(new ScoreDraft('b', () => undefined, keep).count).toBe(0);
		again.drop();
		expect(keep.held.size).toBe(0);
	});

	it('is no change when the stored score is typed again, and an emptied field takes nothing away', () => {
		const draft = new ScoreDraft('a', () => score('1.1', 8, '好'), shelf());
		draft.set('1.1', { text: '9' });
		draft.set('1.1', { text: '8' });
		expect(draft.count).toBe(0);

		draft.set('1.1', { text: '' });
		// While it is being typed the field is really empty.
		expect(draft.entry('1.1').text).toBe('');
		draft.settle('1.1');
		expect(draft.entry('1.1')).toEqual({ text: '8', na: false, note: '好' });
	});

	it('keeps back what means nothing and sends the rest', () => {
		const draft = new ScoreDraft('a', () => undefined, shelf());
		draft.set('1.1', { text: '11' });
		draft.set('1.2', { text: '10' });
		draft.set('V1', { text: '-' });
		expect(draft.wrong(plain('1.1'))).toBe(true);
		expect(draft.lines([plain('1.1'), plain('1.2'), veto])).toEqual([
			{ item: '1.2', value: { points: 10 }, note: '' }
		]);
	});

	it('begins anew where the store holds something else', () => {
		const keep = shelf();
		keep.setItem('a', '{"1.1": broken');
		expect(new ScoreDraft('a', () => undefined, keep).count).toBe(0);
	});
});

describe('what is typed by a rule', () => {
	it.each([
		[{ type: 'max' }, '7.25', { points: 7.25 }],
		[{ type: 'max' }, '７。５', { points: 7.5 }],
		[{ type: 'max' }, '7.255', null],
		[{ type: 'max' }, '10.01', null],
		[{ type: 'max' }, '-1', null],
		[{ type: 'tiered', options: [{ points: 5, zh: '优' }] }, '0', { option: 0 }],
		[{ type: 'tiered', options: [{ points: 5, zh: '优' }] }, '1', null],
		[{ type: 'per_unit', unit_points: 5 }, '3', { count: 3 }],
		[{ type: 'deduct_per_finding', points: 1 }, '1.5', null],
		[{ type: 'rate' }, '87.5%', { rate: 0.875 }],
		[{ type: 'rate' }, '101', null],
		[{ type: 'yes_no' }, 'no', { yes: false }],
		[{ type: 'yes_no' }, '1', null]
	] as const)('%j %s', (rule, text, value) => {
		expect(valueOf(rule as never, text, 10)).toEqual(value);
	});
	it('stands there again as it was typed', () => {
		for (const value of [{ points: 7.25 }, { option: 2 }, { rate: 0.875 }, { yes: true }])
			expect(textOf(value)).toBe(
				{ points: '7.25', option: '2', rate: '87.5', yes: 'yes' }[Object.keys(value)[0] as 'rate']
			);
	});
});
