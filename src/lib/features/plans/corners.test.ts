import { describe, expect, it } from 'vitest';
import { readFiles } from '$lib/geo/read';
import { parcelsOf } from '$lib/geo/parcels';
import { toPlane } from '$lib/geo/gauss';
import { cornersAsGeoJSON, cornersAsTxt, readCorners } from './corners';

const corners = [
	[110.01, 32.01],
	[110.012, 32.01],
	[110.012, 32.012],
	[110.01, 32.012]
];
const read = async (name: string, text: string) =>
	parcelsOf(await readFiles([{ name, bytes: new TextEncoder().encode(text) }], { kind: 'other' }))
		.parcels;

describe('typed corner points', () => {
	it('are read with names or without, in full-width signs, and the bad line is named', () => {
		expect(readCorners('J1,110.01,32.01\n\nJ2，110.012　32.01')).toEqual({
			points: [
				['110.01', '32.01'],
				['110.012', '32.01']
			],
			degrees: true,
			wrong: null
		});
		expect(readCorners('110.01 32.01\n只有一个 5')).toEqual({ points: null, wrong: 2 });
	});
	it('land where they were, as degrees in either order and as metres of the zone with prefix', async () => {
		const zone = { lon: 111, east: 37_500_000 };
		const metres = corners.map((p) => toPlane(p, zone));
		const texts = {
			'a.geojson': cornersAsGeoJSON(
				readCorners(corners.map((p) => p.join(' ')).join('\n')).points!
			),
			'b.geojson': cornersAsGeoJSON(
				readCorners(corners.map(([x, y]) => `${y},${x}`).join('\n')).points!
			),
			'c.txt': cornersAsTxt(readCorners(metres.map(([e, n]) => `${n} ${e}`).join('\n')).points!),
			'd.txt': cornersAsTxt(readCorners(metres.map(([e, n]) => `J9 ${e} ${n}`).join('\n')).points!)
		};
		for (const [name, text] of Object.entries(texts)) {
			const [parcel] = await read(name, text);
			expect(parcel, name).toBeDefined();
			for (const corner of corners)
				expect(
					parcel!.geometry.coordinates[0]![0]!.some(
						([x, y]) => Math.hypot(x! - corner[0]!, y! - corner[1]!) < 2e-8
					),
					`${name} ${corner}`
				).toBe(true);
		}
	});
});
