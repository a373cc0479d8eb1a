import type { SiteWish } from '$lib/domain/plan';
import { uuid } from '$lib/domain/id';

/** What is looked for, as the address and the form have it: texts. */
export type SiteForm = {
	of: 'parcels' | 'free';
	mu: string;
	road: string;
	metres: string;
	inside: string;
	village: string;
};
export const readSiteForm = (search: URLSearchParams): SiteForm => ({
	of: search.get('of') === 'free' ? 'free' : 'parcels',
	mu: search.get('mu') ?? '',
	road: search.get('road') ?? '',
	metres: search.get('metres') ?? '',
	inside: search.get('inside') ?? '',
	village: search.get('village') ?? ''
});

export type SiteProblem = 'mu' | 'metres' | 'village';
/** The question, or what is wrong with it; null before anything was asked. */
export function wishOf(form: SiteForm): { wish: SiteWish } | { wrong: SiteProblem } | null {
	if (form.mu.trim() === '') return null;
	const number = (text: string) => Number(text.normalize('NFKC').trim());
	const mu = number(form.mu);
	const metres = number(form.metres);
	if (!(mu >= 0.01 && mu <= 3000)) return { wrong: 'mu' };
	const road = uuid.test(form.road);
	if (road && !(form.metres.trim() !== '' && metres >= 0 && metres <= 5000))
		return { wrong: 'metres' };
	if (form.of === 'free' && !uuid.test(form.village)) return { wrong: 'village' };
	return {
		wish: {
			of: form.of,
			min_mu: mu,
			...(road && { road: form.road, within_m: metres }),
			...(uuid.test(form.inside) && { inside: form.inside }),
			...(uuid.test(form.village) && { village: form.village })
		}
	};
}
