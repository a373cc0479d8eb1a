import fc from 'fast-check';
import type { Point } from 'geojson';
import { describe, expect, it } from 'vitest';
import { taskKindCodes, type TaskKind } from '$lib/domain/task';
import type { TaskRow } from '../draft';
import { readFiles } from '../read';
import { clean } from '../text';
import { unzipSync } from 'fflate';
import { cell, toCSV } from './csv';
import { toGeoJSON } from './geojson';
import { toKML } from './kml';
import { ledgerTable } from './ledger';
import type { Table } from './table';
import { toXLSX } from './xlsx';

const hostile = [
	'=1+1',
	'+1+1',
	'-1+1',
	'@SUM(A1)',
	'\t=1',
	'\r=1',
	'\0=1',
	' =1',
	'＝1',
	'＋1',
	'－1',
	'＠1',
	"'=1",
	"''x",
	'=HYPERLINK("x")',
	'a"b',
	'a,b',
	'a;b',
	'a\nb'
];
const encode = (text: string) => new TextEncoder().encode(text);
const again = async (name: string, bytes: Uint8Array) =>
	(await readFiles([{ name, bytes }], { today: '2026-07-01' })).layers[0]!;

const word = fc
	.string({
		unit: fc.constantFrom(...'东西南北村组一二三清理完成abc12 =+-@\'",;\n／：'),
		maxLength: 12
	})
	.map((t) => clean(t).text);
const day = fc.option(
	fc
		.integer({ min: 0, max: 700 })
		.map((d) => new Date(Date.UTC(2025, 0, 1 + d)).toISOString().slice(0, 10))
);
const task: fc.Arbitrary<{ parsed: TaskRow; geometry: Point | null }> = fc
	.record({
		state: fc.constantFrom('said', 'done', 'proven'),
		title: word.map((t) => `乱堆${t}`),
		category: fc.constantFrom(...taskKindCodes.filter((k) => k !== 'OTHER')),
		group: word.map((t) => `组${t}`),
		answers: word.map((t) => `甲${t}`),
		note: word.map((t) => `注${t}`),
		dueOn: day,
		foundOn: day,
		saidOn: day,
		doneOn: day,
		provenOn: day,
		at: fc.option(
			fc.tuple(fc.integer({ min: 1108000, max: 1109000 }), fc.integer({ min: 325000, max: 327000 }))
		)
	})
	.map((r) => ({
		parsed: {
			villageName: '白马村',
			groupName: r.group,
			title: r.title,
			category: r.category as TaskKind,
			placeText: '=河边',
			unit: '白马村委会',
			answers: r.answers,
			fix: '-清理',
			dueOn: r.dueOn,
			foundOn: r.foundOn,
			saidOn: r.saidOn,
			doneOn: r.state === 'said' ? null : r.doneOn,
			provenOn: r.state === 'proven' ? r.provenOn : null,
			done: r.state !== 'said',
			proven: r.state === 'proven',
			provenBy: r.state === 'proven' ? '乙' : '',
			note: r.note,
			state: r.state as TaskRow['state']
		},
		geometry: r.at ? { type: 'Point', coordinates: [r.at[0] / 1e4, r.at[1] / 1e4] } : null
	}));

describe('what goes out comes in again', () => {
	it('as XLSX and as CSV', async () => {
		await fc.assert(
			fc.asyncProperty(fc.array(task, { minLength: 1, maxLength: 12 }), async (rows) => {
				const table = ledgerTable('云溪镇台账', rows);
				for (const layer of [
					await again('a.xlsx', await toXLSX(table)),
					await again('a.csv', encode(toCSV(table)))
				]) {
					expect(layer.kind).toBe('tasks');
					expect(layer.rows.map((r) => r.parsed)).toEqual(rows.map((r) => r.parsed));
					expect(layer.rows.map((r) => r.geometry)).toEqual(rows.map((r) => r.geometry));
				}
			}),
			{ numRuns: 40 }
		);
	});
	const villages: Table = {
		title: '村界',
		headings: ['名称', '代码', '人口'],
		rows: [
			['白马村', '420325110201', 1288],
			['古井村', '420325110202', null]
		],
		geometry: [
			{
				type: 'MultiPolygon',
				coordinates: [
					[
						[
							[110, 32],
							[110.1, 32],
							[110.1, 32.1],
							[110, 32]
						]
					]
				]
			},
			null
		]
	};
	it('as GeoJSON and as KML', async () => {
		const json = await again('a.geojson', encode(toGeoJSON(villages)));
		expect(json.rows.map((r) => r.geometry)).toEqual(villages.geometry);
		expect(json.rows[0]!.parsed).toMatchObject({
			name: '白马村',
			code: '420325110201',
			people: 1288
		});
		const kml = await again('a.kml', encode(await toKML(villages)));
		expect(kml.name).toBe('村界');
		expect(kml.rows[0]!.geometry).toEqual(villages.geometry![0]);
		expect(kml.rows[0]!.parsed).toMatchObject({ name: '白马村', people: 1288 });
	});
});

describe('formulas (D-07)', () => {
	const table: Table = {
		title: '=T',
		headings: ['村', '问题描述', '责任人'],
		rows: hostile.map((h, i) => ['白马村', h, i])
	};
	it('never begin a CSV cell, and numbers stay numbers', () => {
		for (const h of hostile.slice(0, 12))
			expect(cell(h).replace(/^"/, ''), JSON.stringify(h)).toMatch(/^'/);
		expect([-5, '-5', '-5.2', null, 'a', NaN].map(cell)).toEqual(['-5', '-5', '-5.2', '', 'a', '']);
		expect(toCSV(table).startsWith('\ufeff村,问题描述,责任人\r\n')).toBe(true);
	});
	it('are text in a workbook', async () => {
		const sheet = new TextDecoder().decode(
			unzipSync(await toXLSX(table))['xl/worksheets/sheet1.xml']
		);
		expect(sheet).not.toMatch(/<f[ >]/);
	});
	it('come back as they were', async () => {
		for (const layer of [
			await again('a.csv', encode(toCSV(table))),
			await again('a.xlsx', await toXLSX(table))
		])
			expect(layer.rows.map((r) => r.values['问题描述'])).toEqual(
				hostile.map((h) => clean(h).text)
			);
	});
});
