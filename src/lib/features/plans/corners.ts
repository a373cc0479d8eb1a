/**
 * Corner points as somebody typed or pasted them, one a line, a name before them or not: degrees, or metres of a
 * zone in either order. What they mean is the boundary reader's to say.
 */
export type Typed =
	{ points: [string, string][]; degrees: boolean; wrong: null } | { points: null; wrong: number };

export function readCorners(text: string): Typed {
	const points: [string, string][] = [];
	const lines = text.normalize('NFKC').split(/\r?\n/);
	for (const [i, line] of lines.entries()) {
		if (line.trim() === '') continue;
		const numbers = line.match(/(?<![A-Za-z\d.])-?\d+(?:\.\d+)?/g) ?? [];
		const [a, b] = numbers.slice(-2);
		if (a === undefined || b === undefined) return { points: null, wrong: i + 1 };
		points.push([a, b]);
	}
	const degrees = points.every(
		([a, b]) => Math.abs(Number(a)) <= 180 && Math.abs(Number(b)) <= 180
	);
	return { points, degrees, wrong: null };
}

/** As a boundary TXT, so that zone, prefix and order are read in one place. */
export const cornersAsTxt = (points: readonly [string, string][]): string =>
	[
		'[属性描述]',
		'坐标系=2000国家大地坐标系',
		'几度分带=3',
		'投影类型=高斯克吕格',
		'计量单位=米',
		'[地块坐标]',
		`${points.length},,1,,面,,,,@`,
		...points.map(([a, b], i) => `J${i + 1},1,${a},${b}`),
		`J1,1,${points[0]!.join()}`
	].join('\r\n');

/** As GeoJSON, of degrees in either order: in China a longitude is larger than any latitude. */
export function cornersAsGeoJSON(points: readonly [string, string][]): string {
	const ring = points.map(([a, b]) => {
		const [x, y] = [Number(a), Number(b)];
		return x > y ? [x, y] : [y, x];
	});
	return JSON.stringify({
		type: 'FeatureCollection',
		features: [
			{
				type: 'Feature',
				properties: {},
				geometry: { type: 'Polygon', coordinates: [[...ring, ring[0]]] }
			}
		]
	});
}
