import type { Geometry, Position } from 'geojson';

/** A drawing of a few kilometres: degrees to pixels by one scale, north up, with room around it. */
export type Sketch = {
	width: number;
	height: number;
	toPixel: (p: Position) => [number, number];
	toPosition: (x: number, y: number) => [number, number];
	/** A round length for the scale bar, m, and how many pixels it is. */
	bar: { metres: number; pixels: number };
};

export const positionsOf = (g: Geometry): Position[] => {
	switch (g.type) {
		case 'Point':
			return [g.coordinates];
		case 'LineString':
		case 'MultiPoint':
			return g.coordinates;
		case 'Polygon':
		case 'MultiLineString':
			return g.coordinates.flat();
		case 'MultiPolygon':
			return g.coordinates.flat(2);
		case 'GeometryCollection':
			return g.geometries.flatMap(positionsOf);
	}
};

export function sketchOf(geometries: readonly Geometry[], width = 900, height = 560): Sketch {
	const all = geometries.flatMap(positionsOf);
	const lons = all.length ? all.map((p) => p[0]!) : [110];
	const lats = all.length ? all.map((p) => p[1]!) : [32];
	const [west, east] = [Math.min(...lons), Math.max(...lons)];
	const [south, north] = [Math.min(...lats), Math.max(...lats)];
	const shorten = Math.cos((((south + north) / 2) * Math.PI) / 180);
	// At least 400 m across, so that one point is not all of the drawing.
	const spanX = Math.max((east - west) * shorten, 0.0036);
	const spanY = Math.max(north - south, 0.0036);
	const scale = Math.min((width - 120) / spanX, (height - 120) / spanY);
	const [midX, midY] = [(west + east) / 2, (south + north) / 2];
	const pixelsPerMetre = scale / 111_320;
	const steps = [20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000];
	const metres = steps.find((s) => s * pixelsPerMetre >= 70) ?? steps.at(-1)!;
	return {
		width,
		height,
		toPixel: (p) => [
			width / 2 + (p[0]! - midX) * shorten * scale,
			height / 2 - (p[1]! - midY) * scale
		],
		toPosition: (x, y) => [
			Math.round((midX + (x - width / 2) / scale / shorten) * 1e6) / 1e6,
			Math.round((midY - (y - height / 2) / scale) * 1e6) / 1e6
		],
		bar: { metres, pixels: metres * pixelsPerMetre }
	};
}

export const pathOf = (sketch: Sketch, line: readonly Position[], close = false): string =>
	line
		.map((p, i) => {
			const [x, y] = sketch.toPixel(p);
			return `${i ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`;
		})
		.join('') + (close ? 'Z' : '');
