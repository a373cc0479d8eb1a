import type { FeedFeatures, FeedLayer } from '$lib/domain/feed';
import { answered, json, notFound, open, type Caller } from './door';
import { layerText, layerTitle, named } from './layers';
import { openApi } from './openapi';
import { cursorOf, onlyThese, readItemsQuery } from './query';

/** OGC API – Features – Part 1: Core (17-069r4) under `<feed>/ogc`: JSON alone, CRS84 alone. */
export const crs84 = 'http://www.opengis.net/def/crs/OGC/1.3/CRS84';
const geoJson = 'application/geo+json';
const oas30 = 'application/vnd.oai.openapi+json;version=3.0';
const conforms = ['core', 'oas30', 'geojson'].map(
	(c) => `http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/${c}`
);

type Link = { href: string; rel: string; type: string; title?: string };
const link = (rel: string, href: string, type = 'application/json', title?: string): Link => ({
	href,
	rel,
	type,
	...(title && { title })
});

function collectionOf(base: string, layer: FeedLayer) {
	const at = `${base}/ogc/collections/${layer.id}`;
	const title = layerTitle(layer);
	return {
		id: layer.id,
		title,
		description: layerText(layer),
		itemType: 'feature',
		crs: [crs84],
		...(layer.box && {
			extent: {
				spatial: { bbox: [layer.box], crs: crs84 },
				// A day of China begins at 16:00 UTC of the day before.
				...(layer.since && {
					temporal: {
						interval: [[new Date(`${layer.since}T00:00:00+08:00`).toISOString(), null]]
					}
				})
			}
		}),
		links: [
			link('self', at),
			link('items', `${at}/items`, geoJson, title),
			link('enclosure', `${base}/geojson/${layer.id}`, geoJson, `${title} GeoJSON`)
		]
	};
}

const layersOf = async (caller: Caller) => {
	const answer = await open<FeedLayer[]>(caller, 'features', 'layers');
	return { ...answer, layers: answer.data ?? [] };
};

async function items(caller: Caller, layer: string): Promise<Response> {
	const query = new URL(caller.request.url).searchParams;
	// Who may not read is told nothing about parameters: the token comes first.
	let asked;
	let fault: unknown;
	try {
		asked = readItemsQuery(query);
	} catch (thrown) {
		fault = thrown;
	}
	const answer = await open<FeedFeatures>(caller, 'features', 'features', {
		layer,
		...asked,
		// How many there are is counted once, on the first page.
		...(asked && !asked.after && { count: true }),
		limit: asked ? asked.limit + 1 : 1
	});
	if (answer.data === null) return notFound();
	if (!asked) throw fault;
	const features = answer.data.features.slice(0, asked.limit);
	const at = `${caller.base}/ogc/collections/${layer}`;
	const next = new URLSearchParams(query);
	const more = answer.data.features.length > features.length;
	if (more) next.set('after', cursorOf(features.at(-1)!.id));
	return json(
		{
			type: 'FeatureCollection',
			timeStamp: new Date().toISOString(),
			...(answer.data.total !== undefined && { numberMatched: answer.data.total }),
			numberReturned: features.length,
			links: [
				link('self', `${at}/items${query.size ? `?${query}` : ''}`, geoJson),
				...(more ? [link('next', `${at}/items?${next}`, geoJson)] : []),
				link('collection', at)
			],
			features: named(layer, features)
		},
		geoJson,
		200,
		{ 'Content-Crs': `<${crs84}>` }
	);
}

async function item(caller: Caller, layer: string, only: string): Promise<Response> {
	const { data } = await open<FeedFeatures>(caller, 'features', 'features', {
		layer,
		only,
		limit: 1
	});
	onlyThese(new URL(caller.request.url).searchParams, ['f']);
	const [feature] = named(layer, data?.features ?? []);
	if (!feature) return notFound();
	const at = `${caller.base}/ogc/collections/${layer}`;
	return json(
		{
			...feature,
			links: [link('self', `${at}/items/${feature.id}`, geoJson), link('collection', at)]
		},
		geoJson,
		200,
		{ 'Content-Crs': `<${crs84}>` }
	);
}

/** `path`: what follows `<feed>/ogc`, e.g. `collections/tasks/items`. */
export const ogcAnswer = (caller: Caller, path: string): Promise<Response> =>
	answered(async () => {
		const [head = '', layer, word, id, ...rest] = path.split('/').filter(Boolean);
		if (head === 'collections' && layer && word === 'items' && !rest.length)
			return id ? item(caller, layer, id) : items(caller, layer);
		const { layers, name, township } = await layersOf(caller);
		const base = `${caller.base}/ogc`;
		if (word || id || (layer && head !== 'collections')) return notFound();
		onlyThese(new URL(caller.request.url).searchParams, ['f']);
		const title = `乡图 ${township}：${name}`;
		switch (head) {
			case '':
				return json({
					title,
					description: '乡图的图层：说了、干了、成了分开记录。仅供令牌持有人使用，不得公开传播。',
					links: [
						link('self', base, 'application/json', '本页'),
						link('service-desc', `${base}/api`, oas30, 'OpenAPI 3.0'),
						link('conformance', `${base}/conformance`, 'application/json', '符合的标准'),
						link('data', `${base}/collections`, 'application/json', '图层')
					]
				});
			case 'api':
				return json(openApi(base, title, layers), oas30);
			case 'conformance':
				return json({ conformsTo: conforms });
			case 'collections': {
				if (!layer)
					return json({
						links: [link('self', `${base}/collections`)],
						collections: layers.map((l) => collectionOf(caller.base, l))
					});
				const found = layers.find((l) => l.id === layer);
				return found ? json(collectionOf(caller.base, found)) : notFound();
			}
			default:
				return notFound();
		}
	});

/** A whole layer as one GeoJSON file, read page by page while it is sent. */
export const geoJsonAnswer = (caller: Caller, layer: string): Promise<Response> =>
	answered(async () => {
		const page = (after: string | number | null) =>
			open<FeedFeatures>(caller, 'features', 'features', {
				layer,
				limit: 500,
				...(after !== null && { after })
			});
		const first = await page(null);
		let { data } = first;
		if (data === null) return notFound();
		const text = new TextEncoder();
		let sent = 0;
		const body = new ReadableStream<Uint8Array>({
			start: (to) => to.enqueue(text.encode('{"type":"FeatureCollection","features":[')),
			async pull(to) {
				const features = named(layer, data?.features ?? []);
				const lines = features.map((f) => JSON.stringify(f)).join(',\n');
				to.enqueue(text.encode((sent && lines ? ',\n' : '\n') + lines));
				sent += features.length;
				if (features.length < 500) {
					to.enqueue(text.encode('\n]}\n'));
					return to.close();
				}
				data = (await page(features.at(-1)!.id)).data;
			}
		});
		return new Response(body, {
			headers: {
				'Cache-Control': 'private, no-store',
				'X-Robots-Tag': 'noindex, nofollow',
				'Content-Type': geoJson,
				'Content-Disposition': `attachment; filename="${layer}_${first.today}.geojson"`
			}
		});
	});
