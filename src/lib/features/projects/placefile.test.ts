import { expect, test } from 'vitest';
import { foundIn, kindOf, readPlaces, troubles } from './placefile';

const file = (name: string, text: string) => new File([text], name);
const township: [number, number, number, number] = [110.7, 32.5, 110.9, 32.7];
const kml = `<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2"><Document>
<Placemark><name>北入口停车场</name><Point><coordinates>110.81,32.61,0</coordinates></Point></Placemark>
<Placemark><name>环村绿道</name><LineString><coordinates>110.80,32.60 110.81,32.61 110.82,32.61</coordinates></LineString></Placemark>
<Placemark><name>别处的厕所</name><Point><coordinates>113.2,23.1,0</coordinates></Point></Placemark>
</Document></kml>`;

test('an office file becomes features with their names, their kinds guessed, and what lies elsewhere is known', async () => {
	const found = foundIn(await readPlaces([file('点位.kml', kml)], township), township);
	expect(found.map((f) => [f.name, f.kind, f.geometry.type, f.inside])).toEqual([
		['北入口停车场', 'parking', 'Point', true],
		['环村绿道', 'route', 'LineString', true],
		['别处的厕所', 'toilet', 'Point', false]
	]);
	expect(found[1]!.geometry.coordinates[0]).toEqual([110.8, 32.6]);
	expect(new Set(found.map((f) => f.key)).size).toBe(3);
});

test('parts of a whole come one by one, rings keep their holes', async () => {
	const square = (w: number, n: number) => [
		[w, n],
		[w + 0.01, n],
		[w + 0.01, n + 0.01],
		[w, n + 0.01],
		[w, n]
	];
	const geojson = JSON.stringify({
		type: 'FeatureCollection',
		features: [
			{
				type: 'Feature',
				properties: { 名称: '荷塘' },
				geometry: {
					type: 'MultiPolygon',
					coordinates: [[square(110.8, 32.6)], [square(110.82, 32.6)]]
				}
			}
		]
	});
	const found = foundIn(await readPlaces([file('a.geojson', geojson)], null), null);
	expect(found.map((f) => [f.name, f.kind, f.geometry.type])).toEqual([
		['荷塘', 'water', 'Polygon'],
		['荷塘', 'water', 'Polygon']
	]);
});

test('what is no map file is a trouble and gives nothing', async () => {
	const draft = await readPlaces([file('a.kml', 'not xml at all')], null);
	expect(foundIn(draft, null)).toEqual([]);
	expect(troubles(draft).length).toBeGreaterThan(0);
});

test('kinds by name come before kinds by shape', () => {
	const point = { type: 'Point' as const, coordinates: [0, 0] };
	const line = { type: 'LineString' as const, coordinates: [] };
	expect(kindOf('东门公厕', point)).toBe('toilet');
	expect(kindOf('游客服务点', point)).toBe('centre');
	expect(kindOf('某某', point)).toBe('sight');
	expect(kindOf('某某', line)).toBe('route');
});
