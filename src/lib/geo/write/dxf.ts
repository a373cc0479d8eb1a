import { encodeGb18030, isGbk } from './gb18030';
import { drawnParts, planeFor, type OutParcel, type PlaneSettings } from './plane';

export type DxfSettings = PlaneSettings & {
	/** R2000 writes Chinese in code page 936, as old CAD wants it; R2007 in UTF-8. */
	version?: 'R2000' | 'R2007';
};

/**
 * A text DXF in metres of the zone: every ring a closed LWPOLYLINE on the layer of its kind, the name as a
 * text inside. The extended data says which parcel a ring belongs to, so that our reader puts parts and holes
 * together again.
 */
export function toDxf(parcels: readonly OutParcel[], settings: DxfSettings = {}): Uint8Array {
	const plane = planeFor(parcels, settings);
	const old = settings.version !== 'R2007';
	const drawn = parcels.map((p) => ({ p, parts: drawnParts(p, plane) }));
	const layers = [...new Set(parcels.map((p) => layerName(p.kind)))];
	const all = drawn.flatMap((d) => d.parts.flat(2));
	const extent = (k: 0 | 1) => {
		const values = all.map((q) => q[k]);
		return [
			values.reduce((a, b) => Math.min(a, b)),
			values.reduce((a, b) => Math.max(a, b))
		] as const;
	};
	const d = new Drawing();
	const [[w, e], [s, n]] = [extent(0), extent(1)];
	header(d, old, [w, s, e, n]);
	d.section('CLASSES', () => undefined);
	d.section('TABLES', () => tables(d, [...layers, ...layers.map(textLayer)]));
	d.section('BLOCKS', () => {
		block(d, '*Model_Space', d.model);
		block(d, '*Paper_Space', d.paper);
	});
	d.section('ENTITIES', () =>
		drawn.forEach(({ p, parts }, i) => {
			for (const ring of parts.flat()) polyline(d, layerName(p.kind), ring, `${i + 1} ${p.name}`);
			if (p.name && parts[0]) label(d, textLayer(layerName(p.kind)), parts[0], p.name);
		})
	);
	d.section('OBJECTS', () => dictionaries(d));
	d.pair(0, 'EOF');
	return old ? encodeGb18030(d.text(isGbk)) : new TextEncoder().encode(d.text(() => true));
}

const layerName = (kind = '地块'): string => kind.replace(/[<>/\\":;?*|=`,\r\n]/g, '_') || '地块';
const textLayer = (layer: string): string => `${layer}名称`;

/** Pairs of group code and value, and a new handle for everything that must have one. */
class Drawing {
	private readonly lines: string[] = [];
	private handle = 0x100;
	readonly model = '1F';
	readonly paper = '1B';

	pair(code: number, value: string | number): void {
		this.lines.push(String(code), typeof value === 'number' ? String(value) : oneLine(value));
	}

	/** Name, handle, owner and subclasses: how everything begins from R2000 on. */
	begin(type: string, owner: string, classes: string[], handle = this.next()): string {
		this.pair(0, type);
		this.pair(5, handle);
		this.pair(330, owner);
		for (const c of classes) this.pair(100, c);
		return handle;
	}

	next(): string {
		return (this.handle++).toString(16).toUpperCase();
	}

	section(name: string, fill: () => void): void {
		this.pair(0, 'SECTION');
		this.pair(2, name);
		fill();
		this.pair(0, 'ENDSEC');
	}

	/** What the code page does not hold is written as \U+XXXX. */
	text(holds: (c: string) => boolean): string {
		const units = (c: string) =>
			Array.from({ length: c.length }, (_, i) => c.charCodeAt(i))
				.map((u) => `\\U+${u.toString(16).toUpperCase().padStart(4, '0')}`)
				.join('');
		const body = this.lines
			.join('\r\n')
			.replace(/[\u0080-\u{10ffff}]/gu, (c) => (holds(c) ? c : units(c)));
		return `${body}\r\n`;
	}
}

/** A line break would be the next group; backslashes and braces mean something in CAD texts. */
const oneLine = (text: string): string =>
	text
		.replace(/[\r\n\t]+/g, ' ')
		.replace(/[\\{}^]/g, '_')
		.slice(0, 250);

function header(d: Drawing, old: boolean, [w, s, e, n]: [number, number, number, number]): void {
	d.section('HEADER', () => {
		const set = (name: string, ...pairs: [number, string | number][]) => {
			d.pair(9, name);
			for (const [c, v] of pairs) d.pair(c, v);
		};
		set('$ACADVER', [1, old ? 'AC1015' : 'AC1021']);
		set('$DWGCODEPAGE', [3, 'ANSI_936']);
		set('$INSUNITS', [70, 6]);
		set('$MEASUREMENT', [70, 1]);
		set('$LUPREC', [70, 3]);
		set('$EXTMIN', [10, w], [20, s], [30, 0]);
		set('$EXTMAX', [10, e], [20, n], [30, 0]);
		set('$HANDSEED', [5, 'FFFFFF']);
	});
}

function tables(d: Drawing, layers: string[]): void {
	const table = (name: string, handle: string, count: number, entries: () => void) => {
		d.pair(0, 'TABLE');
		d.pair(2, name);
		d.pair(5, handle);
		d.pair(330, '0');
		d.pair(100, 'AcDbSymbolTable');
		d.pair(70, count);
		if (name === 'DIMSTYLE') d.pair(100, 'AcDbDimStyleTable');
		entries();
		d.pair(0, 'ENDTAB');
	};
	const entry = (type: string, owner: string, kind: string, name: string, handle?: string) => {
		d.begin(type, owner, ['AcDbSymbolTableRecord', `AcDb${kind}TableRecord`], handle);
		d.pair(2, name);
		d.pair(70, 0);
	};
	table('VPORT', '8', 0, () => undefined);
	table('LTYPE', '5', 3, () => {
		for (const [name, handle] of [
			['ByBlock', '14'],
			['ByLayer', '15'],
			['Continuous', '16']
		] as const) {
			entry('LTYPE', '5', 'Linetype', name, handle);
			d.pair(3, '');
			d.pair(72, 65);
			d.pair(73, 0);
			d.pair(40, 0);
		}
	});
	table('LAYER', '2', layers.length + 1, () => {
		['0', ...layers].forEach((name, i) => {
			entry('LAYER', '2', 'Layer', name);
			d.pair(62, i === 0 ? 7 : ((i - 1) % 6) + 1);
			d.pair(6, 'Continuous');
		});
	});
	table('STYLE', '3', 1, () => {
		entry('STYLE', '3', 'TextStyle', 'Standard', '11');
		for (const [c, v] of [
			[40, 0],
			[41, 1],
			[50, 0],
			[71, 0],
			[42, 2.5]
		] as const)
			d.pair(c, v);
		d.pair(3, 'txt.shx');
		d.pair(4, 'gbcbig.shx');
	});
	table('VIEW', '6', 0, () => undefined);
	table('UCS', '7', 0, () => undefined);
	table('APPID', '9', 2, () => {
		entry('APPID', '9', 'RegApp', 'ACAD', '12');
		entry('APPID', '9', 'RegApp', 'XIANGTU');
	});
	table('DIMSTYLE', 'A', 0, () => undefined);
	table('BLOCK_RECORD', '1', 2, () => {
		for (const [name, handle] of [
			['*Model_Space', d.model],
			['*Paper_Space', d.paper]
		] as const) {
			d.begin('BLOCK_RECORD', '1', ['AcDbSymbolTableRecord', 'AcDbBlockTableRecord'], handle);
			d.pair(2, name);
		}
	});
}

function block(d: Drawing, name: string, owner: string): void {
	d.begin('BLOCK', owner, ['AcDbEntity']);
	d.pair(8, '0');
	d.pair(100, 'AcDbBlockBegin');
	d.pair(2, name);
	d.pair(70, 0);
	for (const c of [10, 20, 30]) d.pair(c, 0);
	d.pair(3, name);
	d.pair(1, '');
	d.begin('ENDBLK', owner, ['AcDbEntity']);
	d.pair(8, '0');
	d.pair(100, 'AcDbBlockEnd');
}

function polyline(d: Drawing, layer: string, ring: [number, number][], owner: string): void {
	d.begin('LWPOLYLINE', d.model, ['AcDbEntity']);
	d.pair(8, layer);
	d.pair(100, 'AcDbPolyline');
	d.pair(90, ring.length - 1);
	d.pair(70, 1);
	for (const [x, y] of ring.slice(0, -1)) {
		d.pair(10, x.toFixed(3));
		d.pair(20, y.toFixed(3));
	}
	d.pair(1001, 'XIANGTU');
	d.pair(1000, owner);
}

/** The name where the middle of the first part's box is; a twentieth of its width high. */
function label(d: Drawing, layer: string, part: [number, number][][], name: string): void {
	const outer = part[0]!;
	const xs = outer.map((p) => p[0]);
	const ys = outer.map((p) => p[1]);
	const low = (v: number[]) => v.reduce((a, b) => Math.min(a, b));
	const high = (v: number[]) => v.reduce((a, b) => Math.max(a, b));
	d.begin('TEXT', d.model, ['AcDbEntity']);
	d.pair(8, layer);
	d.pair(100, 'AcDbText');
	d.pair(10, ((low(xs) + high(xs)) / 2).toFixed(3));
	d.pair(20, ((low(ys) + high(ys)) / 2).toFixed(3));
	d.pair(30, 0);
	d.pair(40, Math.max((high(xs) - low(xs)) / 20, 0.5).toFixed(2));
	d.pair(1, name);
	d.pair(100, 'AcDbText');
}

function dictionaries(d: Drawing): void {
	d.begin('DICTIONARY', '0', ['AcDbDictionary'], 'C');
	d.pair(281, 1);
	d.pair(3, 'ACAD_GROUP');
	d.pair(350, 'D');
	d.begin('DICTIONARY', 'C', ['AcDbDictionary'], 'D');
	d.pair(281, 1);
}
