import type { Position } from 'geojson';
import { limits } from '../limits';
import { Refused } from '../problems';

const kinds = [
	'',
	'Point',
	'LineString',
	'Polygon',
	'MultiPoint',
	'MultiLineString',
	'MultiPolygon',
	'GeometryCollection'
] as const;

/**
 * A geometry in the well-known binary of ISO or of PostGIS; heights and measures are left out, curves are
 * refused. Counts are held against the bytes that are left before anything is made.
 */
export function readWkb(bytes: Uint8Array, from: number, spend: (points: number) => void): unknown {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	let at = from;
	const need = (n: number) => {
		if (n > bytes.length - at) throw new Refused('geometry_not_read');
	};
	const geometry = (depth: number): { type: string; [key: string]: unknown } => {
		if (depth > limits.depth) throw new Refused('geometry_too_deep', { limit: limits.depth });
		// A ring or a part counts like a point, so that millions of empty ones are noticed.
		spend(1);
		need(5);
		const little = view.getUint8(at) === 1;
		const code = view.getUint32(at + 1, little);
		at += 5;
		if (code & 0x20000000) {
			need(4);
			at += 4;
		}
		const plain = (code & 0xffff) % 1000;
		const iso = Math.floor((code & 0xffff) / 1000);
		const z = iso === 1 || iso === 3 || (code & 0x80000000) !== 0;
		const m = iso === 2 || iso === 3 || (code & 0x40000000) !== 0;
		const size = 16 + (z ? 8 : 0) + (m ? 8 : 0);
		const type = kinds[plain];
		if (!type) throw new Refused('geometry_type', { type: String(code) });
		const count = (each: number): number => {
			need(4);
			const n = view.getUint32(at, little);
			at += 4;
			if (n * each > bytes.length - at) throw new Refused('geometry_not_read');
			return n;
		};
		const point = (): Position => {
			need(size);
			const p = [view.getFloat64(at, little), view.getFloat64(at + 8, little)];
			at += size;
			return p;
		};
		const line = (): Position[] => {
			const n = count(size);
			spend(n + 1);
			return Array.from({ length: n }, point);
		};
		switch (type) {
			case 'Point':
				return { type, coordinates: point() };
			case 'LineString':
				return { type, coordinates: line() };
			case 'Polygon':
				return { type, coordinates: Array.from({ length: count(4) }, line) };
			case 'GeometryCollection':
				return { type, geometries: Array.from({ length: count(5) }, () => geometry(depth + 1)) };
			default:
				return {
					type,
					coordinates: Array.from({ length: count(5) }, () => {
						const inner = geometry(depth + 1);
						if (`Multi${inner.type}` !== type) throw new Refused('geometry_not_read');
						return inner['coordinates'];
					})
				};
		}
	};
	return geometry(0);
}
