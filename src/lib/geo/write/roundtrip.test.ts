import { describe, expect, it } from 'vitest';
import {
	drawParcels,
	lonLatOf,
	missedBy,
	planeAreaOf,
	projOf,
	random,
	type Drawn
} from '../../../../tests/parcels';
import { boxOf } from '../geometry';
import { parcelsOf } from '../parcels';
import { readFiles } from '../read';
import { toBoundary } from './boundary';
import { toDxf } from './dxf';
import { encodeGb18030, isGbk } from './gb18030';
import { toKML } from './kml';
import { parcelTable } from './parcel-table';
import { zoneFor, type OutParcel } from './plane';
import { toShapefile } from './shapefile';

const utf8 = (text: string) => new TextEncoder().encode(text);
type Way = {
	name: string;
	write: (p: OutParcel[], zone: number) => Uint8Array | Promise<Uint8Array>;
	/** No zone is said: the township tells it. */
	asked?: boolean;
	/** The area is in it. */
	area?: boolean;
};
const ways: Way[] = [
	{ name: 'gb18030.txt', write: (p, zone) => toBoundary(p, { zone }), area: true },
	{
		name: 'utf8-bare.txt',
		write: (p, zone) => toBoundary(p, { zone, encoding: 'utf-8', prefix: false }),
		area: true
	},
	{ name: 'gbk.zip', write: (p, zone) => toShapefile(p, { zone }), area: true },
	{
		name: 'utf8.zip',
		write: (p, zone) => toShapefile(p, { zone, encoding: 'utf-8', prefix: false }),
		area: true
	},
	{ name: 'r2000.dxf', write: (p, zone) => toDxf(p, { zone }) },
	{
		name: 'r2007.dxf',
		write: (p, zone) => toDxf(p, { zone, version: 'R2007', prefix: false }),
		asked: true
	},
	{
		name: 'parcels.kml',
		write: async (p) => utf8(await toKML(parcelTable('地块', p), '名称')),
		area: true
	}
];

describe('parcels that go out come in again: corners within 1 mm, areas within 0.01 %', () => {
	it.each(ways)('$name, 60 times, in 3° and 6° zones', async ({ name, write, asked, area }) => {
		const r = random(Number(process.env['SEED'] ?? 7));
		let worst = 0;
		for (let i = 0; i < 60; i++) {
			const six = i % 6 === 5;
			const zone = six ? 13 + (i % 11) : 25 + (i % 21);
			const drawn = drawParcels(r, zone);
			const out = drawn.map((d) => ({ ...d, use: '设施农用地', geometry: lonLatOf(d) }));
			const box = boxOf(out.map((p) => p.geometry))!;
			const bytes = await write(out, zone);
			const d = await readFiles([{ name, bytes }], { kind: 'other', box: asked ? box : undefined });
			const what = `${name} i=${i} zone=${zone}`;
			expect(
				d.problems.filter((p) => p.severity !== 'warning'),
				what
			).toEqual([]);
			expect(
				d.problems.map((p) => p.code).filter((c) => c !== 'zone_from_header'),
				what
			).toEqual([]);
			const read = parcelsOf(d, box).parcels;
			expect(
				read.map((p) => p.name),
				what
			).toEqual(drawn.map((p) => p.name));
			for (const [k, p] of drawn.entries()) {
				worst = Math.max(worst, missedBy(p, read[k]!.geometry));
				expect(missedBy(p, read[k]!.geometry), what).toBeLessThan(0.001);
				if (!six)
					expect(Math.abs(read[k]!.squareMetres / planeAreaOf(p) - 1), what).toBeLessThan(1e-4);
				// The TXT says hectares with four decimals: half a square metre. A 6° plane is wider at its edge.
				const off = (read[k]!.stated?.off ?? 0) * planeAreaOf(p);
				if (area) {
					expect(read[k]!.stated, what).not.toBeNull();
					expect(Math.abs(off), what).toBeLessThan(planeAreaOf(p) * (six ? 2e-3 : 1e-4) + 0.51);
				}
			}
		}
		console.log(`${name}: corners within ${(worst * 1000).toFixed(3)} mm`);
	});

	it('writes through files, not only once: TXT to SHP to DXF to TXT', async () => {
		const drawn = drawParcels(random(3), 37);
		let parcels: OutParcel[] = drawn.map((d) => ({ name: d.name, geometry: lonLatOf(d) }));
		for (const { name, write } of ways.filter((w) => !w.asked)) {
			const d = await readFiles([{ name, bytes: await write(parcels, 37) }], { kind: 'other' });
			parcels = parcelsOf(d).parcels;
		}
		drawn.forEach((d, i) => expect(missedBy(d, parcels[i]!.geometry as never)).toBeLessThan(0.001));
	});
});

describe('what writers promise', () => {
	const square: Drawn = {
		name: '一号,"地块"\n@',
		zone: 37,
		parts: [
			[
				[
					[481200, 3608400],
					[481400, 3608400],
					[481400, 3608550],
					[481200, 3608550]
				],
				[
					[481260, 3608450],
					[481300, 3608450],
					[481300, 3608480],
					[481260, 3608480]
				]
			]
		]
	};
	const parcel: OutParcel = {
		name: square.name,
		use: '商业服务业用地',
		geometry: lonLatOf(square)
	};

	it('the boundary TXT of domain.md E.3, line by line', () => {
		const text = new TextDecoder('gb18030').decode(
			toBoundary([parcel], { producer: '示例镇自然资源所', day: '2025-06-15' })
		);
		expect(text.split('\r\n')).toEqual([
			'[属性描述]',
			'格式版本号=1.01版本',
			'数据产生单位=示例镇自然资源所',
			'数据产生日期=2025-06-15',
			'坐标系=2000国家大地坐标系',
			'几度分带=3',
			'投影类型=高斯克吕格',
			'计量单位=米',
			'带号=37',
			'精度=0.001',
			'转换参数=,,,,,,',
			'[地块坐标]',
			'10,2.8800,1,一号、"地块" @,面,,商业服务业用地,,@',
			'J1,1,3608550.000,37481200.000',
			'J2,1,3608550.000,37481400.000',
			'J3,1,3608400.000,37481400.000',
			'J4,1,3608400.000,37481200.000',
			'J1,1,3608550.000,37481200.000',
			'J5,2,3608480.000,37481260.000',
			'J6,2,3608450.000,37481260.000',
			'J7,2,3608450.000,37481300.000',
			'J8,2,3608480.000,37481300.000',
			'J5,2,3608480.000,37481260.000',
			''
		]);
	});
	it('a zone chosen by the middle, and none outside China', () => {
		expect(zoneFor([parcel])).toBe(37);
		const far = {
			type: 'Polygon' as const,
			coordinates: [
				[
					[0, 51],
					[1, 51],
					[1, 52],
					[0, 51]
				]
			]
		};
		expect(() => zoneFor([{ name: 'x', geometry: far }])).toThrow(RangeError);
		expect(() => toBoundary([parcel], { zone: 99 })).toThrow(RangeError);
	});
	it('names that mean something to CAD, to dBase and to XML come back readable', async () => {
		const names = ['地块\\P{一}', '=1+1', '𠮷号地块', '长'.repeat(200), '<b>&', 'J1\r\n0\r\nEOF'];
		const parcels = names.map((name) => ({ ...parcel, name }));
		for (const { name, write } of ways.filter((w) => !w.asked)) {
			const d = await readFiles([{ name, bytes: await write(parcels, 37) }], { kind: 'other' });
			const read = parcelsOf(d).parcels;
			expect(d.problems, name).toEqual(
				name === 'utf8-bare.txt' ? [expect.objectContaining({ code: 'zone_from_header' })] : []
			);
			expect(read.length, name).toBe(names.length);
			expect(read[1]!.name, name).toMatch(/1\+1$/);
			expect(read[2]!.name, name).toBe('𠮷号地块');
			expect(read[3]!.name.length, name).toBeGreaterThan(79);
			expect(read[5]!.name, name).toMatch(/^J1\s+0\s+EOF$/);
		}
	});
	it('GB18030 is what every decoder takes back', () => {
		let all = '';
		for (let c = 0x20; c < 0x2ffff; c += c < 0xa000 ? 1 : 7)
			if (c < 0xd800 || c > 0xf8ff) all += String.fromCodePoint(c);
		expect(new TextDecoder('gb18030').decode(encodeGb18030(all))).toBe(all);
		expect([isGbk('镇'), isGbk('𠮷'), isGbk('a')]).toEqual([true, false, true]);
		const [x] = projOf(37).forward([111, 30]);
		expect(x).toBeCloseTo(500_000, 6);
	});
});
