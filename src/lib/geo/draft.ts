import type { Geometry } from 'geojson';
import type { Control, ControlFit } from './control';
import type { TaskKind } from '$lib/domain/task';

export const formats = [
	'geojson',
	'shapefile',
	'kml',
	'kmz',
	'gpx',
	'csv',
	'xlsx',
	'boundary',
	'dxf',
	'gpkg',
	'corners',
	'unknown'
] as const;
export type Format = (typeof formats)[number];

export const layerKinds = [
	'outline',
	'villages',
	'groups',
	'hazards',
	'tasks',
	'projects',
	'plans',
	'other'
] as const;
export type LayerKind = (typeof layerKinds)[number];

export const guessKinds = ['encoding', 'crs', 'headings', 'kind', 'year', 'shift'] as const;

/** Something the reader could not know and took a view on; `why` is a code with a message `why_<code>`. */
export type Guess = {
	what: (typeof guessKinds)[number];
	/** The layer it is about, null for the whole file. */
	layer: string | null;
	value: string;
	why: string;
	alternatives: string[];
};

export type DraftFile = {
	name: string;
	bytes: number;
	sha256: string;
	format: Format;
	guesses: Guess[];
};

export type Value = string | number | null;
/** Keys come from files, so the object has no prototype. */
export type Values = Record<string, Value>;

export type Column = { name: string; meaning: Meaning | null };

/** What a column can be about; the headings of each are in `ledger/headings.ts`. */
export const meanings = [
	'serial',
	'town',
	'village',
	'group',
	'name',
	'code',
	'level',
	'people',
	'households',
	'title',
	'category',
	'place',
	'lon',
	'lat',
	'lonlat',
	'unit',
	'leader',
	'answers',
	'phone',
	'fix',
	'due_on',
	'found_on',
	'said_on',
	'done_on',
	'proven_on',
	'progress',
	'done',
	'proven',
	'proven_by',
	'note',
	'project',
	'nature',
	'content',
	'land',
	'invest',
	'spent',
	'jobs',
	'party',
	'stage',
	'target_grade',
	'present_grade',
	'unit_name',
	'type'
] as const;
export type Meaning = (typeof meanings)[number];

/** Days are ISO. The state is what the paper claims, after the rules of `ledger/tasks.ts`. */
export type TaskRow = {
	villageName: string;
	groupName: string;
	title: string;
	category: TaskKind;
	placeText: string;
	unit: string;
	answers: string;
	fix: string;
	dueOn: string | null;
	foundOn: string | null;
	saidOn: string | null;
	doneOn: string | null;
	provenOn: string | null;
	done: boolean;
	proven: boolean;
	provenBy: string;
	note: string;
	state: 'found' | 'said' | 'done' | 'proven';
};

export type PlaceRow = {
	name: string;
	code: string;
	people: number | null;
	households: number | null;
	/** The village a group belongs to, '' when only its place says so. */
	villageName: string;
};

export type HazardRow = { name: string; type: string; households: number | null; note: string };

/** Money in 10,000 yuan, land in mu, as stated. */
export type PlanRow = {
	name: string;
	villageName: string;
	category: string;
	content: string;
	party: string;
	investWan: number | null;
	spent: number | null;
	landMu: number | null;
	jobs: number | null;
	stage: string;
	unit: string;
	answers: string;
	dueOn: string | null;
	note: string;
};

export type ProjectRow = {
	name: string;
	villageName: string;
	unitName: string;
	targetGrade: '' | 'A' | 'AA' | 'AAA';
	presentGrade: '' | 'A' | 'AA' | 'AAA';
	unit: string;
	answers: string;
	stage: string;
	dueOn: string | null;
	note: string;
};

export type ParsedOf = {
	outline: PlaceRow;
	villages: PlaceRow;
	groups: PlaceRow;
	hazards: HazardRow;
	tasks: TaskRow;
	projects: ProjectRow;
	plans: PlanRow;
	other: null;
};

/** `n` is the line in the sheet or the number of the feature, from 1. `parsed` is null for a row that cannot come in. */
export type Row<K extends LayerKind = LayerKind> = {
	n: number;
	values: Values;
	/** Lon/lat, two numbers a point, outer rings counter-clockwise. */
	geometry: Geometry | null;
	parsed: ParsedOf[K] | null;
};

type LayerOf<K extends LayerKind> = {
	/** Stays the same when the same files are read again with other settings. */
	id: string;
	file: string;
	name: string;
	kind: K;
	/** 'EPSG:4525', 'GCJ-02', 'BD-09', or 'unknown'; '' where nothing has a place. */
	crs: string;
	method: 'file' | 'control';
	/** How control points brought it to CGCS2000. */
	fit?: ControlFit;
	/** Set where it may be metres off: old datums, GCJ-02 and BD-09. Such corners never count as measured. */
	approximate?: true;
	/** What the file says of itself besides, in its order. */
	about?: [string, string][];
	/** 0 to 1: how sure it is that the coordinates are where they say. */
	confidence: number;
	columns: Column[];
	rows: Row<K>[];
	count: number;
};
export type Layer = { [K in LayerKind]: LayerOf<K> }[LayerKind];

export type Severity = 'error' | 'warning' | 'note';

/** `code` has a message `problem_<code>`; `values` fill it in. */
export type Problem = {
	severity: Severity;
	file: string;
	layer: string | null;
	line: number | null;
	column: string | null;
	code: string;
	values: Record<string, string | number>;
};

/** What an import would bring in, for the preview. Plain JSON. */
export type Draft = { files: DraftFile[]; layers: Layer[]; problems: Problem[] };

/** The rows of all layers. */
export const rowsOf = (draft: Draft): Row[] => draft.layers.flatMap((l): Row[] => l.rows);

export type FileSettings = {
	/** 'utf-8', 'gb18030', 'utf-16le', 'utf-16be' */
	encoding?: string;
	/** EPSG code with or without 'EPSG:', or 'wgs84', 'gcj02', 'bd09'. */
	crs?: string;
	shift?: 'none' | 'gcj02' | 'bd09';
	/** Points known in the file's old system and in CGCS2000. */
	control?: Control;
};

export type LayerSettings = {
	kind?: LayerKind;
	/** Meaning by heading; '' takes a meaning away. */
	columns?: Record<string, Meaning | ''>;
	year?: number;
	skip?: boolean;
};

/** Answers to guesses, by file name and layer id. */
export type Settings = {
	files?: Record<string, FileSettings>;
	layers?: Record<string, LayerSettings>;
	/** West, south, east, north of the township, where it is known already. */
	box?: [number, number, number, number];
	/** What every layer is, where the page knows: parcels are read as 'other'. */
	kind?: LayerKind;
	/** ISO day; the year of a ledger without any is taken from it. */
	today?: string;
};

export type InputFile = { name: string; bytes: Uint8Array };
