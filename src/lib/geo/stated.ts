import { squareMetresPerMu } from './area';

export const landUnits = { 公顷: 10_000, 平方米: 1, 亩: squareMetresPerMu } as const;
export type LandUnit = keyof typeof landUnits;

/**
 * A stated area against the drawn one. `unit` is the one that fits within 1 % — the said one first, then
 * hectares, square metres, mu — or null when none does; `off` is how far it is off in that unit (or the said
 * one), as a share of the drawn area: 0.01 is 1 % too large.
 */
export type Stated = {
	value: number;
	said: LandUnit;
	unit: LandUnit | null;
	squareMetres: number;
	off: number;
};

/** `drawn` in m², more than nothing. Domain.md E.3 rule 6. */
export function compareStated(value: number, said: LandUnit, drawn: number): Stated {
	const off = (unit: LandUnit) => (value * landUnits[unit]) / drawn - 1;
	const tries = [said, ...(Object.keys(landUnits) as LandUnit[])];
	const unit = tries.find((u) => Math.abs(off(u)) <= 0.01) ?? null;
	const used = unit ?? said;
	return { value, said, unit, squareMetres: value * landUnits[used], off: off(used) };
}

/** The unit a heading or a cell names; hectares are what boundary files mean when they say nothing. */
export function landUnitIn(text: string): LandUnit | null {
	if (/公顷|hm|ha\b|\bha/i.test(text)) return '公顷';
	if (/亩|\bmu\b/i.test(text)) return '亩';
	if (/平方?米|㎡|m2|m²/i.test(text)) return '平方米';
	return null;
}
