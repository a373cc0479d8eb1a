import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { facts, measures, noCounts, type Counts } from '$lib/domain/fact';
import {
	classOf,
	classWords,
	hatchOf,
	marks,
	measureSigns,
	ramps,
	stateSigns,
	surfaces,
	variables,
	type Theme
} from './palette';

const themes: Theme[] = ['light', 'dark'];
const counts = (some: Partial<Counts>): Counts => ({ ...noCounts, ...some });
const linear = (hex: string) =>
	[1, 3, 5].map((i) => {
		const c = parseInt(hex.slice(i, i + 2), 16) / 255;
		return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
	}) as [number, number, number];
/** WCAG 2 contrast. */
function contrast(a: string, b: string) {
	const light = (hex: string) => {
		const [r, g, bl] = linear(hex);
		return 0.2126 * r + 0.7152 * g + 0.0722 * bl + 0.05;
	};
	return Math.max(light(a) / light(b), light(b) / light(a));
}
/** Machado, Oliveira, Fernandes 2009, severity 1. */
const blindness = {
	deuteranopia: [0.367, 0.861, -0.228, 0.28, 0.673, 0.047, -0.012, 0.043, 0.969],
	protanopia: [0.152, 1.053, -0.205, 0.115, 0.786, 0.099, -0.004, -0.048, 1.052]
};
function seen(hex: string, m: number[]) {
	const [r, g, b] = linear(hex);
	return [0, 3, 6].map((i) => m[i]! * r + m[i + 1]! * g + m[i + 2]! * b);
}

describe.each(themes)('in the %s theme', (theme) => {
	it('words are readable on cards', () => {
		for (const ink of ['ink', 'ink-soft'] as const)
			for (const ground of ['card', 'paper', 'land'] as const)
				expect(contrast(surfaces[ink][theme], surfaces[ground][theme])).toBeGreaterThan(4.5);
		for (const sign of [...Object.values(stateSigns), ...Object.values(marks)])
			expect(contrast(sign.colour[theme], surfaces.card[theme]), sign.shape).toBeGreaterThan(4.5);
	});
	it('marks stand out from their halo and from the land', () => {
		for (const sign of [...Object.values(stateSigns), ...Object.values(marks)])
			for (const ground of ['halo', 'land', 'paper'] as const)
				expect(contrast(sign.colour[theme], surfaces[ground][theme])).toBeGreaterThan(3);
	});
	it('each step of a ramp is further from the land than the one before', () => {
		for (const ramp of Object.values(ramps)) {
			expect(ramp[theme]).toHaveLength(6);
			const away = ramp[theme].map((colour) => contrast(colour, surfaces.land[theme]));
			for (const [i, step] of away.entries()) if (i) expect(step).toBeGreaterThan(away[i - 1]!);
		}
	});
	it('proven, done and trouble stay apart for colour-blind eyes', () => {
		const colours = [stateSigns.proven, stateSigns.done, marks.blocked].map((s) => s.colour[theme]);
		for (const kind of Object.values(blindness))
			for (const [i, a] of colours.entries())
				for (const b of colours.slice(i + 1)) {
					const [x, y] = [seen(a, kind), seen(b, kind)];
					expect(Math.hypot(...x.map((n, j) => n - y[j]!))).toBeGreaterThan(0.06);
				}
	});
	it('app.css says the same colours', () => {
		const css = readFileSync('src/app.css', 'utf8');
		const blocks = css.split('color-scheme: ').filter((b) => b.startsWith(`${theme};`));
		expect(blocks.length).toBe(theme === 'light' ? 1 : 2);
		for (const block of blocks)
			for (const [name, value] of Object.entries(variables(theme)))
				expect(block.slice(0, block.indexOf('}'))).toContain(`${name}: ${value};`);
	});
});

describe('what a village is painted', () => {
	it('is unknown, for every measure, where nothing was planned', () => {
		for (const measure of measures) expect(classOf(noCounts, measure)).toBeNull();
	});
	it('reaches the last step only with everything, and the first only with nothing', () => {
		for (const fact of facts) {
			expect(classOf(counts({ planned: 100, [fact]: 0 }), fact)).toBe(0);
			expect(classOf(counts({ planned: 100, [fact]: 1 }), fact)).toBe(1);
			expect(classOf(counts({ planned: 100, [fact]: 99 }), fact)).toBe(4);
			expect(classOf(counts({ planned: 100, [fact]: 100 }), fact)).toBe(5);
		}
	});
	it('counts trouble in steps', () => {
		const steps = [0, 1, 2, 3, 6, 11, 21].map((n) =>
			classOf(counts({ planned: 99, blocked: n }), 'blocked')
		);
		expect(steps).toEqual([0, 1, 1, 2, 3, 4, 5]);
	});
	it('has a word for every step', () => {
		for (const measure of measures)
			expect(classWords(measure)).toHaveLength(measure === 'unknown' ? 1 : 6);
	});
	it('is hatched if and only if something is done and not proven', () => {
		expect(hatchOf(counts({ planned: 10, said: 10, done: 4, proven: 4 }), 'proven')).toBe(0);
		expect(hatchOf(counts({ planned: 10, said: 10, done: 5, proven: 4 }), 'proven')).toBe(1);
		expect(hatchOf(counts({ planned: 10, said: 10, done: 7, proven: 4 }), 'done')).toBe(2);
		expect(hatchOf(counts({ planned: 10, said: 10, done: 10, proven: 0 }), 'said')).toBe(3);
		expect(hatchOf(noCounts, 'proven')).toBe(0);
	});
});

it('gives every state and mark its own shape, not only its own colour', () => {
	const all = [...Object.values(stateSigns), ...Object.values(marks)].map((s) => s.shape);
	expect(new Set(all).size).toBe(all.length);
	for (const measure of measures) expect(measureSigns[measure].word()).toBeTruthy();
});
