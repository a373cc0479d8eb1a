import { describe, expect, it } from 'vitest';
import { readSiteForm, wishOf } from './wish';

const id = '01a20af5-64f7-70b8-8ecb-b8107e65aa23';
const wish = (query: string) => wishOf(readSiteForm(new URLSearchParams(query)));

describe('where could it go', () => {
	it('asks nothing before a size is given, and says what is missing', () => {
		expect(wish('')).toBeNull();
		expect(wish('mu=零')).toEqual({ wrong: 'mu' });
		expect(wish(`mu=5&road=${id}`)).toEqual({ wrong: 'metres' });
		expect(wish('mu=5&of=free')).toEqual({ wrong: 'village' });
	});
	it('reads the whole question', () => {
		expect(wish(`mu=５.5&of=free&village=${id}&road=${id}&metres=300&inside=${id}`)).toEqual({
			wish: { of: 'free', min_mu: 5.5, village: id, road: id, within_m: 300, inside: id }
		});
		expect(wish('mu=10&metres=300&inside=nonsense')).toEqual({
			wish: { of: 'parcels', min_mu: 10 }
		});
	});
});
