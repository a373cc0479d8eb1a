/**
 * One parcel of about 20 mu against 60,000 polygons of farmland, on the embedded engine: the whole check, with
 * verdict, slivers and classes, beside bare indexed SQL for the same overlap and pieces, and beside their sum alone. `BENCH=check npm run bench`.
 */
import { randomUUID } from 'node:crypto';

const polygons = Number(process.env.BENCH_POLYGONS ?? 60_000);
const batch = 400;

/** Numbers that are the same in every run. @param {number} seed */
function numbers(seed) {
	let at = seed;
	return () => {
		at = (Math.imul(at, 1_103_515_245) + 12_345) >>> 0;
		return (at >>> 8) / 2 ** 24;
	};
}
/** A star of so many corners about a middle. @param {number} x @param {number} y @param {number} size @param {number} corners @param {() => number} next */
function star(x, y, size, corners, next) {
	const ring = Array.from({ length: corners }, (_, i) => {
		const angle = (i / corners) * 2 * Math.PI;
		const reach = size * (0.7 + 0.3 * next());
		return [x + Math.cos(angle) * reach, y + Math.sin(angle) * reach * 0.84];
	});
	return { type: 'Polygon', coordinates: [[...ring, ring[0]]] };
}

/**
 * @param {{ township: (tasks: number) => Promise<any>, direct: Function, interleaved: Function, time: Function,
 *   put: Function, id: (name: string) => string }} tools
 * @returns {Promise<boolean>} whether the bars hold
 */
export async function check({ township, direct, interleaved, time, put, id }) {
	const { backend } = await township(10);
	const yunxi = id('yunxi');
	const layer = randomUUID();
	const load = randomUUID();
	const text = (/** @type {unknown} */ value) => `'${JSON.stringify(value)}'`;
	/** @param {string} kind @param {string} target @param {object} payload */
	const op = (kind, target, payload) =>
		direct(
			backend,
			`select public.apply_op(${text({ op_id: randomUUID(), kind, township_id: yunxi, target, payload })})`
		);
	// Checks were run before anything was loaded, as people do: no plan of theirs may stay.
	for (let n = 0; n < 8; n++)
		await direct(
			backend,
			`select public.check_shape('${yunxi}', ${text(star(110.8, 32.6, 0.0008, 40, numbers(1)))})`
		);
	await op('layer.create', layer, {
		kind: 'farmland',
		name: '永久基本农田',
		dated_on: '2026-01-01'
	});
	const next = numbers(7);
	const side = Math.ceil(Math.sqrt(polygons));
	const span = 0.22;
	const loading = await time(async () => {
		for (let from = 0; from < polygons; from += batch) {
			const rows = Array.from({ length: Math.min(batch, polygons - from) }, (_, i) => {
				const n = from + i;
				const x = 110.74 + ((n % side) / side) * span;
				const y = 32.54 + (Math.floor(n / side) / side) * span;
				return { n: n + 1, class: '0101', geometry: star(x, y, span / side / 2, 8, next) };
			});
			await direct(
				backend,
				`select public.layer_put(${text({ township_id: yunxi, layer, load, rows })})`
			);
		}
		await op('layer.switch', layer, { load, count: polygons });
	});
	console.log(`${polygons} polygons loaded by layer_put in ${(loading / 1000).toFixed(0)} s`);
	const parcels = Array.from({ length: 12 }, () =>
		star(110.78 + next() * 0.14, 32.58 + next() * 0.14, 0.0008, 40, next)
	);
	let turn = 0;
	const shape = () =>
		`extensions.st_setsrid(extensions.st_geomfromgeojson(${text(parcels[turn++ % parcels.length])}), 4326)`;
	const [whole = NaN, same = NaN, sum = NaN, again = NaN] = await interleaved(36, [
		() =>
			direct(
				backend,
				`select public.check_shape('${yunxi}', ${text(parcels[turn++ % parcels.length])})`,
				true
			),
		// As the owner: row-level security keeps the index from being used, and the check runs as its definer, too.
		() =>
			time(() =>
				backend.sql.unsafe(
					`with g as materialized (select ${shape()} as g), pieces as (
						select s.n, s.class, extensions.st_intersection(s.geom, g.g, 1e-10) as geom from public.constraint_shapes s, g
						where s.township_id = '${yunxi}' and s.load_id = '${load}' and s.geom operator(extensions.&&) g.g
							and extensions.st_intersects(s.geom, g.g))
					select extensions.st_area(extensions.st_transform(extensions.st_union(geom, 1e-10), 4546)) as once,
						jsonb_agg(jsonb_build_object('n', n, 'area', extensions.st_area(extensions.st_transform(geom, 4546)),
							'geometry', extensions.st_asgeojson(geom, 7)::jsonb)) as pieces from pieces`
				)
			),
		() =>
			time(() =>
				backend.sql.unsafe(
					`with g as materialized (select ${shape()} as g)
					select sum(extensions.st_area(extensions.st_transform(extensions.st_intersection(s.geom, g.g, 1e-10), 4546)))
					from public.constraint_shapes s, g where s.township_id = '${yunxi}' and s.load_id = '${load}'
						and s.geom operator(extensions.&&) g.g and extensions.st_intersects(s.geom, g.g)`
				)
			),
		() => direct(backend, 'select 1', true)
	]);
	const name = `check of a parcel over ${polygons} polygons`;
	const ratio = put(name, whole, 'bare SQL for the same overlap and pieces', same);
	put(name, whole, 'sum of the intersections alone', sum);
	put('sum of the intersections alone', sum, 'select 1', again);
	if (ratio > 1.5) console.log(`the goal of 1.5 is missed`);
	return whole < 1000;
}
