import type { MultiPolygon, Point, Polygon } from 'geojson';
import { kinds, noCounts, type Counts, type Kind, type State } from '$lib/domain/fact';
import type { StuckLine } from '$lib/domain/account';
import type { Phase } from '$lib/domain/project';
import type { Grade, Thing } from '$lib/domain/thing';
import type { HazardOnMap, ThingOnMap, VillageOnMap, WallMap } from '$lib/domain/wallmap';
import { call, toFailure, type Db } from './client';

type ByKind = Partial<Record<Kind, Counts>>;
type MapRow = {
	township: WallMap['township'] & { shape: Polygon | MultiPolygon | null };
	day: string;
	today: string;
	firstDay: string;
	villages: (Omit<VillageOnMap, 'counts'> & { counts: ByKind })[];
	elsewhere: ByKind;
	hazards: HazardOnMap[];
};
type ThingRow = [
	string,
	Kind,
	string,
	string,
	string | null,
	State,
	boolean,
	boolean,
	string | null,
	string | null,
	Point | Polygon | MultiPolygon | null,
	[number, number] | null,
	[number, number, number, number, number, number]
];

type MarkRow = [string, Phase, Grade | '' | null, Grade];

const everyKind = (counts: ByKind): Record<Kind, Counts> =>
	Object.fromEntries(kinds.map((k) => [k, counts[k] ?? noCounts])) as Record<Kind, Counts>;

/** GeoJSON of the database may be a Polygon or a MultiPolygon; the map knows only the latter. */
const multi = (shape: Polygon | MultiPolygon | null): MultiPolygon | null =>
	shape?.type === 'Polygon' ? { type: 'MultiPolygon', coordinates: [shape.coordinates] } : shape;

function toThing(row: ThingRow): ThingOnMap {
	const [
		id,
		kind,
		title,
		category,
		villageId,
		state,
		blocked,
		overdue,
		firstDueOn,
		dueOn,
		shape,
		at,
		n
	] = row;
	const [planned, said, done, proven, blockedSteps, overdueSteps] = n;
	return {
		id,
		kind,
		title,
		category,
		villageId,
		state,
		blocked,
		overdue,
		firstDueOn,
		dueOn,
		at,
		geometry: shape ?? (at ? { type: 'Point', coordinates: at } : null),
		steps: { planned, said, done, proven, blocked: blockedSteps, overdue: overdueSteps }
	};
}

/** The villages alone, to know one's way by. */
export async function readVillages(
	db: Db,
	townshipId: string
): Promise<Pick<VillageOnMap, 'id' | 'name' | 'shape' | 'label'>[]> {
	const map = await call<MapRow | null>(db, 'wall_map', { p_township: townshipId, p_day: null });
	return (map?.villages ?? []).map(({ id, name, shape, label }) => ({
		id,
		name,
		shape: multi(shape),
		label
	}));
}

/** More tasks than this come to today's map as tiles; the most urgent ones come with the page all the same. */
const withPage = 600;

/** The wall map of a township on a day (null: today); null when there is no such township for this reader. */
export async function readWallMap(
	db: Db,
	townshipId: string,
	day: string | null,
	limit = day ? 5000 : withPage
): Promise<WallMap | null> {
	const [map, list, marks] = await Promise.all([
		call<MapRow | null>(db, 'wall_map', { p_township: townshipId, p_day: day }),
		call<{ total: number; things: ThingRow[] }>(db, 'things_on', {
			p_township: townshipId,
			p_day: day,
			p_limit: limit
		}),
		call<MarkRow[]>(db, 'project_marks', { p_township: townshipId, p_day: day })
	]);
	if (!map) return null;
	const marked = new Map(
		marks.map(([id, phase, present, target]) => [id, { phase, present, target }])
	);
	return {
		...map,
		township: { ...map.township, shape: multi(map.township.shape) },
		villages: map.villages.map((v) => ({
			...v,
			shape: multi(v.shape),
			counts: everyKind(v.counts)
		})),
		elsewhere: everyKind(map.elsewhere),
		things: list.things.map(toThing).map((t) => {
			const project = t.kind === 'project' && marked.get(t.id);
			return project ? { ...t, project } : t;
		}),
		thingsTotal: list.total,
		tiles:
			day === null && list.total > list.things.length ? `/t/${townshipId}/tiles/{z}/{x}/{y}` : null
	};
}

export function readThing(
	db: Db,
	townshipId: string,
	kind: Kind,
	id: string
): Promise<Thing | null> {
	return call<Thing | null>(db, 'thing', { p_township: townshipId, p_kind: kind, p_id: id });
}

export function readStuck(db: Db, townshipId: string): Promise<StuckLine[]> {
	return call<StuckLine[]>(db, 'stuck', { p_township: townshipId });
}

/** What a session is about; it leaves the map as it is. */
export const beside = ['meeting', 'topic', 'mark', 'ballot', 'cast'];
const elsewhere = `(${[...beside, 'account', 'session', 'invitation'].join()})`;

/** The number of the last event that may have changed the map: as long as it stands, nothing need be read again. */
export async function readMapStands(db: Db, townshipId: string): Promise<number> {
	const { data, error, status } = await db
		.from('events')
		.select('seq')
		.eq('township_id', townshipId)
		.not('subject_kind', 'in', elsewhere)
		.order('seq', { ascending: false })
		.limit(1);
	if (error) throw toFailure(error, status);
	return Number(data[0]?.seq ?? 0);
}
