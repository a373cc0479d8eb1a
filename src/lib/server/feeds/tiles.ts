import type { FeedFeatures, FeedLayer } from '$lib/domain/feed';
import { encodeTile, type Mark } from '../tile';
import { answered, feedHeaders, json, notFound, open, type Caller } from './door';
import { layerText, layerTitle, named } from './layers';
import { encodeShapes, tileBox } from './shapes';

/** Tasks are thinned below zoom 16, as on the wall map; other layers are drawn from where a township fills a tile. */
const zooms = (layer: string): [number, number] => (layer === 'tasks' ? [8, 16] : [9, 16]);
/** More shapes than this in one tile are not drawn. */
const most = 5000;

const whole = (text: string | undefined) => (/^\d{1,6}$/.test(text ?? '') ? Number(text) : -1);

async function tile(
	caller: Caller,
	layer: string,
	place: readonly [number, number, number]
): Promise<Response> {
	const [z, x, y] = place;
	const [low, high] = zooms(layer);
	const there = z >= low && z <= high && x >= 0 && x < 2 ** z && y >= 0 && y < 2 ** z;
	// The token is asked for first, whatever the place.
	const at = there ? place : ([high, 0, 0] as const);
	let bytes: Uint8Array;
	if (layer === 'tasks') {
		const { data, today } = await open<Mark[]>(caller, 'tiles', 'points', {
			z: at[0],
			x: at[1],
			y: at[2]
		});
		bytes = encodeTile(...at, data ?? [], today);
	} else {
		const { data } = await open<FeedFeatures>(caller, 'tiles', 'features', {
			layer,
			box: tileBox(...at),
			limit: most,
			// Half a unit of the tile.
			tile: 360 / 2 ** at[0] / 8192
		});
		if (data === null) return notFound();
		bytes = encodeShapes(at, layer, named(layer, data.features));
	}
	if (!there) return notFound();
	return new Response(bytes as BodyInit, {
		headers: { ...feedHeaders, 'Content-Type': 'application/vnd.mapbox-vector-tile' }
	});
}

/** TileJSON 3.0 of a layer. */
async function tileJson(caller: Caller, id: string): Promise<Response> {
	const { data, township } = await open<FeedLayer[]>(caller, 'tiles', 'layers');
	const layer = data?.find((l) => l.id === id);
	if (!layer) return notFound();
	const [minzoom, maxzoom] = zooms(id);
	return json({
		tilejson: '3.0.0',
		name: `${township} ${layerTitle(layer)}`,
		description: layerText(layer),
		scheme: 'xyz',
		tiles: [`${caller.base}/tiles/${id}/{z}/{x}/{y}`],
		minzoom,
		maxzoom,
		...(layer.box && { bounds: layer.box }),
		vector_layers: [{ id, description: layerText(layer), fields: {}, minzoom, maxzoom }]
	});
}

/** `path`: what follows `<feed>/tiles`: a layer, or a layer and z/x/y. */
export const tilesAnswer = (caller: Caller, path: string): Promise<Response> =>
	answered(async () => {
		const [layer = '', z, x, y, ...rest] = path.split('/').filter(Boolean);
		if (rest.length || (z !== undefined && y === undefined)) {
			await open(caller, 'tiles', 'points', { z: 16, x: 0, y: 0 });
			return notFound();
		}
		return z === undefined
			? tileJson(caller, layer)
			: tile(caller, layer, [whole(z), whole(x), whole(y?.replace(/\.(pbf|mvt)$/, ''))]);
	});
