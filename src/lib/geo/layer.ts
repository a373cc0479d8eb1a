import type { Geometry } from 'geojson';
import type { Column, DraftFile, Guess, Layer, LayerKind, LayerSettings, Row } from './draft';
import { readGeometry, type Budget, type Mending } from './geometry';
import { guessKind } from './kinds';
import { readDay, yearsIn } from './ledger/dates';
import { readHazard, readPlace, readPlan, readProject } from './ledger/others';
import { RowReader, type TableContext } from './ledger/rowreader';
import { readTask } from './ledger/tasks';
import type { Located } from './locate';
import { Refused, type Problems } from './problems';
import type { RawLayer } from './raw';
import { statedLand } from './read/boundary';

/** A raw layer on its way into the draft. */
export type Pending = {
	id: string;
	file: DraftFile;
	raw: RawLayer;
	columns: Column[];
	settings: LayerSettings;
};
type At = { problems: Problems; budget: Budget; today: string; kind?: LayerKind };

/** Converts, checks and understands the rows of a layer, once it is known where it lies (null: nowhere). */
export function finishLayer(p: Pending, located: Located | null, at: At): Layer {
	const { raw, id, file, columns } = p;
	const rows: Row[] = raw.rows.map((r) => ({
		n: r.n,
		values: r.values,
		geometry: null,
		parsed: null
	}));
	const broken = new Set<Row>();
	if (located?.id) placeThem(p, rows, located, broken, at);
	const guess = p.raw.kind
		? { kind: p.raw.kind, why: 'format' }
		: guessKind(raw, columns, file.name);
	const told = p.settings.kind ?? at.kind;
	const kind = told ?? guess.kind;
	const why = told ? 'chosen' : guess.why;
	push(file, { what: 'kind', layer: id, value: kind, why, alternatives: othersOf(kind) });
	if (raw.table && raw.table.why !== 'format')
		push(file, {
			what: 'headings',
			layer: id,
			value: columns
				.filter((c) => c.meaning)
				.map((c) => c.name)
				.join(' '),
			why: raw.table.why,
			alternatives: []
		});
	const context: TableContext = {
		file: file.name,
		layer: id,
		columns,
		units: raw.table?.units ?? {},
		year: yearOf(p, at.today, at.problems),
		problems: at.problems
	};
	for (const row of rows) {
		if (broken.has(row) || (!located && needsPlace(kind))) continue;
		row.geometry = shapeFor(kind, row, context);
		if (row.geometry === wrong) row.geometry = null;
		else row.parsed = parse(kind, row, context, raw);
	}
	warnTwice(kind, rows, context);
	return {
		id,
		file: file.name,
		name: raw.name,
		kind,
		crs: located ? located.id : 'unknown',
		method: located?.fit ? 'control' : 'file',
		confidence: located?.confidence ?? 0,
		...(located?.fit && { fit: located.fit }),
		...(located?.approximate && { approximate: true as const }),
		...(raw.about && { about: raw.about }),
		columns,
		rows,
		count: rows.length
	} as Layer;
}

/** Kinds that are nothing without a place. */
const needsPlace = (kind: LayerKind): boolean =>
	['outline', 'villages', 'groups', 'hazards'].includes(kind);
const push = (file: DraftFile, guess: Guess) => void file.guesses.push(guess);
const othersOf = (kind: LayerKind): LayerKind[] =>
	(
		['outline', 'villages', 'groups', 'hazards', 'tasks', 'projects', 'plans', 'other'] as const
	).filter((k) => k !== kind);

function placeThem(p: Pending, rows: Row[], located: Located, broken: Set<Row>, at: At): void {
	const mending: Mending = { closed: 0, dropped: 0, split: 0, mixed: 0, outOfChina: false };
	p.raw.rows.forEach((raw, i) => {
		try {
			rows[i]!.geometry = readGeometry(raw.geometry, located.convert, at.budget, mending);
		} catch (error) {
			if (!(error instanceof Refused)) throw error;
			if (/^too_many/.test(error.code)) throw error;
			// A ledger row with a bad point is still a row; a boundary with a bad ring is nothing.
			const table = !!p.raw.table && !p.raw.kind;
			if (!table) broken.add(rows[i]!);
			at.problems.add(table ? 'warning' : 'error', error.code, p.file.name, {
				...error.details,
				layer: p.id,
				line: raw.n
			});
		}
	});
	const note = (code: string, count: number) => {
		if (count) at.problems.add('note', code, p.file.name, { layer: p.id, count });
	};
	note('rings_closed', mending.closed);
	note('points_dropped', mending.dropped);
	note('rings_split', mending.split);
	note('geometry_mixed', mending.mixed);
	if (mending.outOfChina) at.problems.add('warning', 'outside_china', p.file.name, { layer: p.id });
}

const wrong: Geometry = { type: 'GeometryCollection', geometries: [] };

/** The shape as its kind needs it; `wrong` (and a problem) when it cannot be. */
function shapeFor(kind: LayerKind, row: Row, at: TableContext): Geometry | null {
	let g = row.geometry;
	if (!g) return null;
	if (g.type === 'MultiPoint' && g.coordinates.length === 1)
		g = { type: 'Point', coordinates: g.coordinates[0]! };
	const areas = g.type === 'Polygon' || g.type === 'MultiPolygon';
	const say = (severity: 'error' | 'warning') =>
		at.problems.add(severity, 'geometry_for_kind', at.file, {
			layer: at.layer,
			line: row.n,
			type: g.type
		});
	switch (kind) {
		case 'outline':
		case 'villages':
		case 'groups':
			if (g.type === 'Polygon') return { type: 'MultiPolygon', coordinates: [g.coordinates] };
			if (!areas) say('error');
			return areas ? g : wrong;
		case 'hazards':
			if (g.type !== 'Point') say('error');
			return g.type === 'Point' ? g : wrong;
		case 'tasks':
			if (g.type !== 'Point') say('warning');
			return g.type === 'Point' ? g : null;
		case 'projects':
		case 'plans':
			if (!areas && g.type !== 'Point') say('warning');
			return areas || g.type === 'Point' ? g : null;
		case 'other':
			return g;
	}
}

function parse(kind: LayerKind, row: Row, at: TableContext, raw: RawLayer): Row['parsed'] {
	const r = new RowReader(at, row);
	switch (kind) {
		case 'tasks':
			return readTask(r);
		case 'outline':
		case 'villages':
		case 'groups': {
			if (kind === 'outline' && !row.geometry) return null;
			return readPlace(r, kind, kind === 'outline' ? raw.name : '');
		}
		case 'hazards':
			if (row.geometry)
				return readHazard(r, String(row.values['description'] ?? '').slice(0, 2000));
			r.problem('error', 'hazard_without_place', 'name');
			return null;
		case 'plans': {
			const plan = readPlan(r);
			if (plan && raw.kind)
				plan.landMu = statedLand(row, at.problems, at.file, at.layer) ?? plan.landMu;
			return plan;
		}
		case 'projects':
			return readProject(r);
		case 'other':
			return null;
	}
}

/** The year of days without one: told, of the title, of the other days, or today's; said when it is used. */
function yearOf(p: Pending, today: string, problems: Problems): number | null {
	const { raw, columns, file } = p;
	if (!raw.table) return p.settings.year ?? Number(today.slice(0, 4));
	const days = columns.filter((c) => c.meaning?.endsWith('_on')).map((c) => c.name);
	const cells = raw.rows.flatMap((r) => days.map((d) => r.values[d] ?? null));
	const bare = cells.filter((c) => readDay(c, 2024)?.ownYear === false).length;
	const most = (texts: Iterable<string | number | null>) =>
		[...yearsIn(texts)].sort((a, b) => b[1] - a[1] || b[0] - a[0])[0]?.[0];
	const known: [number | undefined, string][] = [
		[p.settings.year, 'chosen'],
		[most([...raw.table.title, raw.name]), 'title'],
		[most([file.name]), 'file_name'],
		[most(cells), 'other_rows'],
		[Number(today.slice(0, 4)), 'today']
	];
	const [year, why] = known.find(([y]) => y)!;
	if (bare || why === 'chosen') {
		const others = [year! - 1, year! + 1].map(String);
		push(file, { what: 'year', layer: p.id, value: String(year), why, alternatives: others });
	}
	if (bare && why !== 'chosen')
		problems.add(why === 'today' ? 'warning' : 'note', 'year_guessed', file.name, {
			layer: p.id,
			year: year!,
			count: bare
		});
	return year ?? null;
}

function warnTwice(kind: LayerKind, rows: Row[], at: TableContext): void {
	if (kind !== 'villages' && kind !== 'groups') return;
	const seen = new Map<string, number>();
	for (const row of rows) {
		const p = row.parsed as { name: string; villageName: string } | null;
		if (!p) continue;
		const key = `${p.villageName}\n${p.name.normalize('NFKC')}`;
		const first = seen.get(key);
		if (first === undefined) seen.set(key, row.n);
		else
			at.problems.add('warning', 'place_twice', at.file, {
				layer: at.layer,
				line: row.n,
				name: p.name,
				first
			});
	}
}
