import { describe, expect, it } from 'vitest';
import { assessors, phases, type Phase, type Score } from '$lib/domain/project';
import { columns, ownColumn, takenItems, whyNotFill } from './columns';

const standard = { id: 's' } as never;
const anybody = () => true;

describe('which column one may fill', () => {
	it('is never two at once, whoever it is', () => {
		for (const phase of phases)
			expect(
				assessors.filter((side) => whyNotFill(side, { phase, standard }, anybody) === null).length
			).toBeLessThanOrEqual(1);
	});
	it('follows the phase and the right at the place', () => {
		const township = (right: string, level: string) =>
			level === 'township' || (level === 'village' && right === 'report');
		const at = (phase: Phase) => ownColumn(assessors, { phase, standard }, township);
		expect(at('building')).toBe('self');
		expect(at('self_assessed')).toBe('town');
		// The county's column is not the township's, in whatever phase.
		expect(at('town_checked')).toBeNull();
		expect(whyNotFill('county', { phase: 'town_checked', standard }, township)).toBe('not_allowed');
		expect(whyNotFill('self', { phase: 'town_checked', standard }, township)).toBe(
			'not_in_this_phase'
		);
	});
	it('is none without a standard, and none that the standard does not have', () => {
		expect(whyNotFill('self', { phase: 'building', standard: null }, anybody)).toBe('no_standard');
		expect(ownColumn(['self', 'county'], { phase: 'self_assessed', standard }, anybody)).toBeNull();
	});
	it('asks a higher place the further it is from the village', () => {
		expect(assessors.map((a) => columns[a].level)).toEqual([
			'village',
			'township',
			'district',
			'district'
		]);
	});
});

it('nobody scores an item for two sides', () => {
	const scores = [
		{ item: '1.1', assessor: 'self', by: 'me' },
		{ item: '1.2', assessor: 'self', by: 'other' },
		{ item: '1.3', assessor: 'town', by: 'me' }
	] as Score[];
	expect([...takenItems(scores, 'town', 'me')]).toEqual(['1.1']);
	expect(takenItems(scores, null, 'me').size).toBe(0);
});
