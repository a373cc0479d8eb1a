import type { Geometry, Position } from 'geojson';
import type { FeatureKind } from '$lib/domain/project';
import type { Draft, Layer, Problem, Row } from '$lib/geo/draft';
import type { Payload } from '$lib/domain/op';

type Drawn = Payload<'feature.create'>['geometry'];
/** Something a file holds that could become a feature. `inside`: it lies in the township, as far as that is known. */
export type Found = {
	key: string;
	name: string;
	kind: FeatureKind;
	geometry: Drawn;
	inside: boolean;
};
/** As many as a person can check by eye; an op carries lines and rings of at most 5,000 corners. */
export const mostFound = 200;
const mostCorners = 5000;

/** What names say of kinds; the first that fits. */
const words: [FeatureKind, RegExp][] = [
	['toilet', /厕|卫生间|洗手间|toilet|wc/i],
	['parking', /停车|车场|parking/i],
	['centre', /游客.*中心|服务中心|服务点|visitor/i],
	['entrance', /入口|大门|门楼|牌坊|entrance|gate/i],
	['sign', /标识|标牌|导览|指示|全景图|警示牌|sign/i],
	['charging', /充电|charging/i],
	['stop', /公交|车站|码头|客运|站点|stop|pier/i],
	['route', /游线|步道|绿道|栈道|游览|trail|route/i],
	['road', /道路|公路|村道|路$|road/i],
	['lodging', /民宿|住宿|客栈|宾馆|酒店|lodg|homestay|hotel/i],
	['food', /餐|农家乐|饭|food|restaurant/i],
	['shop', /购物|商店|超市|特产|shop/i],
	['safety', /消防|安全|医疗|急救|监控|safety/i],
	['waste', /垃圾|环卫|waste/i],
	['sewage', /污水|sewage/i],
	['rest', /休息|凉亭|座椅|广场|rest/i],
	['water', /河|塘|湖|溪|水库|水面|river|pond|lake/i]
];

export function kindOf(name: string, geometry: Geometry): FeatureKind {
	const said = words.find(([, test]) => test.test(name))?.[0];
	return said ?? (geometry.type === 'LineString' ? 'route' : 'sight');
}

const nameless = new Set(['serial', 'lon', 'lat', 'lonlat', 'phone', 'code']);
/** The name a row gives itself: the column that says so, else its first words. */
function nameOf({ columns }: Layer, { values }: Row): string {
	const column =
		columns.find((c) => c.meaning === 'name') ??
		columns.find(
			(c) =>
				!nameless.has(c.meaning ?? '') &&
				typeof values[c.name] === 'string' &&
				/\p{L}/u.test(String(values[c.name]))
		);
	return String((column && values[column.name]) ?? '')
		.trim()
		.slice(0, 80);
}

/** Parts of a whole one by one; what an op cannot carry is left out. */
function partsOf(g: Geometry): Drawn[] {
	const flat = (p: Position): [number, number] => [p[0]!, p[1]!];
	const few = (line: Position[]) => line.length <= mostCorners;
	switch (g.type) {
		case 'Point':
			return [{ type: 'Point', coordinates: flat(g.coordinates) }];
		case 'MultiPoint':
			return g.coordinates.map((p) => ({ type: 'Point', coordinates: flat(p) }));
		case 'LineString':
			return few(g.coordinates)
				? [{ type: 'LineString', coordinates: g.coordinates.map(flat) }]
				: [];
		case 'MultiLineString':
			return g.coordinates.flatMap((c) => partsOf({ type: 'LineString', coordinates: c }));
		case 'Polygon':
			return g.coordinates.length <= 50 && g.coordinates.every(few)
				? [{ type: 'Polygon', coordinates: g.coordinates.map((ring) => ring.map(flat)) }]
				: [];
		case 'MultiPolygon':
			return g.coordinates.flatMap((c) => partsOf({ type: 'Polygon', coordinates: c }));
		case 'GeometryCollection':
			return g.geometries.flatMap(partsOf);
	}
}

const firstOf = (g: Drawn): [number, number] =>
	g.type === 'Point'
		? g.coordinates
		: g.type === 'LineString'
			? g.coordinates[0]!
			: g.coordinates[0]![0]!;

/** All points, lines and areas of a draft. `box`: west, south, east, north of the township, where it is known. */
export function foundIn(draft: Draft, box: readonly number[] | null): Found[] {
	const within = (g: Drawn) => {
		const [x, y] = firstOf(g);
		return !box || (x >= box[0]! && y >= box[1]! && x <= box[2]! && y <= box[3]!);
	};
	return draft.layers.flatMap((layer) =>
		layer.rows.flatMap((row) =>
			(row.geometry ? partsOf(row.geometry) : []).map((geometry, i) => {
				const name = nameOf(layer, row);
				return {
					key: `${layer.id}/${row.n}/${i}`,
					name,
					kind: kindOf(name, geometry),
					geometry,
					inside: within(geometry)
				};
			})
		)
	);
}

/** What went wrong while reading, worst first; notes are of no use here. */
export const troubles = (draft: Draft): Problem[] =>
	draft.problems
		.filter((p) => p.severity !== 'note')
		.sort((a, b) => +(b.severity === 'error') - +(a.severity === 'error'));

/** Reads files in this browser: nothing leaves it before somebody presses add. */
export async function readPlaces(files: readonly File[], box: Bounds | null): Promise<Draft> {
	const [{ readFiles }, inputs] = await Promise.all([
		import('$lib/geo/read'),
		Promise.all(
			files.map(async (f) => ({ name: f.name, bytes: new Uint8Array(await f.arrayBuffer()) }))
		)
	]);
	return readFiles(inputs, { kind: 'other', ...(box && { box }) });
}
type Bounds = [number, number, number, number];
