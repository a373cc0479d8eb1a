import { expect, it } from 'vitest';
import { random } from '../../../tests/parcels';
import { fitControl, type ControlPoint } from './control';
import { fromPlane, toPlane } from './gauss';
import { Refused } from './problems';

const zone = { lon: 111, east: 37_500_000 };
/** What two datums look like beside each other: moved, turned a little, scaled a little. */
const other = ([x, y]: number[], turn = 2e-6, scale = 1 + 5e-6): [number, number] => {
	const [dx, dy] = [x! - 37481000, y! - 3608000];
	return [37481113.5 + scale * (dx - turn * dy), 3607995.2 + scale * (dy + turn * dx)];
};
const points = (n: number, noise = 0, r = random(1)): ControlPoint[] =>
	Array.from({ length: n }, (_, i) => {
		const from: [number, number] = [37475000 + r.between(0, 12000), 3602000 + r.between(0, 12000)];
		const [x, y] = other(from);
		return {
			name: `K${i + 1}`,
			from,
			to: [x + r.between(-noise, noise), y + r.between(-noise, noise)]
		};
	});
const codeOf = (work: () => unknown) => {
	try {
		work();
		return '';
	} catch (error) {
		return (error as Refused).code;
	}
};

it('three and more points find the similarity again, whatever the order of the axes', () => {
	const p = points(5);
	const swapped = p.map((q) => ({ ...q, from: [q.from[1], q.from[0]] as [number, number] }));
	for (const list of [p, swapped]) {
		const { fit, convert } = fitControl({ points: list });
		expect(fit.kind).toBe('similarity');
		expect(fit.rms).toBeLessThan(1e-4);
		expect(fit.ppm).toBeCloseTo(5, 1);
		expect(fit.turn).toBeCloseTo((2e-6 * 648_000) / Math.PI, 2);
		const [x, y] = toPlane(convert([37480123.456, 3607321.098]), zone);
		const [u, v] = other([37480123.456, 3607321.098]);
		expect(Math.hypot(x - u, y - v)).toBeLessThan(1e-3);
	}
});
it('tells what is left over at each point, and finds the one that is wrong', () => {
	const noisy = fitControl({ points: points(8, 0.05) }).fit;
	expect(noisy.rms).toBeGreaterThan(0.01);
	expect(noisy.rms).toBeLessThan(0.08);
	const list = points(6);
	list[3]!.to[0] += 5;
	const { residuals, rms } = fitControl({ points: list }).fit;
	expect(residuals.toSorted((a, b) => b.metres - a.metres)[0]!.name).toBe('K4');
	expect(rms).toBeGreaterThan(1);
});
it('two points give a shift by their mean, residuals said', () => {
	const { fit } = fitControl({ points: points(2) });
	expect(fit).toMatchObject({ kind: 'shift', turn: 0, ppm: 0 });
	expect(fit.residuals.length).toBe(2);
	expect(fit.east).toBeCloseTo(113.5, 0);
});
it('takes CGCS2000 in degrees, or a plane without prefix in a told zone', () => {
	const p = points(4);
	const degrees = p.map((q) => ({ ...q, to: fromPlane(q.to, zone) }));
	const bare = p.map((q) => ({ ...q, to: [q.to[0] - 37e6, q.to[1]] as [number, number] }));
	const at = [37480000, 3607000];
	const want = fitControl({ points: p }).convert(at);
	for (const c of [{ points: degrees }, { points: bare, crs: 'EPSG:4546' }]) {
		const got = fitControl(c).convert(at);
		expect(Math.hypot(got[0] - want[0], got[1] - want[1]) * 111_000).toBeLessThan(0.001);
	}
	expect(codeOf(() => fitControl({ points: bare }))).toBe('control_zone_missing');
});
it('refuses too few, too many, unreadable and huddled points; they come from a form', () => {
	const one = points(1);
	expect(codeOf(() => fitControl({ points: one }))).toBe('control_too_few');
	expect(codeOf(() => fitControl({} as never))).toBe('control_too_few');
	expect(codeOf(() => fitControl(null as never))).toBe('control_too_few');
	expect(codeOf(() => fitControl({ points: points(201) }))).toBe('control_too_many');
	expect(
		codeOf(() => fitControl({ points: [...one, { from: ['a', 1], to: [1, 2] }] as never }))
	).toBe('control_not_read');
	expect(codeOf(() => fitControl({ points: [one[0]!, one[0]!, one[0]!] }))).toBe(
		'control_same_place'
	);
});
