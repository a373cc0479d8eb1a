import type { MultiPolygon, Polygon } from 'geojson';
import type { State } from './fact';
import type { PhotoLink } from './photo';
import type { Person, Role } from './place';
import type { BlockerLine } from './thing';
import type { Stage } from './stage';

/** One cleanup task as a phone carries it for a day without signal. Days are ISO, `at` is lon/lat. */
export type FieldTask = {
	id: string;
	category: string;
	title: string;
	villageId: string | null;
	placeText: string;
	at: [number, number] | null;
	stage: Stage;
	state: State;
	round: number;
	version: number;
	answers: string | null;
	answersName: string | null;
	foundById: string | null;
	foundOn: string;
	dueOn: string | null;
	firstDueOn: string | null;
	doneOn: string | null;
	doneBy: string | null;
	doneByName: string | null;
	provenOn: string | null;
	heldBy: string | null;
	heldByName: string | null;
	heldUntil: string | null;
	blocker: BlockerLine | null;
	extension: { toDay: string; askedBy: string } | null;
	returned: { note: string; part: boolean; by: string | null; on: string } | null;
	photos: PhotoLink[];
	campaign: string;
	unit: string;
	note: string;
	/** Ids of the ops of this phone that are played over it and not yet sent. */
	unsent?: string[];
};

export type FieldVillage = {
	id: string;
	name: string;
	shape: Polygon | MultiPolygon | null;
	label: [number, number] | null;
	officer: { id: string; name: string } | null;
};

export type FieldType = {
	code: string;
	name: string;
	days: number;
	unit: string;
	hidden: boolean;
	/** Handed to the village's officer at once. */
	auto: boolean;
};

/** Everything a phone needs for a day without signal. */
export type FieldDay = {
	today: string;
	township: { id: string; name: string; demo: boolean; shape: Polygon | MultiPolygon | null };
	villages: FieldVillage[];
	types: FieldType[];
	people: { id: string; name: string; roles: { role: Role; placeId: string }[] }[];
	campaigns: string[];
	tasks: FieldTask[];
	/** Proven or closed in the last 90 days: what comes back is seen to come back. */
	recent: FieldTask[];
};

/** Who holds the phone; travels with the day, because without signal nobody can be asked. */
export type Me = Person & { districtId: string | null };

/** A village, its township and its district: where a role counts. */
export const chainOf = (villageId: string | null, townshipId: string, me: Me): string[] =>
	[villageId, townshipId, me.districtId].filter((id): id is string => id !== null);
