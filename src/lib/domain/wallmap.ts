import type { MultiPolygon, Point, Polygon } from 'geojson';
import type { Counts, Kind, State } from './fact';
import type { Phase } from './project';
import type { Grade } from './thing';
import { add, noCounts } from './fact';

/** A village as the wall map draws it: its place and its counts, one set per kind, on the chosen day. */
export type VillageOnMap = {
	id: string;
	name: string;
	code: string | null;
	people: number | null;
	households: number | null;
	/** m², computed on its own 3° Gauss–Krüger zone; `null` without a boundary. */
	area: number | null;
	shape: MultiPolygon | null;
	label: [number, number] | null;
	counts: Record<Kind, Counts>;
};

/** A task, project or plan as the map shows it; `geometry` is `null` when it has no place yet. */
export type ThingOnMap = {
	id: string;
	kind: Kind;
	title: string;
	/** Task kind code, target grade of a project, or category of a plan. */
	category: string;
	villageId: string | null;
	state: State;
	blocked: boolean;
	overdue: boolean;
	/** First and present planned date, ISO days. */
	firstDueOn: string | null;
	dueOn: string | null;
	geometry: Point | Polygon | MultiPolygon | null;
	/** A point to put a symbol or a fly-to on. */
	at: [number, number] | null;
	steps: Counts;
	/** Of a project: how far it is, the grade its place holds (null: not recorded that day) and the one aimed at. */
	project?: { phase: Phase; present: Grade | '' | null; target: Grade };
};

export type HazardOnMap = {
	id: string;
	name: string;
	type: string;
	households: number | null;
	at: [number, number];
	note: string;
};

/** Everything one township's wall map needs on one day. */
export type WallMap = {
	township: {
		id: string;
		name: string;
		code: string | null;
		demo: boolean;
		shape: MultiPolygon | null;
	};
	/** The day shown (ISO), the first day with any record, and today on the server. */
	day: string;
	firstDay: string;
	today: string;
	villages: VillageOnMap[];
	/** Counts of things that lie in no known village. */
	elsewhere: Record<Kind, Counts>;
	things: ThingOnMap[];
	/** How many things exist; more than `things.length` when the list was cut. */
	thingsTotal: number;
	hazards: HazardOnMap[];
	/** Where the tasks come from as vector tiles, when there are too many to come with the page. */
	tiles?: string | null;
	/** With tiles: what changed since they were made, by id; null for what is gone. */
	changed?: ReadonlyMap<string, ThingOnMap | null>;
	/** With tiles: what the server found for the words of the view. */
	found?: ThingOnMap[];
};

export function totals(map: WallMap, kind: Kind): Counts {
	return map.villages.reduce(
		(sum, v) => add(sum, v.counts[kind]),
		add(noCounts, map.elsewhere[kind])
	);
}
