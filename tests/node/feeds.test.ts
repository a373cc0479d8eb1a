/**
 * Feeds as the programs see that read them: a GIS that walks OGC API – Features with the standard's own schemas, tiles
 * decoded and compared with the database, a calendar read by the rules of RFC 5545, and one answer to whoever may not.
 */
import { VectorTile } from '@mapbox/vector-tile';
import { createClient } from '@supabase/supabase-js';
import Ajv from 'ajv';
import { readFileSync, rmSync } from 'node:fs';
import { PbfReader } from 'pbf';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import ws from 'ws';
import { startEmbedded, type Backend } from '../../src/lib/server/engine/index';
import { loggable } from '../../src/lib/server/faults';
import type { Caller } from '../../src/lib/server/feeds/door';
import { dueAnswer, fold, icalendar } from '../../src/lib/server/feeds/ical';
import { geoJsonAnswer, ogcAnswer } from '../../src/lib/server/feeds/ogc';
import { open311Answer } from '../../src/lib/server/feeds/open311';
import { tilesAnswer } from '../../src/lib/server/feeds/tiles';
import { linkSecret } from '../../src/lib/server/link-secret';
import { asker, id, makeWork, type Ask, type Persona } from '../rights/cast';
import { events, readCalendar, text, valueOf } from './feeds-ics';
import { chinaDay } from '../../src/lib/domain/day';
import { startedFolder } from '../template';

const origin = 'http://localhost:3999';
let dataDir: string;
let backend: Backend;
let ask: Ask;
let admin: Caller['admin'];
const tokens: Record<string, string> = {};
const yunxi = id('yunxi');

/** A request as the routes pass it on. */
async function get(
	url: string,
	headers: Record<string, string> = {},
	address = '10.0.0.9'
): Promise<Response> {
	const { pathname } = new URL(url);
	const [, , feed = '', part = '', ...rest] = pathname.split('/').map(decodeURIComponent);
	const caller = {
		admin,
		request: new Request(url, { headers }),
		address,
		feed,
		base: `${origin}/feeds/${feed}`
	};
	switch (part) {
		case 'ogc':
			return ogcAnswer(caller, rest.join('/'));
		case 'tiles':
			return tilesAnswer(caller, rest.join('/'));
		case 'geojson':
			return geoJsonAnswer(caller, rest[0]!);
		default:
			return dueAnswer(caller, part);
	}
}
const basic = (name: string) => ({
	authorization: `Basic ${Buffer.from(`qgis:${tokens[name]}`).toString('base64')}`
});
const bearer = (name: string) => ({ authorization: `Bearer ${tokens[name]}` });
const at = (name: string, more: string) => `${origin}/feeds/${id(name)}/${more}`;
const readJson = async (url: string, headers: Record<string, string>) => {
	const answer = await get(url, headers);
	return {
		status: answer.status,
		type: answer.headers.get('content-type'),
		body: (await answer.json()) as any
	};
};

async function op(who: Persona, kind: string, target: string, payload: object, township = yunxi) {
	const { body } = await ask(who, 'POST', '/rest/v1/rpc/apply_op', {
		p_op: { op_id: crypto.randomUUID(), kind, township_id: township, target, payload }
	});
	expect(body, `${who} ${kind}`).toMatchObject({ outcome: 'applied' });
}
async function feed(who: Persona, name: string, more: object) {
	const { secret, sha256 } = linkSecret();
	tokens[name] = secret;
	await op(who, 'feed.create', id(name), { name, sha256, expires_on: chinaDay(30), ...more });
}

beforeAll(async () => {
	dataDir = await startedFolder('xt-feeds-');
	backend = await startEmbedded({ dataDir, origin, deadline: 60_000 });
	ask = asker(backend, dataDir, origin);
	admin = createClient(origin, backend.secretKey, {
		auth: { persistSession: false, autoRefreshToken: false },
		global: { fetch: backend.fetch },
		realtime: { transport: ws as never }
	}) as never;
	await makeWork(backend, ask);
	// 437 more tasks (several pages), some without a place, some finished or dropped, and as many in another township.
	await backend.sql`insert into tasks (township_id, id, village_id, category, title, geom, method, created_by)
		select case when n > 400 then tests.id('lushan') else tests.id('yunxi') end, tests.id('many ' || n), case when n > 400 then null else tests.id('baima') end,
			'TRASH', '任务' || n, case when n % 11 > 0 then extensions.st_setsrid(extensions.st_makepoint(110.8 + n % 20 * 0.0013, 32.6 + n % 23 * 0.0011), 4326) end,
			'map', tests.id('person pan') from generate_series(1, 437) n`;
	await backend.sql`insert into steps (township_id, id, village_id, thing_kind, thing_id, found_on, found_by)
		select township_id, id, village_id, 'task', id, private.today() - 40, created_by from tasks where title like '任务%'`;
	await backend.sql`update steps set state = 'said', stage = 'assigned', said_on = private.today() - 39, said_at = now(), due_on = private.today() - 5 + n % 30,
		first_due_on = private.today() from (select tests.id('many ' || n) as i, n from generate_series(1, 300, 2) n) x where id = x.i`;
	await backend.sql`update steps set state = 'dropped', stage = 'dropped', dropped_on = private.today() from (
		select tests.id('many ' || n) as i from generate_series(2, 60, 4) n) x where id = x.i`;
	// A layer with a shape that is cut into parts when it is stored.
	await op('pan', 'layer.create', id('redline'), { kind: 'redline', name: '生态保护红线' });
	const round = Array.from({ length: 300 }, (_, i) => [
		110.81 + 0.012 * Math.cos((i / 300) * 2 * Math.PI),
		32.612 + 0.009 * Math.sin((i / 300) * 2 * Math.PI)
	]);
	const put = await ask('pan', 'POST', '/rest/v1/rpc/layer_put', {
		p: {
			township_id: yunxi,
			layer: id('redline'),
			load: id('redline load'),
			rows: [
				{
					n: 1,
					geometry: { type: 'Polygon', coordinates: [[...round, round[0]]] },
					class: '陆域',
					attributes: { 权利人: '张三' }
				},
				{
					n: 2,
					geometry: {
						type: 'LineString',
						coordinates: [
							[110.8, 32.6],
							[110.82, 32.62]
						]
					}
				},
				{ n: 3, geometry: { type: 'Point', coordinates: [110.801, 32.621] } }
			]
		}
	});
	expect(put.status).toBe(200);
	await op('pan', 'layer.switch', id('redline'), { load: id('redline load'), count: 3 });
	await feed('pan', 'gis', { what: ['features', 'tiles', 'calendar'] });
	await feed('finn', 'mine', { what: ['calendar'], mine: true });
	await feed('ines', 'all', { what: ['calendar'] });
	await feed('pan', 'village', { what: ['calendar'], village_id: id('guqing') });
}, 180_000);
afterAll(async () => {
	await backend?.close();
	rmSync(dataDir, { recursive: true, force: true });
});

const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;
const ajv = new Ajv({ allErrors: true, formats: { 'date-time': rfc3339 } });
ajv.addSchema(JSON.parse(readFileSync('tests/fixtures/ogcapi/core.json', 'utf8')));
const fits = (name: string, body: unknown) => {
	const ok = ajv.validate(`ogcapi#/definitions/${name}`, body);
	expect(ok ? [] : ajv.errors!.slice(0, 3), name).toEqual([]);
};
/** What the database has of a layer, asked without any of the feed's own functions. */
const inDatabase = async (layer: string, where = 'true'): Promise<Map<string, string>> => {
	const tables: Record<string, string> = {
		villages: `select id::text, geom from places where township_id = $1 and level = 'village' and archived_at is null`,
		tasks: `select t.id::text, t.geom from tasks t join steps s on s.id = t.id and s.township_id = t.township_id
			where t.township_id = $1 and t.geom is not null and s.state <> 'dropped' and not s.voided and t.archived_at is null`,
		scenic_units:
			'select id::text, geom from scenic_units where township_id = $1 and archived_at is null and geom is not null',
		projects:
			'select p.id::text, u.geom from projects p join scenic_units u on u.id = p.unit_id where p.township_id = $1 and p.archived_at is null',
		plans:
			'select id::text, geom from plans where township_id = $1 and archived_at is null and geom is not null',
		parcels: 'select id::text, geom from parcels where township_id = $1 and archived_at is null'
	};
	const rows = await backend.sql.unsafe(
		`select id, extensions.st_asgeojson(geom, 7) as shape from (${
			tables[layer] ??
			`select n::text as id, extensions.st_union(geom, 1e-10) as geom from constraint_shapes where township_id = $1
				and load_id = (select load_id from constraint_layers where 'layer-' || id = '${layer}') group by n`
		}) x where ${where}`,
		[yunxi]
	);
	return new Map(rows.map((r) => [r.id as string, r.shape as string]));
};

/** As QGIS does: from the landing page along the links, page after page, to the end. */
async function walk(layer: { links: { rel: string; href: string }[] }, query: string) {
	const found: any[] = [];
	let url: string | undefined = `${layer.links.find((l) => l.rel === 'items')!.href}?${query}`;
	let pages = 0;
	let matched: number | undefined;
	while (url) {
		const { status, type, body } = await readJson(url, basic('gis'));
		expect(status).toBe(200);
		expect(type).toBe('application/geo+json');
		fits('featureCollectionGeoJSON', body);
		expect(body.numberReturned).toBe(body.features.length);
		expect(body.links.some((l: any) => l.rel === 'self' && l.type === 'application/geo+json')).toBe(
			true
		);
		matched ??= body.numberMatched;
		found.push(...body.features);
		url = body.links.find((l: any) => l.rel === 'next')?.href;
		expect(++pages).toBeLessThan(60);
	}
	return { found, pages, matched };
}

describe('OGC API – Features', () => {
	let layers: any[];
	it('leads from the landing page to every layer, in the schemas of the standard', async () => {
		const landing = await readJson(at('gis', 'ogc'), basic('gis'));
		fits('landingPage', landing.body);
		const href = (rel: string) => landing.body.links.find((l: any) => l.rel === rel).href as string;
		const conformance = await readJson(href('conformance'), bearer('gis'));
		fits('confClasses', conformance.body);
		expect(conformance.body.conformsTo).toContain(
			'http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core'
		);
		const api = await readJson(href('service-desc'), basic('gis'));
		expect(api.type).toBe('application/vnd.oai.openapi+json;version=3.0');
		expect(api.body.openapi).toMatch(/^3\.0\./);
		const items = api.body.paths['/collections/{collectionId}/items'].get.parameters.map((p: any) =>
			p.$ref.split('/').pop()
		);
		expect(items).toEqual(expect.arrayContaining(['limit', 'bbox', 'datetime']));
		for (const ref of JSON.stringify(api.body).matchAll(/"\$ref":"#\/components\/(\w+)\/(\w+)"/g))
			expect(api.body.components[ref[1]!][ref[2]!], ref[0]).toBeDefined();
		const collections = await readJson(href('data'), basic('gis'));
		fits('collections', collections.body);
		layers = collections.body.collections;
		expect(layers.map((l) => l.id)).toEqual([
			'villages',
			'tasks',
			'scenic_units',
			'projects',
			'plans',
			'parcels',
			...[id('layer'), id('redline')].sort().map((l) => `layer-${l}`)
		]);
		for (const layer of layers) {
			const one = await readJson(layer.links.find((l: any) => l.rel === 'self').href, basic('gis'));
			fits('collection', one.body);
			expect(one.body).toEqual(layer);
			expect(layer.crs).toEqual(['http://www.opengis.net/def/crs/OGC/1.3/CRS84']);
		}
	});
	it('gives every feature of every layer once, page by page, as it is in the database', async () => {
		let features = 0;
		for (const layer of layers) {
			const there = await inDatabase(layer.id);
			const { found, pages, matched } = await walk(layer, 'limit=50');
			expect(matched, layer.id).toBe(there.size);
			expect(pages, layer.id).toBe(Math.max(1, Math.ceil(there.size / 50)));
			expect(found.map((f) => String(f.id)).sort(), layer.id).toEqual([...there.keys()].sort());
			for (const f of found) {
				expect(f.geometry, `${layer.id} ${f.id}`).toEqual(JSON.parse(there.get(String(f.id))!));
				const [w, s, e, n] = layer.extent.spatial.bbox[0];
				const points = JSON.stringify(f.geometry.coordinates)
					.match(/\[-?\d[^[\]]*\]/g)!
					.map((p) => JSON.parse(p));
				for (const [x, y] of points)
					expect(x >= w - 1e-6 && x <= e + 1e-6 && y >= s - 1e-6 && y <= n + 1e-6).toBe(true);
			}
			features += found.length;
			const one = await readJson(
				`${origin}/feeds/${id('gis')}/ogc/collections/${layer.id}/items/${found[0].id}`,
				basic('gis')
			);
			fits('featureGeoJSON', one.body);
			expect({ ...one.body, links: undefined }).toEqual({ ...found[0], links: undefined });
			expect(one.body.links.map((l: any) => l.rel)).toEqual(['self', 'collection']);
		}
		console.log(`OGC API – Features: ${layers.length} layers, ${features} features, each once`);
	});
	it('selects by box and time as the database does', async () => {
		const boxes = [
			'110.804,32.604,110.811,32.61',
			'110.79,32.59,110.9,32.7',
			'110.8013,32.6011,110.8013,32.6011',
			'120,30,121,31'
		];
		for (const layer of layers)
			for (const box of boxes) {
				const there = await inDatabase(
					layer.id,
					`extensions.st_intersects(geom, extensions.st_makeenvelope(${box}, 4326))`
				);
				const { found, matched } = await walk(layer, `bbox=${box}&limit=190`);
				expect(found.map((f) => String(f.id)).sort(), `${layer.id} ${box}`).toEqual(
					[...there.keys()].sort()
				);
				expect(matched).toBe(there.size);
			}
		const tasks = layers.find((l) => l.id === 'tasks');
		const count = async (datetime: string) =>
			(await walk(tasks, `limit=1000&datetime=${encodeURIComponent(datetime)}`)).found.length;
		const all = (await inDatabase('tasks')).size;
		const [old] =
			await backend.sql`select count(*)::int as n from tasks t join steps s on s.id = t.id and s.township_id = t.township_id
			where t.township_id = ${yunxi} and t.geom is not null and s.state <> 'dropped' and s.found_on < private.today()`;
		expect(await count(`${chinaDay(-50)}T00:00:00Z/..`)).toBe(all);
		expect(await count(`../${chinaDay(-1)}T00:00:00+08:00`)).toBe(old!.n);
		expect(await count(`/${chinaDay(-41)}T00:00:00+08:00`)).toBe(0);
		expect(await count(`${chinaDay(-20)}T12:00:00+08:00`)).toBe(old!.n);
		// What has no time matches every time.
		expect((await walk(layers[0], 'datetime=1990-01-01T00:00:00Z')).found.length).toBe(2);
	});
	it('tells nothing that is personal', async () => {
		for (const layer of layers) {
			const { found } = await walk(layer, 'limit=1000');
			expect(JSON.stringify(found)).not.toMatch(/finn|ines|张三|王示例|清了/);
		}
	});
	it('refuses what is not in its definition, and answers what is not there', async () => {
		const items = at('gis', 'ogc/collections/tasks/items');
		for (const query of [
			'bbox=1,2,3',
			'bbox=1,2,3,x',
			'bbox=200,0,1,1',
			'bbox=0,10,1,1',
			'bbox=',
			'limit=0',
			'limit=-1',
			'limit=ten',
			'limit=1.5',
			'datetime=yesterday',
			'datetime=2026-13-01T00:00:00Z',
			'datetime=../..',
			'datetime=2026-02-01T00:00:00Z/2026-01-01T00:00:00Z',
			'colour=red',
			'bbox-crs=x',
			'after=%27%3B',
			'f=xml',
			'limit=1&limit=2'
		]) {
			const { status, body } = await readJson(`${items}?${query}`, basic('gis'));
			expect(status, query).toBe(400);
			fits('exception', body);
		}
		for (const more of [
			'ogc?x=1',
			'ogc/conformance?x=1',
			'ogc/collections?limit=1',
			'ogc/collections/tasks?x'
		])
			expect((await get(at('gis', more), basic('gis'))).status, more).toBe(400);
		for (const more of [
			'ogc/collections/persons',
			'ogc/collections/persons/items',
			'ogc/collections/tasks/items/x',
			`ogc/collections/tasks/items/${id('many 401')}`,
			`ogc/collections/layer-${id('nothing')}/items`,
			'ogc/collections/tasks/other',
			'ogc/wfs',
			'ogc/collections/tasks/items/a/b',
			'geojson/persons'
		]) {
			const { status, body } = await readJson(at('gis', more), basic('gis'));
			expect(status, more).toBe(404);
			fits('exception', body);
		}
		const largest = await readJson(`${items}?limit=100000`, basic('gis'));
		expect(largest.body.features.length).toBeLessThanOrEqual(1000);
	});
	it('downloads a whole layer as GeoJSON', async () => {
		const answer = await get(at('gis', 'geojson/tasks'), basic('gis'));
		expect(answer.headers.get('content-disposition')).toMatch(
			/^attachment; filename="tasks_\d{4}-\d\d-\d\d\.geojson"$/
		);
		const body = (await answer.json()) as any;
		fits('featureCollectionGeoJSON', body);
		expect(body.features.map((f: any) => f.id).sort()).toEqual(
			[...(await inDatabase('tasks')).keys()].sort()
		);
		expect(body.features[0].properties.category_name).toBeTruthy();
	});
});

describe('tiles', () => {
	const tileOf = (lon: number, lat: number, z: number): [number, number] => {
		const y = 0.5 - Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360)) / (2 * Math.PI);
		return [Math.floor(((lon + 180) / 360) * 2 ** z), Math.floor(y * 2 ** z)];
	};
	const tile = async (layer: string, z: number, x: number, y: number) => {
		const answer = await get(at('gis', `tiles/${layer}/${z}/${x}/${y}`), basic('gis'));
		expect(answer.status).toBe(200);
		expect(answer.headers.get('content-type')).toBe('application/vnd.mapbox-vector-tile');
		const found = new VectorTile(new PbfReader(await answer.arrayBuffer())).layers[layer];
		return Array.from(
			{ length: found?.length ?? 0 },
			(_, i) => found!.feature(i).toGeoJSON(x, y, z) as any
		);
	};
	const around = (z: number): [number, number][] => {
		const [x0, y0] = tileOf(110.79, 32.64, z);
		const [x1, y1] = tileOf(110.85, 32.59, z);
		const places: [number, number][] = [];
		for (let x = x0; x <= x1; x++) for (let y = y0; y <= y1; y++) places.push([x, y]);
		return places;
	};
	it('hold every task once at zoom 16, where the database has it', async () => {
		const found = new Map<string, [number, number]>();
		let n = 0;
		for (const [x, y] of around(16))
			for (const f of await tile('tasks', 16, x, y)) {
				n++;
				found.set(f.properties.id, f.geometry.coordinates);
			}
		const there = await inDatabase('tasks');
		expect(n).toBe(there.size);
		expect([...found.keys()].sort()).toEqual([...there.keys()].sort());
		for (const [key, shape] of there) {
			const [x, y] = JSON.parse(shape).coordinates;
			// One of 4096 parts of a tile of zoom 16 and one of the 2^24 cells of the world.
			expect(Math.hypot(x - found.get(key)![0], y - found.get(key)![1])).toBeLessThan(4e-5);
		}
	}, 60_000);
	it('draw the other layers with their areas', async () => {
		for (const layer of [
			'villages',
			'plans',
			'parcels',
			'projects',
			`layer-${id('redline')}`,
			`layer-${id('layer')}`
		]) {
			const there = await inDatabase(layer);
			const [x, y] = tileOf(110.805, 32.605, 11);
			const seen = new Map<string, any>();
			for (const [dx, dy] of [
				[0, 0],
				[1, 0],
				[0, 1],
				[1, 1],
				[-1, 0],
				[0, -1]
			] as const)
				for (const f of await tile(layer, 11, x + dx, y + dy)) seen.set(String(f.properties.id), f);
			expect([...seen.keys()].sort(), layer).toEqual([...there.keys()].sort());
		}
		const [x, y] = tileOf(110.81, 32.612, 12);
		const [shown] = await tile(`layer-${id('redline')}`, 12, x, y).then((all) =>
			all.filter((f) => f.properties.id === 1)
		);
		const [areas] =
			await backend.sql`select extensions.st_area(extensions.st_geomfromgeojson(${JSON.stringify(shown.geometry)})) as drawn,
			extensions.st_isvalid(extensions.st_geomfromgeojson(${JSON.stringify(shown.geometry)})) as valid,
			extensions.st_area(extensions.st_clipbybox2d(g, extensions.box2d(extensions.st_transform(extensions.st_tileenvelope(12, ${x}, ${y}, margin => 0.015625), 4326)))) as stored
			from (select extensions.st_union(geom, 1e-10) as g from constraint_shapes where load_id = ${id('redline load')} and n = 1) x`;
		expect(areas!.valid).toBe(true);
		expect(Math.abs((areas!.drawn as number) / (areas!.stored as number) - 1)).toBeLessThan(0.005);
		expect(shown.properties).toMatchObject({ class: '陆域' });
		expect(JSON.stringify(shown.properties)).not.toContain('张三');
	}, 60_000);
	it('are described, and nothing outside the world', async () => {
		const { body } = await readJson(at('gis', 'tiles/tasks'), basic('gis'));
		expect(body).toMatchObject({
			tilejson: '3.0.0',
			tiles: [`${at('gis', 'tiles/tasks')}/{z}/{x}/{y}`],
			minzoom: 8,
			maxzoom: 16
		});
		for (const more of [
			'tiles/tasks/7/1/1',
			'tiles/tasks/10/1024/1',
			'tiles/tasks/a/b/c',
			'tiles/persons/12/1/1',
			'tiles/persons',
			'tiles/tasks/1'
		])
			expect((await get(at('gis', more), basic('gis'))).status, more).toBe(404);
	});
});

describe('the calendar', () => {
	const calendar = async (name: string) => {
		const answer = await get(at(name, `${tokens[name]}/due.ics`));
		expect(answer.status).toBe(200);
		expect(answer.headers.get('content-type')).toBe('text/calendar; charset=utf-8');
		return readCalendar(new Uint8Array(await answer.arrayBuffer()));
	};
	it('shows exactly the due days and meetings that its maker sees in the program', async () => {
		for (const [name, who] of [
			['gis', 'pan'],
			['all', 'ines']
		] as const) {
			const list = async (url: string) => (await ask(who, 'GET', url)).body as { id: string }[];
			const steps = await list(
				`/rest/v1/steps?select=id&township_id=eq.${yunxi}&due_on=gte.${chinaDay(-60)}&limit=1000`
			);
			const meetings = await list(`/rest/v1/meetings?select=id&township_id=eq.${yunxi}&limit=1000`);
			expect(steps.length).toBeGreaterThan(100);
			const found = events(await calendar(name)).map((e) => valueOf(e, 'UID'));
			expect(found.sort()).toEqual([...steps, ...meetings].map((r) => `${r.id}@xiangtu`).sort());
		}
	});
	it('shows what one answers for, or a village, where that was asked', async () => {
		const own = events(await calendar('mine'));
		const [mine] =
			await backend.sql`select count(*)::int as n from steps where township_id = ${yunxi} and due_on is not null and answers = ${id('person finn')}`;
		expect(own.filter((e) => e.lines.some((l) => l.params.VALUE === 'DATE')).length).toBe(mine!.n);
		// Finn has a seat in the one meeting.
		expect(own.map((e) => valueOf(e, 'UID'))).toContain(`${id('meeting')}@xiangtu`);
		await op('finn', 'task.create', id('there'), {
			category: 'BIN',
			village_id: id('guqing')
		}).catch(() => undefined);
		await op('pan', 'task.create', id('there too'), { category: 'BIN', village_id: id('guqing') });
		await op('pan', 'step.say', id('there too'), { due_on: chinaDay(3) });
		const there = events(await calendar('village'));
		expect(there.map((e) => valueOf(e, 'UID'))).toEqual([`${id('there too')}@xiangtu`]);
		expect(valueOf(there[0]!, 'LOCATION')).toBe('guqing');
		expect(text(valueOf(there[0]!, 'SUMMARY')!)).toBe('〔说了〕垃圾箱满溢破损');
	});
	it('keeps a UID through its changes, counts them up, and tells what was dropped', async () => {
		const one = async () =>
			events(await calendar('gis')).find(
				(e) => valueOf(e, 'UID') === `${id('there too')}@xiangtu`
			)!;
		const first = await one();
		await op('pan', 'step.say', id('there too'), { due_on: chinaDay(9) });
		const moved = await one();
		expect(valueOf(moved, 'DTSTART')).toBe(chinaDay(9).replaceAll('-', ''));
		expect(Number(valueOf(moved, 'SEQUENCE'))).toBeGreaterThan(Number(valueOf(first, 'SEQUENCE')));
		await op('pan', 'step.drop', id('there too'), { note: '重复' });
		const gone = await one();
		expect(valueOf(gone, 'STATUS')).toBe('CANCELLED');
		expect(Number(valueOf(gone, 'SEQUENCE'))).toBeGreaterThan(Number(valueOf(moved, 'SEQUENCE')));
	});
	it('is the clock of the country, and the same bytes while nothing changes', async () => {
		const read = async () => (await get(at('gis', `${tokens.gis}/due.ics`))).text();
		expect(await read()).toBe(await read());
		const meeting = events(await calendar('gis')).find(
			(e) => valueOf(e, 'UID') === `${id('meeting')}@xiangtu`
		)!;
		expect(meeting.lines.find((l) => l.name === 'DTSTART')).toEqual({
			name: 'DTSTART',
			params: { TZID: 'Asia/Shanghai' },
			value: '20261124T090000'
		});
	});
	it('folds and escapes anything that may stand in a title', () => {
		const strange = [
			'a,b;c\\n"\n换行\r\nBEGIN:VEVENT',
			'𠮷'.repeat(60),
			'村'.repeat(80),
			`${'x'.repeat(62)}村村`,
			'\u0000\u0007\t!',
			':;,',
			' leading',
			'😀'.repeat(40)
		];
		const days = strange.map((title, i) => ({
			id: id(`s${i}`),
			kind: 'task' as const,
			thing: id(`s${i}`),
			title,
			category: 'BIN' as const,
			step: '',
			day: '2026-12-01',
			cancelled: false,
			sequence: i,
			changed: '2026-11-01T00:00:00Z',
			decision: title
		}));
		const found = events(
			readCalendar(
				Buffer.from(icalendar('名，；\\', { days, meetings: [] }, 'https://x.example/t/1'))
			)
		);
		const plain = (t: string) =>
			t.replace(/\r\n?/g, '\n').replace(/[\u0000-\u0009\u000b-\u001f\u007f]/g, ' ');
		expect(found.map((e) => text(valueOf(e, 'SUMMARY')!))).toEqual(strange.map(plain));
		expect(found.map((e) => text(valueOf(e, 'DESCRIPTION')!))).toEqual(
			strange.map((t) => `会议决定：${plain(t)}`)
		);
		expect(fold('x'.repeat(75))).toBe('x'.repeat(75));
		expect(() =>
			readCalendar(Buffer.from(`BEGIN:VCALENDAR\r\nX:${'x'.repeat(80)}\r\nEND:VCALENDAR\r\n`))
		).toThrow('octets');
	});
});

describe('the token', () => {
	const parts = [
		'ogc',
		'ogc/collections',
		'ogc/collections/tasks/items',
		'ogc/collections/tasks/items?limit=x',
		'ogc/collections/none/items',
		'tiles/tasks',
		'tiles/tasks/12/3309/1654',
		'tiles/villages/12/3309/1654',
		'geojson/tasks'
	];
	/** Everything of an answer but the moment. */
	const seen = async (answer: Response) =>
		JSON.stringify([
			answer.status,
			[...answer.headers].filter(([n]) => n !== 'date'),
			await answer.text()
		]);

	it('is answered in one way where it is missing, wrong, ended, revoked, of another feed or of somebody who may no longer', async () => {
		await feed('pan', 'ended', { what: ['features', 'tiles', 'calendar'] });
		await backend.sql`update feeds set made_on = made_on - 60, expires_on = private.today() - 1 where id = ${id('ended')}`;
		await feed('pan', 'revoked', { what: ['features', 'tiles', 'calendar'] });
		await op('pan', 'feed.revoke', id('revoked'), {});
		for (const part of parts) {
			const answers = await Promise.all([
				get(at('gis', part)).then(seen),
				get(at('gis', part), { authorization: 'Bearer x' }).then(seen),
				get(at('gis', part), { authorization: 'Basic eA==' }).then(seen),
				get(at('gis', part), bearer('mine')).then(seen),
				get(at('nowhere', part), bearer('gis')).then(seen),
				get(`${origin}/feeds/x/${part}`, bearer('gis')).then(seen),
				get(at('ended', part), bearer('ended')).then(seen),
				get(at('revoked', part), basic('revoked')).then(seen),
				// A calendar's token opens no layers.
				get(at('all', part), bearer('all')).then(seen)
			]);
			expect(new Set(answers).size, part).toBe(1);
			expect(answers[0]).toContain('[401,');
			await backend.sql`delete from private.tries`;
		}
		const calendars = await Promise.all([
			get(at('gis', 'x/due.ics')).then(seen),
			get(at('nowhere', `${tokens.gis}/due.ics`)).then(seen),
			get(at('ended', `${tokens.ended}/due.ics`)).then(seen),
			get(at('revoked', `${tokens.revoked}/due.ics`)).then(seen)
		]);
		expect(new Set(calendars).size).toBe(1);
		expect(calendars[0]).toContain('[404,');
	});
	it('is kept by no cache and offered to no other site', async () => {
		for (const part of [...parts.filter((p) => !/none|limit=x/.test(p)), `${tokens.gis}/due.ics`]) {
			const answer = await get(at('gis', part), basic('gis'));
			expect(answer.status, part).toBe(200);
			expect(answer.headers.get('cache-control'), part).toBe('private, no-store');
			expect(answer.headers.get('x-robots-tag'), part).toContain('noindex');
			expect(
				[...answer.headers.keys()].filter((n) => n.startsWith('access-control')),
				part
			).toEqual([]);
		}
	});
	it('ends with its maker: at once, and for layers with the right to plan', async () => {
		const status = async (name: string, part: string) =>
			(await get(at(name, part), bearer(name))).status;
		expect(await status('gis', 'ogc')).toBe(200);
		await backend.sql`update memberships set role = 'observer' where id = ${id('membership pan')}`;
		expect(await status('gis', 'ogc')).toBe(401);
		expect(await status('gis', `${tokens.gis}/due.ics`)).toBe(200);
		await backend.sql`update memberships set role = 'planner' where id = ${id('membership pan')}`;
		expect(await status('gis', 'ogc')).toBe(200);
		expect(await status('mine', `${tokens.mine}/due.ics`)).toBe(200);
		expect(
			(
				await ask('adam', 'POST', '/rest/v1/rpc/account_switch', {
					p_user: id('finn'),
					p_on: false
				})
			).status
		).toBe(200);
		expect(await status('mine', `${tokens.mine}/due.ics`)).toBe(404);
		await ask('adam', 'POST', '/rest/v1/rpc/account_switch', { p_user: id('finn'), p_on: true });
		expect(await status('mine', `${tokens.mine}/due.ics`)).toBe(200);
	});
	it('is in no table, log or answer, and no log line', async () => {
		const { body } = await ask('pan', 'POST', '/rest/v1/rpc/feeds_page', { p_township: yunxi });
		const line = (body as any).feeds.find((f: any) => f.id === id('gis'));
		expect(line).toMatchObject({ name: 'gis', own: true, state: 'open' });
		expect(line.uses).toBeGreaterThan(50);
		expect(line.lastUsedAt).toBeTruthy();
		const tables = await backend.sql<
			{ name: string }[]
		>`select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname in ('public', 'private', 'auth')`;
		expect(tables.length).toBeGreaterThan(60);
		for (const { name } of tables) {
			const [hit] = await backend.sql.unsafe(
				`select count(*)::int as n from ${name} t where t::text ~ $1`,
				[Object.values(tokens).join('|')]
			);
			expect(hit!.n, name).toBe(0);
		}
		expect(JSON.stringify(body)).not.toContain(tokens.gis);
		expect(loggable(`/feeds/${id('gis')}/${tokens.gis}/due.ics`)).toBe(
			`/feeds/${id('gis')}/…/due.ics`
		);
		expect(loggable(`/feeds/${id('gis')}/${tokens.gis}`)).not.toContain(tokens.gis);
		expect(loggable('/feeds/x/ogc/collections')).toBe('/feeds/x/ogc/collections');
	});
	it('is waited for by whoever guesses', async () => {
		const answers: number[] = [];
		for (let i = 0; i < 70; i++)
			answers.push(
				(await get(at('gis', 'ogc'), { authorization: `Bearer ${i}` }, '10.9.9.9')).status
			);
		expect(answers.indexOf(429)).toBe(60);
		expect(answers.filter((s) => s !== 401 && s !== 429)).toEqual([]);
		// Whoever has the right one is not kept waiting by the others of his address.
		expect((await get(at('gis', 'ogc'), bearer('gis'), '10.9.9.9')).status).toBe(200);
	}, 30_000);
});

describe('Open311', () => {
	const spots = async (more: string, township = yunxi) => {
		const url = new URL(`${origin}/open311/${township}/v2/${more}`);
		const answer = await open311Answer(
			{ admin, address: '10.0.0.7', township, query: url.searchParams },
			url.pathname.split('/v2/')[1]!
		);
		return { status: answer.status, body: (await answer.json()) as any };
	};
	it('shows nothing until the township turns it on, as if there were none', async () => {
		await op('pan', 'open311.set', yunxi, { on: false, kinds: ['TRASH'] });
		const off = await spots('requests.json');
		expect(off.status).toBe(404);
		expect(off).toEqual(await spots('requests.json', id('nowhere')));
		expect(off).toEqual(await spots('services.json', 'x'));
		await op('pan', 'open311.set', yunxi, { on: true, kinds: ['TRASH', 'BIN'] });
		expect((await spots('requests.json', id('lushan'))).status).toBe(404);
	});
	it('shows kinds, states, days and rough places, page by page', async () => {
		const services = await spots('services.json');
		expect(services.body.map((s: any) => s.service_code)).toEqual(['BIN', 'TRASH']);
		const found: any[] = [];
		for (let page = 1; ; page++) {
			const { status, body } = await spots(`requests.json?page=${page}&page_size=60`);
			expect(status).toBe(200);
			if (!body.length) break;
			found.push(...body);
		}
		const rows =
			await backend.sql`select t.category, s.state, round(extensions.st_x(t.geom)::numeric, 3)::float8 as x from tasks t join steps s on s.id = t.id and s.township_id = t.township_id
			where t.township_id = ${yunxi} and t.category in ('TRASH', 'BIN') and t.geom is not null and s.state <> 'dropped'`;
		expect(found.length).toBe(rows.length);
		expect(new Set(found.map((f) => f.service_request_id)).size).toBe(found.length);
		expect(found.map((f) => f.long).sort()).toEqual(rows.map((r) => r.x).sort());
		expect(found.filter((f) => f.status === 'closed').length).toBe(
			rows.filter((r) => r.state === 'proven').length
		);
		for (const f of found) {
			expect(f.lat).toBe(Math.round(f.lat * 1000) / 1000);
			expect([f.description, f.address, f.media_url, f.agency_responsible]).toEqual([
				null,
				null,
				null,
				null
			]);
			expect(f.requested_datetime).toMatch(/^\d{4}-\d\d-\d\dT00:00:00\+08:00$/);
		}
		expect(JSON.stringify(found)).not.toMatch(/任务|桥头|finn|[0-9a-f]{8}-[0-9a-f]{4}-/);
		const one = await spots(`requests/${found[0].service_request_id}.json`);
		expect(one.body).toEqual([found[0]]);
		expect((await spots(`requests/${'0'.repeat(24)}.json`)).status).toBe(404);
		const closed = await spots('requests.json?status=closed&service_code=TRASH');
		expect(closed.body.length).toBe(
			rows.filter((r) => r.state === 'proven' && r.category === 'TRASH').length
		);
		// A kind that is not shown is not shown by asking for it.
		expect((await spots('requests.json?service_code=RUIN')).body).toEqual([]);
		for (const query of [
			'status=x',
			'page=0',
			'start_date=x',
			'start_date=2020-01-01T00:00:00Z',
			'colour=red'
		])
			expect((await spots(`requests.json?${query}`)).status, query).toBe(400);
	});
});
