import { expect, it } from 'vitest';
import type { Fund } from '$lib/domain/project';
import { formOfFund, payloadOf, readAmount, readFund } from './fundform';

it.each([
	['', null],
	['  ', null],
	['0', 0],
	['1,200.5', 1200.5],
	['１２．５０', 12.5],
	['1，000', 1000]
])('reads %j as %s', (typed, n) => {
	expect(readAmount(typed)).toBe(n);
});
it.each(['-1', '1.234', 'abc', '1e5', '100000000000', '1.'])('refuses %j', (typed) => {
	expect(readAmount(typed)).toBeUndefined();
});
it('says which amounts are wrong', () => {
	expect(readFund({ ...formOfFund(null), planned: 'x', spent: '-2' })).toEqual({
		wrong: ['planned', 'spent']
	});
});
it('sends a line as it stands, if nothing was typed', () => {
	const fund: Fund = {
		id: 'f',
		workId: 'w',
		source: 'bridging',
		planned: 12.34,
		allocated: 0,
		spent: null,
		note: 'n',
		version: 3
	};
	expect(readFund(formOfFund(fund))).toEqual({ fund: payloadOf(fund) });
});
