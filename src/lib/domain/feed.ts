import type { Feature, Geometry } from 'geojson';
import type { FeedWhat } from './feedops';
import type { Kind, State } from './fact';
import type { TaskKind } from './task';

/** stopped: its maker's account or role ended, so it shows nothing. */
export type FeedState = 'open' | 'expired' | 'revoked' | 'stopped';

/** A feed as the page lists it; days are ISO, moments ISO with zone. */
export type Feed = {
	id: string;
	name: string;
	what: FeedWhat[];
	villageId: string | null;
	mine: boolean;
	maker: string;
	own: boolean;
	madeOn: string;
	expiresOn: string;
	state: FeedState;
	uses: number;
	lastUsedAt: string | null;
	version: number;
};
/** `open311` is null where the township never turned it on. */
export type FeedsPage = {
	today: string;
	feeds: Feed[];
	open311: { on: boolean; kinds: TaskKind[] } | null;
};

/** A layer of a feed; `box` is west, south, east, north of what is in it, `since` its first day. */
export type FeedLayer = {
	id: string;
	/** Of a constraint layer, as its office named it. */
	name: string;
	kind: string | null;
	/** Its features have days, so that a time can be asked for. */
	timed: boolean;
	since: string | null;
	box: [number, number, number, number] | null;
};
export type FeedFeature = Feature<Geometry, Record<string, unknown>> & { id: string | number };
export type FeedFeatures = { features: FeedFeature[]; total?: number };

/** A due day: of a task, a milestone, a stage, or of a decision that became none of them. */
export type DueDay = {
	id: string;
	kind: Kind | 'decision';
	/** The thing it belongs to; of a decision its meeting. */
	thing: string;
	title: string;
	category?: TaskKind | null;
	step: string;
	day: string;
	state?: State;
	overdue?: boolean;
	cancelled: boolean;
	village?: string | null;
	/** The words of the meeting's decision behind it. */
	decision?: string | null;
	sequence: number;
	changed: string;
};
export type DueMeeting = {
	id: string;
	title: string;
	place: string;
	startsAt: string;
	cancelled: boolean;
	sequence: number;
	changed: string;
};
export type FeedCalendar = { days: DueDay[]; meetings: DueMeeting[] };

/** A public cleanup spot: kind, state, days and a place to some 100 m; nothing else. */
export type Spot = {
	id: string;
	category: TaskKind;
	state: State;
	found: string;
	changed: string;
	due: string | null;
	lon: number;
	lat: number;
};
