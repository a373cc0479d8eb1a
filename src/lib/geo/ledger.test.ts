import { describe, expect, it } from 'vitest';
import type { Draft, ParsedOf, Settings, TaskRow } from './draft';
import { readFiles } from './read';

const codes = (d: Draft, severity?: string) =>
	d.problems.filter((p) => !severity || p.severity === severity).map((p) => p.code);
const csv = (content: string, settings?: Settings) =>
	readFiles([{ name: '台账.csv', bytes: new TextEncoder().encode(content) }], settings);
const parsed = <K extends keyof ParsedOf>(d: Draft, i = 0) =>
	d.layers[0]!.rows[i]!.parsed as ParsedOf[K];

describe('ledgers', () => {
	const head = '序号,行政村,问题描述,责任人,整改时限,整改情况,是否销号,核查人\n';
	it('believes no acceptance of what is not done, or by the one who did it', async () => {
		const d = await csv(
			head +
				'1,白马村,乱堆,李一,2026-6-1,整改中,是,王二\n2,白马村,乱堆,李一,2026-6-1,已完成,是,李一\n3,白马村,乱堆,李一,2026-6-1,已完成,是,王二\n4,白马村,乱堆,,,,,\n'
		);
		expect(d.layers[0]!.rows.map((r) => (r.parsed as TaskRow).state)).toEqual([
			'said',
			'done',
			'proven',
			'found'
		]);
		expect(codes(d, 'warning')).toEqual(['proven_but_not_done', 'proven_by_own']);
		expect(d.problems.find((p) => p.code === 'proven_by_own')).toMatchObject({
			line: 3,
			column: '核查人'
		});
	});
	it('finds headings under titles, of two lines, and keeps unknown columns', async () => {
		const d = await csv(
			'云溪镇台账（2025年）,,,,,\n序号,行政村,问题描述,坐标,,网格员\n,,,经度,纬度,\n1,白马村 ,户厕损坏,110.75,32.6,张三\n,,合计,,,\n填报人：李四,,,,,\n'
		);
		expect(d.layers[0]!.columns.map((c) => [c.name, c.meaning])).toEqual([
			['序号', 'serial'],
			['行政村', 'village'],
			['问题描述', 'title'],
			['经度', 'lon'],
			['纬度', 'lat'],
			['网格员', null]
		]);
		expect(d.layers[0]!.count).toBe(1);
		expect(d.layers[0]!.rows[0]).toMatchObject({
			n: 4,
			geometry: { type: 'Point', coordinates: [110.75, 32.6] }
		});
	});
	it('reads projected X and Y, swapped columns, and one column of pairs', async () => {
		const xy = await csv('村,问题描述,X,Y\n白马村,乱堆,3608405.335,37481225.459\n');
		expect(
			(xy.layers[0]!.rows[0]!.geometry as { coordinates: number[] }).coordinates[0]
		).toBeCloseTo(110.8, 6);
		expect(xy.layers[0]!.crs).toBe('EPSG:4525');
		const swapped = await csv('村,问题描述,经度,纬度\n白马村,乱堆,32.6,110.8\n');
		expect(swapped.layers[0]!.rows[0]!.geometry).toMatchObject({ coordinates: [110.8, 32.6] });
		expect(codes(swapped)).toContain('coordinate_swapped');
		const pair = await csv('村,问题描述,经纬度\n白马村,乱堆,"110.8, 32.6"\n');
		expect(pair.layers[0]!.rows[0]!.geometry).toMatchObject({ coordinates: [110.8, 32.6] });
	});
	it('asks for the zone, and finds it when the township is known', async () => {
		const content = '村,问题描述,X,Y\n白马村,乱堆,3608405.335,481225.459\n';
		expect(codes(await csv(content), 'error')).toEqual(['zone_missing']);
		const near = await csv(content, { box: [110.7, 32.5, 110.9, 32.7] });
		expect(near.layers[0]!.crs).toBe('EPSG:4546');
		const told = await csv(content, { files: { '台账.csv': { crs: '4546' } } });
		expect(told.layers[0]!.rows[0]!.geometry).toEqual(near.layers[0]!.rows[0]!.geometry);
	});
	it('reads plans and projects', async () => {
		const plans = await csv(
			'项目名称,行政村,建设内容,总投资（元）,用地面积（公顷）,责任单位\n茶园,白马村,种茶,120000,2,农办\n'
		);
		expect(plans.layers[0]!.kind).toBe('plans');
		expect(parsed<'plans'>(plans)).toMatchObject({ name: '茶园', investWan: 12, landMu: 30 });
		const projects = await csv('景区名称,行政村,创建等级,责任人\n古井景区村,古井村,3A级,李一\n');
		expect(projects.layers[0]!.kind).toBe('projects');
		expect(parsed<'projects'>(projects)).toMatchObject({
			targetGrade: 'AAA',
			unitName: '古井景区村'
		});
	});
	it.each(['gb18030', 'utf-16le', 'utf-8'])('reads %s', async (encoding) => {
		const content = '村,问题描述,责任人\n白马村,乱堆乱放,李一\n';
		let bytes = new TextEncoder().encode(content);
		if (encoding === 'utf-16le') bytes = new Uint8Array(Buffer.from('\ufeff' + content, 'utf16le'));
		if (encoding === 'gb18030')
			bytes = new Uint8Array(
				Buffer.from(
					'b4e52ccecacce2c3e8caf62cd4f0c8cec8cb0ab0d7c2edb4e52cc2d2b6d1c2d2b7c52cc0eed2bb0a',
					'hex'
				)
			);
		const d = await readFiles([{ name: 'a.csv', bytes }]);
		expect(parsed<'tasks'>(d)).toMatchObject({
			villageName: '白马村',
			title: '乱堆乱放',
			answers: '李一',
			category: 'HEAP'
		});
	});
	it('reads semicolons, tabs, quotes with line breaks, and telephones as text', async () => {
		const d = await csv('村;问题描述;责任人;联系电话\n白马村;"一堆;\n""草""";李一;013800000000\n');
		expect(d.layers[0]!.rows[0]!.values).toMatchObject({
			问题描述: '一堆;\n"草"',
			联系电话: '013800000000'
		});
	});
});
