import { expect, it } from 'vitest';
import { lastReply, standingOfInstruction, unknownOf, type Turn } from './official';
import { shareWords } from './officialops';

const today = '2026-11-28';
const turn = (kind: Turn['kind'], note: string): Turn => ({
	kind,
	note,
	at: `${today}T09:00:00Z`,
	on: today,
	by: ''
});

it('is overdue only while nobody has replied', () => {
	const on = (state: 'received' | 'replied' | 'accepted', dueOn: string | null) =>
		standingOfInstruction({ state, dueOn }, today);
	expect(on('received', null)).toBe('waiting');
	expect(on('received', today)).toBe('waiting');
	expect(on('received', '2026-11-27')).toBe('overdue');
	expect(on('replied', '2026-11-27')).toBe('replied');
	expect(on('accepted', '2026-11-27')).toBe('accepted');
});

it('shows what the township said last', () => {
	const turns = [
		turn('reply', '一'),
		turn('return', '退'),
		turn('reply', '二'),
		turn('accept', '')
	];
	expect(lastReply({ turns })?.note).toBe('二');
	expect(lastReply({ turns: [turn('chase', '')] })).toBeNull();
});

it('counts villages that nobody looked at as unknown, never as good', () => {
	expect(unknownOf({ villages: 12, known: { task: 9 } }, 'task')).toBe(3);
	expect(unknownOf({ villages: 12, known: {} }, 'plan')).toBe(12);
	expect(unknownOf({ villages: 0, known: { task: 1 } }, 'task')).toBe(0);
});

it('takes from a reader what the database takes, and nothing else', () => {
	const id = '018f2b1e-7c00-7000-8000-000000000001';
	const left = {
		do: 'leave',
		id,
		what: 'answer',
		kind: 'blocker',
		on: id,
		text: '已拨',
		name: '钱',
		office: '区政府'
	};
	expect(shareWords.safeParse(left).success).toBe(true);
	for (const wrong of [
		{ ...left, text: ' ' },
		{ ...left, text: 'x'.repeat(1001) },
		{ ...left, name: '' },
		{ ...left, kind: 'person' },
		{ ...left, do: 'reply' },
		{ ...left, by_person: id },
		{ ...left, due_on: 'soon' },
		{ do: 'accept', id, state: 'accepted' }
	])
		expect(shareWords.safeParse(wrong).success, JSON.stringify(wrong)).toBe(false);
	expect(shareWords.safeParse({ do: 'return', id, text: '不够' }).success).toBe(true);
});
