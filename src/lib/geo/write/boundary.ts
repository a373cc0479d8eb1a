import { encodeGb18030 } from './gb18030';
import { drawnArea, drawnParts, planeFor, type OutParcel, type PlaneSettings } from './plane';

export type BoundarySettings = PlaneSettings & {
	/** UTF-8 is written with a byte order mark. */
	encoding?: 'gb18030' | 'utf-8';
	/** 数据产生单位 and the ISO day of 数据产生日期. */
	producer?: string;
	day?: string;
};

/**
 * The boundary TXT of the land pre-approval system (domain.md E.3): X north, Y east, areas in hectares, rings
 * numbered from 1 in each parcel and closed by their first point.
 */
export function toBoundary(
	parcels: readonly OutParcel[],
	settings: BoundarySettings = {}
): Uint8Array {
	const plane = planeFor(parcels, settings);
	const lines = [
		'[属性描述]',
		'格式版本号=1.01版本',
		`数据产生单位=${inLine(settings.producer ?? '')}`,
		`数据产生日期=${settings.day ?? ''}`,
		'坐标系=2000国家大地坐标系',
		`几度分带=${plane.degrees}`,
		'投影类型=高斯克吕格',
		'计量单位=米',
		`带号=${plane.zone}`,
		'精度=0.001',
		'转换参数=,,,,,,',
		'[地块坐标]'
	];
	parcels.forEach((p, i) => {
		const parts = drawnParts(p, plane);
		const rings = parts.flat();
		const count = rings.reduce((n, r) => n + r.length, 0);
		const hectares = (drawnArea(parts) / 10_000).toFixed(4);
		const head = [count, hectares, p.code || i + 1, p.name, '面', p.sheet, p.use, p.landClass];
		lines.push([...head.map((c) => inCell(String(c ?? ''))), '@'].join(','));
		let number = 0;
		rings.forEach((ring, r) => {
			const first = number + 1;
			ring.forEach(([east, north], k) => {
				const name = k === ring.length - 1 ? first : ++number;
				lines.push(`J${name},${r + 1},${north.toFixed(3)},${east.toFixed(3)}`);
			});
		});
	});
	const text = `${lines.join('\r\n')}\r\n`;
	return settings.encoding === 'utf-8'
		? new TextEncoder().encode(`\ufeff${text}`)
		: encodeGb18030(text);
}

const inLine = (text: string): string => text.replace(/[\r\n]+/g, ' ').trim();
/** A comma would begin the next cell, in either width. */
const inCell = (text: string): string => inLine(text).replace(/[,，]/g, '、');
