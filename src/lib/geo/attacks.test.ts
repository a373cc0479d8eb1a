import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { rowsOf } from './draft';
import { readFiles } from './read';
import { limits } from './limits';

const bytes = (text: string) => new TextEncoder().encode(text);
const read = async (b: Uint8Array, name: string) => {
	const begin = performance.now();
	const d = await readFiles([{ name, bytes: b }]);
	expect(performance.now() - begin).toBeLessThan(5000);
	return { codes: d.problems.map((p) => p.code), rows: rowsOf(d), draft: d };
};

describe('XML that means harm (E-06)', () => {
	const kml = (inside: string, head = '') =>
		bytes(
			`<?xml version="1.0"?>${head}<kml xmlns="http://www.opengis.net/kml/2.2"><Document>${inside}</Document></kml>`
		);
	const mark =
		'<Placemark><name>a</name><Point><coordinates>110,32</coordinates></Point></Placemark>';
	it.each([
		['DTD', '<!DOCTYPE kml>'],
		['billion laughs', '<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;">]>'],
		['XXE', '<!DOCTYPE kml [<!ENTITY x SYSTEM "file:///etc/passwd">]>']
	])('%s is refused', async (_, head) => {
		expect((await read(kml(mark, head), 'a.kml')).codes).toEqual(['xml_doctype']);
	});
	it('follows no link, loads no icon, and makes text of HTML', async () => {
		const { codes, draft } = await read(
			kml(
				`<Style><IconStyle><Icon><href>https://evil.example/x.png</href></Icon></IconStyle></Style><NetworkLink><Link><href>https://evil.example</href></Link></NetworkLink><Placemark><name>b &lt;script&gt;</name><description><![CDATA[<b>a</b><script>alert(1)</script><img src=x onerror=alert(1)><br>威胁户数: 7]]></description><Point><coordinates>110,32</coordinates></Point></Placemark>`
			),
			'a.kml'
		);
		expect(codes).toEqual(['kml_links_left_out', 'kml_icons_left_out']);
		expect(draft.layers[0]!.rows[0]!.values).toMatchObject({
			description: 'a\n威胁户数: 7',
			威胁户数: '7'
		});
	});
	it('leaves unknown entities, deep and broken texts alone', async () => {
		expect(
			(await read(kml(mark.replace('>a<', '>&lol;&#0;&#x41;<')), 'a.kml')).rows[0]!.values['name']
		).toBe('&lol;A');
		expect((await read(bytes('<kml>' + '<Folder>'.repeat(5000)), 'a.kml')).codes).toEqual([
			'xml_too_deep'
		]);
		expect((await read(bytes('<kml><Placemark></kml>'), 'a.kml')).codes).toEqual(['xml_broken']);
	});
	it('is quick with one endless line, many brackets and huge texts', async () => {
		await read(bytes('<kml>' + mark.repeat(20_000) + '</kml>'), 'a.kml');
		await read(bytes('<kml>' + '<'.repeat(3_000_000)), 'a.kml');
		await read(
			kml(`<Placemark><description>${'&lt;'.repeat(500_000)}</description></Placemark>`),
			'a.kml'
		);
		await read(
			kml(
				`<Placemark><description><![CDATA[${'<script>'.repeat(200_000)}]]></description></Placemark>`
			),
			'a.kml'
		);
	});
});

describe('keys and cells that mean harm (E-05, E-07)', () => {
	it('pollutes nothing', async () => {
		const json = bytes(
			'{"type":"Feature","properties":{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"toString":"x","name":"白马村"},"geometry":null,"__proto__":{"polluted":1}}'
		);
		const csv = bytes('__proto__,constructor,toString,村,问题描述\na,b,c,白马村,乱堆\n');
		const kml = bytes(
			'<kml><Placemark><ExtendedData><Data name="__proto__"><value>x</value></Data></ExtendedData></Placemark></kml>'
		);
		const d = await readFiles(
			[
				['__proto__', json],
				['a.json', json],
				['a.csv', csv],
				['a.kml', kml]
			].map(([name, b]) => ({ name: name as string, bytes: b as Uint8Array })),
			JSON.parse('{"files":{"__proto__":{"crs":"x"}},"layers":{"__proto__":{"kind":"plans"}}}')
		);
		expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
		for (const layer of d.layers)
			for (const row of layer.rows) {
				expect(Object.getPrototypeOf(row.values)).toBeNull();
				expect(Object.keys(row.values)).not.toContain('__proto__');
				expect(Object.keys({ ...row.values }).length).toBe(Object.keys(row.values).length);
			}
		expect(d.layers.find((l) => l.file === 'a.csv')!.rows[0]!.values).toHaveProperty(
			'(__proto__)',
			'a'
		);
	});
	it('caps rows, columns, features, points and texts', async () => {
		const row = '白马村,乱堆,李一\n';
		expect(
			(await read(bytes('村,问题描述,责任人\n' + row.repeat(limits.rows + 10)), 'a.csv')).codes
		).toContain('too_many_features');
		expect(
			(await read(bytes('村,问题描述,责任人\n' + row.repeat(limits.rows + 100)), 'a.csv')).codes
		).toContain('too_many_rows');
		expect((await read(bytes(`村,问题描述,责任人${',x'.repeat(300)}\n`), 'a.csv')).codes).toContain(
			'too_many_columns'
		);
		const long = await read(
			bytes(`村,问题描述,责任人\n白马村,${'字'.repeat(5000)},李一\n`),
			'a.csv'
		);
		expect(long.codes).toContain('text_cut');
		expect(long.rows[0]!.parsed).toMatchObject({ title: '字'.repeat(200) });
		const many = `{"type":"MultiPoint","coordinates":[${'[110,32],'.repeat(500_001)}[110,32]]}`;
		expect((await read(bytes(many), 'a.json')).codes).toContain('too_many_vertices');
	});
	it('strips control characters and half surrogates, and says so', async () => {
		const d = await read(
			bytes('村,问题描述,责任人\n白\u0000马\u202e村,乱\u0007堆,李一\n'),
			'a.csv'
		);
		expect(d.rows[0]!.parsed).toMatchObject({ villageName: '白马村', title: '乱堆' });
		expect(d.codes).toContain('control_characters');
		const half = await read(
			bytes('{"type":"Feature","properties":{"name":"a\\ud800b"},"geometry":null}'),
			'a.json'
		);
		expect(half.rows[0]!.values['name']).toBe('a\ufffdb');
	});
	it('refuses more than 50 MB before looking', async () => {
		expect((await read(new Uint8Array(limits.bytes + 1), 'a.json')).codes).toEqual([
			'file_too_large'
		]);
	});
});

describe('drawings and databases that mean harm (E-04)', () => {
	const dxf = (body: string) => bytes(`0\nSECTION\n2\nENTITIES\n${body}0\nENDSEC\n0\nEOF\n`);
	const database = () =>
		new Uint8Array(
			readFileSync('tests/fixtures/import/gpkg/parcels512.gpkg')
		) as Uint8Array<ArrayBuffer>;

	it('a drawing of nothing but bent sides, of many layers, of endless lines', async () => {
		const bent = '10\n481200\n20\n3608400\n42\n1\n10\n481300\n20\n3608400\n42\n1\n';
		expect(
			(await read(dxf(`0\nLWPOLYLINE\n8\n0\n70\n1\n${bent.repeat(50_000)}`), 'a.dxf')).codes
		).toEqual(['too_many_vertices']);
		let layers = '';
		for (let i = 0; i < 20_000; i++) layers += `0\nPOINT\n8\nL${i}\n10\n481200\n20\n3608400\n`;
		expect((await read(dxf(layers), 'a.dxf')).codes).toContain('too_many_layers');
		expect((await read(dxf('x'.repeat(5_000_000)), 'a.dxf')).codes).toEqual(['dxf_broken']);
		const nested = Array.from(
			{ length: 1900 },
			(_, i) =>
				`0\nLWPOLYLINE\n8\n0\n70\n1\n10\n${481200 + i}\n20\n3608400\n10\n${490000 - i}\n20\n3608400\n10\n485000\n20\n${3620000 - i}\n`
		);
		await read(dxf(nested.join('')), 'a.dxf');
	});
	it('a database whose pages go round in circles', async () => {
		for (let seed = 0; seed < 60; seed++) {
			const b = database();
			const view = new DataView(b.buffer);
			// Every interior page, and every overflow page, sent back to some page.
			for (let page = 1 + (seed % 2); page < b.length / 512; page++) {
				const at = page * 512;
				if (b[at] === 5) view.setUint32(at + 8, 1 + ((page * 7 + seed) % 60));
				else if (b[at] !== 13 && b[at] !== 2 && b[at] !== 10)
					view.setUint32(at, 1 + ((page + seed) % 60));
			}
			const { draft } = await read(b, 'a.gpkg');
			expect(draft.problems.length + rowsOf(draft).length).toBeGreaterThan(0);
		}
	});
	it('corners on a line of blanks without end', async () => {
		await read(bytes(`1 3608400 37481200\n${' '.repeat(2_000_000)}x`), 'a.corners');
		await read(bytes(`1 3608400 37481200\n2${' '.repeat(15_000)}\n3 1 1`), 'a.txt');
	});
});
