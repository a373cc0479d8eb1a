import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
	drawParcels,
	lonLatOf,
	meridianOf,
	missedBy,
	planeAreaOf,
	random,
	type Drawn,
	type Random
} from '../../../tests/parcels';
import type { Box } from './crs';
import { boxOf } from './geometry';
import { parcelsOf } from './parcels';
import { readFiles } from './read';
import { encodeGb18030 } from './write/gb18030';

const folder = 'tests/fixtures/import/boundary-txt/';
const codes = (d: { problems: { code: string }[] }) => d.problems.map((p) => p.code);
const utf8 = (text: string) => new TextEncoder().encode(text);
const read = (text: string, box?: Box) =>
	readFiles([{ name: 'a.txt', bytes: utf8(text) }], { kind: 'other', box });

describe('the sample boundary files', () => {
	const expected = JSON.parse(readFileSync(folder + 'expected.json', 'utf8'));
	it.each([
		['01_standard_gbk.txt', []],
		['02_standard_utf8bom.txt', []],
		['05_no_zone_prefix.txt', ['zone_from_header']],
		['06_header_zone_conflict.txt', ['zone_conflict']],
		['07_area_in_m2.txt', []],
		['08_plain_numbers_no_J.txt', []]
	])('%s gives the corners and areas of expected.json', async (name, said) => {
		const bytes = new Uint8Array(readFileSync(folder + name));
		const d = await readFiles([{ name, bytes }], { kind: 'other' });
		expect(codes(d)).toEqual(said);
		const { parcels } = parcelsOf(d);
		expect(parcels.length).toBe(2);
		expected.parcels.forEach((e: (typeof expected.parcels)[0], i: number) => {
			const p = parcels[i]!;
			expect(p.name).toBe(e.name);
			expect(Math.abs(p.squareMetres / e.plane_area_m2 - 1)).toBeLessThan(1e-6);
			expect(Math.abs(p.geodesicSquareMetres / e.geodesic_m2 - 1)).toBeLessThan(5e-6);
			expect([p.mu.toFixed(3), p.hectares.toFixed(4)]).toEqual([e.mu.toFixed(3), e.ha.toFixed(4)]);
			const rings = p.geometry.coordinates.flat();
			expect(rings.map((r) => r.length - 1)).toEqual(
				e.rings_lonlat.map((r: unknown[]) => r.length)
			);
			e.rings_lonlat.forEach((ring: number[][], r: number) => {
				for (const [lon, lat] of ring)
					expect(
						rings[r]!.some(
							(q) => Math.abs(q[0]! - lon!) < 1.2e-8 && Math.abs(q[1]! - lat!) < 1.2e-8
						)
					).toBe(true);
			});
			expect(p.stated!.unit).toBe(name.startsWith('07') ? '平方米' : '公顷');
			expect(Math.abs(p.stated!.off)).toBeLessThan(1e-5);
		});
	});

	it('06: the header’s zone is offered, and taking it moves the parcels a zone west', async () => {
		const name = '06_header_zone_conflict.txt';
		const bytes = new Uint8Array(readFileSync(folder + name));
		const d = await readFiles([{ name, bytes }], { kind: 'other' });
		expect(d.files[0]!.guesses.find((g) => g.what === 'crs')).toMatchObject({
			value: 'EPSG:4525',
			why: 'zone_prefix',
			alternatives: ['EPSG:4524']
		});
		const moved = await readFiles([{ name, bytes }], {
			kind: 'other',
			files: { [name]: { crs: 'EPSG:4524' } }
		});
		const [here, there] = [d, moved].map((x) => parcelsOf(x).parcels[0]!.at);
		expect(here![0] - there![0]).toBeCloseTo(3, 6);
		expect(here![1]).toBeCloseTo(there![1], 6);
	});

	it('10: Xi’an 80 is refused, shown as approximate when told to, and comes in by control points', async () => {
		const name = '10_old_xian80.txt';
		const bytes = new Uint8Array(readFileSync(folder + name));
		const again = (files: object) =>
			readFiles([{ name, bytes }], { kind: 'other', files: { [name]: files } });
		const refused = await again({});
		expect(codes(refused)).toEqual(['crs_old_datum']);
		expect(parcelsOf(refused).parcels).toEqual([]);
		const shown = await again({ crs: 'EPSG:4525' });
		expect(codes(shown)).toEqual(['crs_old_shown']);
		expect(parcelsOf(shown).parcels[0]).toMatchObject({ approximate: true, confidence: 0.3 });
		const fitted = await again({
			control: {
				points: [
					{ from: [37481000, 3608000], to: [37481113.5, 3607995.2] },
					{ from: [37483000, 3609000], to: [37483113.5, 3608995.2] }
				]
			}
		});
		expect(codes(fitted)).toEqual(['crs_approximate']);
		const [p, q] = [parcelsOf(shown).parcels[0]!, parcelsOf(fitted).parcels[0]!];
		expect(q).toMatchObject({ approximate: true, method: 'control', crs: '1980西安坐标系' });
		expect((q.at[0] - p.at[0]) * 111_320 * Math.cos((32.6 * Math.PI) / 180)).toBeCloseTo(
			113.5,
			-0.5
		);
		expect(fitted.layers[0]!.fit).toMatchObject({ kind: 'shift', turn: 0, ppm: 0 });
	});
});

describe('the eight rules, one by one (domain.md E.3)', () => {
	const head = (lines: string[]) =>
		`[属性描述]\n坐标系=2000国家大地坐标系\n几度分带=3\n${lines.join('\n')}\n[地块坐标]\n`;
	const square = (x = 37481200, y = 3608400, d = 100) =>
		[
			[y, x],
			[y, x + d],
			[y + d, x + d],
			[y + d, x],
			[y, x]
		] as [number, number][];
	const parcel = (points: number[][], area = '1.0', ring: number | number[] = 1) =>
		[
			`${points.length},${area},1,地块1,面,,,,@`,
			...points.map(([a, b], i) => `J${i + 1},${Array.isArray(ring) ? ring[i] : ring},${a},${b}`)
		].join('\n');

	it('1: full-width commas, signs and brackets are read and said', async () => {
		const text = (head(['带号=37']) + parcel(square()))
			.replaceAll(',', '，')
			.replaceAll('@', '＠')
			.replace('[地块坐标]', '［地块坐标］');
		const d = await read(text);
		expect(codes(d)).toEqual(['full_width_commas']);
		expect(parcelsOf(d).parcels[0]!.mu).toBeCloseTo(15, 3);
	});
	it('2: swapped axes are told by size and said with the line; both ways in one parcel are refused', async () => {
		const swapped = square().map(([y, x]) => [x, y]);
		const d = await read(head([]) + parcel(swapped));
		expect(d.problems).toMatchObject([{ code: 'axes_swapped', severity: 'warning', line: 6 }]);
		expect(parcelsOf(d).parcels[0]!.at[0]).toBeCloseTo(110.8, 1);
		const mixed = await read(head([]) + parcel([...square().slice(0, 3), ...swapped.slice(3)]));
		expect(mixed.problems).toMatchObject([{ code: 'boundary_axes_mixed', line: 10 }]);
	});
	it('3: without prefix and header the zone is asked, offering the one in the township', async () => {
		const text = head([]) + parcel(square(481200));
		const d = await read(text);
		expect(codes(d)).toEqual(['zone_missing']);
		expect(d.files[0]!.guesses.find((g) => g.what === 'crs')!.alternatives.length).toBe(21);
		const inside = await read(text, [110.7, 32.5, 110.9, 32.7]);
		expect(inside.files[0]!.guesses.find((g) => g.what === 'crs')).toMatchObject({
			value: 'EPSG:4546',
			why: 'inside_township'
		});
		expect(parcelsOf(inside, [110.7, 32.5, 110.9, 32.7]).parcels[0]!.kmOutside).toBe(0);
	});
	it('3: six-degree zones, a meridian for a number, and two zones in one file', async () => {
		const six = await read(head(['几度分带=6', '带号=19']) + parcel(square(481200)));
		expect(parcelsOf(six).parcels[0]!.at[0]).toBeCloseTo(110.8, 1);
		const prefixed = await read(head([]) + parcel(square(13481200)));
		expect(parcelsOf(prefixed).parcels[0]!).toMatchObject({ crs: 'EPSG:4491' });
		expect(parcelsOf(prefixed).parcels[0]!.at[0]).toBeCloseTo(74.8, 1);
		const meridian = await read(head(['带号=111']) + parcel(square(481200)));
		expect(parcelsOf(meridian).parcels[0]!.at[0]).toBeCloseTo(110.8, 1);
		const two = await read(head([]) + parcel(square()) + '\n' + parcel(square(38400000)));
		expect(two.layers.map((l) => l.crs)).toEqual(['EPSG:4525', 'EPSG:4526']);
	});
	it('4: rings are holes or parts by what lies in what, whatever their numbers', async () => {
		const inner = square(37481220, 3608420, 20);
		const apart = square(37482000, 3608400, 20);
		const numbers = [1, 1, 1, 1, 1, 2, 2, 2, 2, 2];
		const hole = await read(head([]) + parcel([...square(), ...inner], '0.96', numbers));
		expect(parcelsOf(hole).parcels[0]!.geometry.coordinates.map((p) => p.length)).toEqual([2]);
		const parts = await read(head([]) + parcel([...square(), ...apart], '1.04', numbers));
		expect(parcelsOf(parts).parcels[0]!.geometry.coordinates.map((p) => p.length)).toEqual([1, 1]);
		const same = await read(head([]) + parcel([...square(), ...inner], '0.96', 1));
		expect(parcelsOf(same).parcels[0]!.geometry.coordinates.map((p) => p.length)).toEqual([2]);
		const into = await read(
			head([]) + parcel([...square(), ...square(37481250, 3608450)], '2', numbers)
		);
		expect(codes(into)[0]).toMatch(/parts_cross|ring_crosses_itself/);
	});
	it('5: open rings are closed; a ring that crosses itself is refused with the point', async () => {
		const open = await read(head([]) + parcel(square().slice(0, 4)));
		expect(codes(open)).toEqual(['rings_closed']);
		const [a, b, c, e] = square();
		const eight = await read(head([]) + parcel([a!, c!, b!, e!, a!]));
		const { parcels, refused } = parcelsOf(eight);
		expect(parcels).toEqual([]);
		expect(refused).toMatchObject([{ code: 'ring_crosses_itself', line: 6 }]);
		expect(refused[0]!.at![0]).toBeCloseTo(110.80027, 4);
	});
	it('6: a stated area that fits no unit is far off, and a missing corner is said', async () => {
		const d = await read(head([]) + parcel(square(), '3.3').replace('5,', '7,'));
		expect(codes(d)).toEqual(['boundary_count']);
		expect(parcelsOf(d).parcels[0]!.stated).toMatchObject({ unit: null, said: '公顷' });
		expect(parcelsOf(d).parcels[0]!.stated!.off).toBeCloseTo(2.3, 3);
	});
	it('7: old, local and unsaid systems', async () => {
		for (const [system, code] of [
			['1954年北京坐标系', 'crs_old_datum'],
			['80国家大地坐标系', 'crs_old_datum'],
			['某市独立坐标系', 'crs_not_known'],
			['', 'boundary_no_system']
		])
			expect(
				codes(await read((head([]) + parcel(square())).replace('2000国家大地坐标系', system!)))
			).toEqual([code]);
	});
	it('8: what lies far outside the township is said, with how far', async () => {
		const box: Box = [111.5, 32.5, 111.6, 32.7];
		const d = await read(head([]) + parcel(square()), box);
		expect(codes(d)).toEqual(['far_from_township']);
		expect(parcelsOf(d, box).parcels[0]!.kmOutside).toBeCloseTo(65.5, 0);
	});
	it('names the line that cannot be read, keeps what it does not know', async () => {
		const bad = await read(head([]) + parcel(square()) + '\nJ9,1,abc,37481200');
		expect(bad.problems).toMatchObject([{ code: 'boundary_line', line: 12 }]);
		const d = await read(head(['项目名称=示例', '精度=0.01']) + parcel(square()));
		expect(d.layers[0]!.about).toContainEqual(['项目名称', '示例']);
	});
});

/** As the many programs of surveyors write it: everything that may differ, differs. */
function written(drawn: Drawn[], r: Random) {
	const { zone } = drawn[0]!;
	const prefix = r.next() < 0.5;
	const header = !prefix && r.next() < 0.7;
	const swapped = r.next() < 0.3;
	const unit = r.pick(['公顷', '平方米', '亩'] as const);
	const closed = r.next() < 0.7;
	const runOn = r.next() < 0.5;
	const mark = r.pick(['J', 'J0', '']);
	const eol = r.pick(['\r\n', '\n']);
	const comma = r.next() < 0.1 ? '，' : ',';
	const lines = [
		'[属性描述]',
		'格式版本号=1.01版本',
		`数据产生单位=示例镇自然资源所`,
		'坐标系=2000国家大地坐标系',
		'几度分带=3',
		`带号=${prefix || header ? zone : ''}`,
		'转换参数=,,,,,,',
		'[地块坐标]'
	];
	for (const [i, d] of drawn.entries()) {
		const rings = d.parts.flat().map((ring) => (r.next() < 0.5 ? ring : [...ring].reverse()));
		const count = rings.reduce((n, ring) => n + ring.length + (closed ? 1 : 0), 0);
		const m2 = planeAreaOf(d);
		const area = unit === '公顷' ? m2 / 10_000 : unit === '亩' ? (m2 * 3) / 2000 : m2;
		lines.push(
			[count, area.toFixed(6), i + 1, d.name, '面', '', '设施农用地', '', '@'].join(comma)
		);
		let n = 0;
		rings.forEach((ring, k) => {
			if (!runOn) n = 0;
			for (const [x, y] of closed ? [...ring, ring[0]!] : ring) {
				const east = prefix ? `${zone}${x.toFixed(3).padStart(10, '0')}` : x.toFixed(3);
				const pair = swapped ? [east, y.toFixed(3)] : [y.toFixed(3), east];
				lines.push([`${mark}${++n}`, k + 1, ...pair].join(comma));
			}
		});
	}
	const text = lines.join(eol) + eol;
	const how = r.pick(['gb18030', 'utf-8', 'utf-8 bom', 'utf-16le', 'utf-16be', 'utf-16le bare']);
	const wide = Buffer.from(how === 'utf-16le bare' ? text : `\ufeff${text}`, 'utf16le');
	const bytes =
		how === 'gb18030'
			? encodeGb18030(text)
			: how.startsWith('utf-8')
				? utf8(how === 'utf-8' ? text : `\ufeff${text}`)
				: Uint8Array.from(how === 'utf-16be' ? wide.swap16() : wide);
	return { bytes, unit, swapped, closed, asked: !prefix && !header, how };
}

it('500 generated files read back to the written corners within 1 mm and areas within 0.01 %', async () => {
	const seed = Number(process.env['SEED'] ?? 20261123);
	const r = random(seed);
	let corner = 0;
	let area = 0;
	let parcels = 0;
	const seen = new Set<string>();
	for (let i = 0; i < 500; i++) {
		const drawn = drawParcels(r, 25 + (i % 21));
		const file = written(drawn, r);
		const what = `SEED=${seed} i=${i} ${JSON.stringify({ ...file, bytes: 0 })}`;
		const box = boxOf(drawn.map(lonLatOf))!;
		const d = await readFiles([{ name: 'a.txt', bytes: file.bytes }], {
			kind: 'other',
			box: file.asked ? box : undefined
		});
		expect(codes(d).includes('axes_swapped'), what).toBe(file.swapped);
		expect(codes(d).includes('rings_closed'), what).toBe(!file.closed);
		expect(
			d.problems.filter((p) => p.severity === 'error'),
			what
		).toEqual([]);
		const read = parcelsOf(d, box).parcels;
		expect(
			read.map((p) => p.name),
			what
		).toEqual(drawn.map((p) => p.name));
		drawn.forEach((p, k) => {
			const off = missedBy(p, read[k]!.geometry);
			expect(off, what).toBeLessThan(0.001);
			const drift = Math.abs(read[k]!.squareMetres / planeAreaOf(p) - 1);
			expect(drift, what).toBeLessThan(1e-4);
			expect(read[k]!.stated!.unit, what).toBe(file.unit);
			expect(read[k]!.zone, what).toBe(p.zone);
			corner = Math.max(corner, off);
			area = Math.max(area, drift);
			parcels++;
		});
		seen.add(`${file.how} ${file.unit} ${meridianOf(p0(drawn))}`);
	}
	console.log(
		`500 files, ${parcels} parcels: corners within ${(corner * 1000).toFixed(3)} mm, areas within ${(area * 100).toFixed(6)} %`
	);
	expect(seen.size).toBeGreaterThan(150);
});
const p0 = (drawn: Drawn[]) => drawn[0]!.zone;
