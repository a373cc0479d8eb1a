import type { MultiPolygon } from 'geojson';
import { geodesicArea, planeArea, squareMetresPerMu } from './area';
import type { Box } from './crs';
import type { Draft, Layer, Meaning, Row, Value } from './draft';
import { zoneOf } from './gauss';
import { boxOf } from './geometry';
import { splitHeading } from './ledger/headings';
import { readNumber } from './ledger/numbers';
import { compareStated, landUnitIn, type LandUnit, type Stated } from './stated';

/** A parcel as a file gives it, with where it would land and how big it is. Plain JSON. */
export type Parcel = {
	file: string;
	layer: string;
	/** Line or number of the feature. */
	line: number;
	name: string;
	code: string;
	use: string;
	landClass: string;
	/** Lon/lat (CGCS2000), outer rings counter-clockwise. */
	geometry: MultiPolygon;
	box: Box;
	/** Middle of the box. */
	at: [number, number];
	crs: string;
	method: Layer['method'];
	confidence: number;
	/** True when it may be metres off: never a survey. */
	approximate: boolean;
	/** Number of its own 3° zone, in whose plane the area is. */
	zone: number;
	squareMetres: number;
	mu: number;
	hectares: number;
	/** On the ellipsoid, to check with: up to 0.05 % less at the edge of the zone. */
	geodesicSquareMetres: number;
	/** The area the file states against the drawn one; null when it states none. */
	stated: Stated | null;
	/** Corners without closing points. */
	corners: number;
	/** Kilometres from the township's box, 0 inside; null when that box is not known. */
	kmOutside: number | null;
};

/** What was drawn but does not come in, with the place where it breaks if there is one. */
export type RefusedShape = {
	file: string;
	layer: string | null;
	line: number | null;
	code: string;
	at: [number, number] | null;
};
export type ParcelSheet = { parcels: Parcel[]; refused: RefusedShape[] };

/**
 * The areas of a draft as parcels. Read the files with `kind: 'other'`, so that no row has to be a plan with
 * a name; everything that was guessed is in the draft's files, everything to say in its problems.
 */
export function parcelsOf(draft: Draft, township: Box | null = null): ParcelSheet {
	const parcels: Parcel[] = [];
	for (const layer of draft.layers)
		for (const row of layer.rows as Row[]) {
			const shape = row.geometry;
			if (shape?.type === 'Polygon')
				parcels.push(
					parcelOf(layer, row, { type: 'MultiPolygon', coordinates: [shape.coordinates] }, township)
				);
			else if (shape?.type === 'MultiPolygon') parcels.push(parcelOf(layer, row, shape, township));
		}
	const refused = draft.problems
		.filter((p) => p.severity === 'error')
		.map((p) => ({
			file: p.file,
			layer: p.layer,
			line: p.line,
			code: p.code,
			at:
				'lon' in p.values
					? ([Number(p.values['lon']), Number(p.values['lat'])] as [number, number])
					: null
		}));
	return { parcels, refused };
}

function parcelOf(layer: Layer, row: Row, geometry: MultiPolygon, township: Box | null): Parcel {
	const box = boxOf([geometry])!;
	const at: [number, number] = [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
	const zone = zoneOf(at[0]);
	const squareMetres = planeArea(geometry, { lon: zone * 3, east: 500_000 });
	const text = (...ways: (Meaning | RegExp)[]) => textOf(layer, row, ways);
	return {
		file: layer.file,
		layer: layer.id,
		line: row.n,
		name: text(/^(地块|项目)?名称$/, 'project', 'name', 'title'),
		code: text(/编号$/, 'code', 'serial'),
		use: text(/用途/),
		landClass: text(/地类/),
		geometry,
		box,
		at,
		crs: layer.crs,
		method: layer.method,
		confidence: layer.confidence,
		approximate: layer.approximate === true,
		zone,
		squareMetres,
		mu: squareMetres / squareMetresPerMu,
		hectares: squareMetres / 10_000,
		geodesicSquareMetres: geodesicArea(geometry),
		stated: squareMetres > 0 ? statedIn(layer, row, squareMetres) : null,
		corners: geometry.coordinates.flat().reduce((n, ring) => n + ring.length - 1, 0),
		kmOutside: township && kmBetween(box, township)
	};
}

function textOf(layer: Layer, row: Row, ways: (Meaning | RegExp)[]): string {
	for (const way of ways)
		for (const c of layer.columns) {
			const value: Value = row.values[c.name] ?? null;
			const fits = typeof way === 'string' ? c.meaning === way : way.test(c.name);
			if (fits && value !== null) return String(value);
		}
	return '';
}

/** The first column about land with a number in it; its unit is in the cell, in the heading, or hectares. */
function statedIn(layer: Layer, row: Row, drawn: number): Stated | null {
	for (const c of layer.columns) {
		if (c.meaning !== 'land' && !/面积|公顷|亩数/.test(c.name)) continue;
		const found = readNumber(row.values[c.name] ?? null);
		if (!found || found.number <= 0) continue;
		const heading = splitHeading(c.name);
		const said: LandUnit =
			landUnitIn(found.rest) ?? landUnitIn(heading.unit) ?? landUnitIn(c.name) ?? '公顷';
		return compareStated(found.number, said, drawn);
	}
	return null;
}

/** Kilometres between two boxes of degrees, 0 when they touch. */
function kmBetween([w, s, e, n]: Box, [tw, ts, te, tn]: Box): number {
	const dx = Math.max(tw - e, w - te, 0) * Math.cos((((s + n) / 2) * Math.PI) / 180);
	const dy = Math.max(ts - n, s - tn, 0);
	return Math.hypot(dx, dy) * 111.2;
}
