import { expect, test } from 'vitest';
import { readDays, writeDays } from './days';

test('days are read as offices write them, once each and in order', () => {
	const { days, problems } = readDays(
		'2027年1月2日 元旦\n２０２７-01-01 元旦\n\n2027/1/1 元旦',
		2027
	);
	expect(problems).toEqual([]);
	expect(writeDays(days)).toBe('2027-01-01 元旦\n2027-01-02 元旦');
});

test('a line that is no day, a day that is none, and another year are named', () => {
	expect(readDays('元旦\n2027-02-30\n2026-12-31 周末', 2027).problems).toEqual([
		{ kind: 'line', line: '元旦' },
		{ kind: 'line', line: '2027-02-30' },
		{ kind: 'year', day: '2026-12-31' }
	]);
});
