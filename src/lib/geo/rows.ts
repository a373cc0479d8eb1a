import type { Geometry } from 'geojson';
import type { ImportKind, ImportOrder, ImportRow } from '$lib/domain/import';
import { ladders } from '$lib/domain/thing';
import type { Draft, HazardRow, Layer, PlaceRow, PlanRow, ProjectRow, Row, TaskRow } from './draft';

/** A row's values as `import_apply` reads them; what is empty is left out. */
type Data = Record<string, unknown>;

/**
 * The draft as rows to store, in its own order. Layers in `skip` and rows that cannot come in are left out.
 * Nothing is claimed that the file does not say: a stage in words makes that one step said or done, never the
 * steps before it, and nothing becomes proven but by a ledger's own column.
 */
export function toRows(draft: Draft, skip: ReadonlySet<string> = new Set()): ImportRow[] {
	const rows: ImportRow[] = [];
	for (const layer of draft.layers) {
		if (layer.kind === 'other' || skip.has(layer.id)) continue;
		for (const row of layer.rows as Row[]) {
			if (!row.parsed) continue;
			const data = dataOf(layer, row);
			rows.push({ kind: layer.kind, file: layer.file.slice(-200), line: row.n, data });
		}
	}
	return rows;
}

function dataOf(layer: Layer, row: Row): Data {
	const at = row.geometry && {
		geometry: row.geometry,
		source_crs: layer.crs.slice(0, 60) || undefined,
		confidence: layer.confidence
	};
	return filled({ ...fieldsOf(layer.kind as ImportKind, row), ...at });
}

function fieldsOf(kind: ImportKind, row: Row): Data {
	switch (kind) {
		case 'outline':
		case 'villages':
		case 'groups': {
			const p = row.parsed as PlaceRow;
			return {
				name: p.name,
				code: p.code,
				people: p.people,
				households: p.households,
				village: p.villageName
			};
		}
		case 'hazards': {
			const p = row.parsed as HazardRow;
			return { name: p.name, type: p.type, households: p.households, note: p.note };
		}
		case 'tasks':
			return task(row.parsed as TaskRow);
		case 'projects': {
			const p = row.parsed as ProjectRow;
			return {
				title: p.name,
				village: p.villageName,
				unit_name: p.unitName,
				present_grade: p.presentGrade,
				target_grade: p.targetGrade,
				note: joined(2000, p.note, p.stage),
				unit: p.unit,
				answers_name: p.answers,
				steps: stepsFrom('project', p)
			};
		}
		case 'plans': {
			const p = row.parsed as PlanRow;
			return {
				title: p.name,
				village: p.villageName,
				category: p.category,
				content: joined(2000, p.content, p.note, p.stage),
				invest: p.investWan,
				spent: p.spent,
				land: p.landMu,
				jobs: p.jobs === null ? null : Math.round(p.jobs),
				party: p.party,
				unit: p.unit,
				answers_name: p.answers,
				steps: stepsFrom('plan', p)
			};
		}
	}
}

const task = (p: TaskRow): Data => ({
	village: p.villageName,
	group_name: p.groupName,
	title: p.title,
	category: p.category,
	place_text: p.placeText,
	unit: p.unit,
	answers_name: p.answers,
	fix: p.fix,
	due_on: p.dueOn,
	found_on: p.foundOn,
	said_on: p.saidOn,
	done_on: p.doneOn,
	proven_on: p.provenOn,
	state: p.state,
	proven_by: p.proven ? p.provenBy : '',
	note: p.note
});

/** The usual ladder; the file's day is the last step's, its stage the step it names. */
function stepsFrom(kind: 'project' | 'plan', p: { stage: string; dueOn: string | null }): Data[] {
	const titles = ladders[kind].zh;
	const stage = p.stage.normalize('NFKC');
	const at = titles.findLastIndex((title) => stage.includes(title));
	const done =
		at >= 0 && !/未|拟|待|预计|计划|正在|[在中]$/.test(stage) && /已|完成|完毕|✓|√/.test(stage);
	return titles.map((title, i) => {
		const due = i === titles.length - 1 ? p.dueOn : null;
		const state = i === at ? (done ? 'done' : 'said') : due ? 'said' : 'found';
		return filled({ title, state, due_on: due });
	});
}

const filled = (data: Data): Data =>
	Object.fromEntries(
		Object.entries(data).filter(([, v]) => v !== null && v !== undefined && v !== '')
	);

/** Texts that have one field to share, a line each; a text that would not fit whole is left out. */
function joined(limit: number, ...texts: string[]): string {
	return texts.filter(Boolean).reduce((all, text) => {
		const next = all ? `${all}\n${text}` : text;
		return next.length <= limit ? next : all;
	}, '');
}

export type DraftSummary = {
	counts: Record<ImportKind, number>;
	total: number;
	/** Of the tasks, each fact counting all that reached it. */
	facts: { found: number; said: number; done: number; proven: number };
	noPlace: number;
	noVillage: number;
	/** Rows of layers to be stored that cannot come in. */
	left: number;
};

const bare = (name: string) => name.replace(/(村委会|村|社区|居委会)$/, '');

/** What accepting would store, in numbers; `villages` are the names that exist already. */
export function summaryOf(
	draft: Draft,
	villages: readonly string[],
	skip: ReadonlySet<string> = new Set()
): DraftSummary {
	const rows = toRows(draft, skip);
	const counts = {
		outline: 0,
		villages: 0,
		groups: 0,
		hazards: 0,
		tasks: 0,
		projects: 0,
		plans: 0
	};
	const facts = { found: 0, said: 0, done: 0, proven: 0 };
	const known = new Set(villages.map(bare));
	for (const { kind, data } of rows) if (kind === 'villages') known.add(bare(String(data.name)));
	let noPlace = 0;
	let noVillage = 0;
	for (const { kind, data } of rows) {
		counts[kind]++;
		if (kind !== 'tasks' && kind !== 'projects' && kind !== 'plans') continue;
		const geometry = data.geometry as Geometry | undefined;
		if (!geometry) noPlace++;
		if (!geometry && !known.has(bare(String(data.village ?? '')))) noVillage++;
		if (kind !== 'tasks') continue;
		facts.found++;
		if (data.state !== 'found') facts.said++;
		if (data.state === 'done' || data.state === 'proven') facts.done++;
		if (data.state === 'proven') facts.proven++;
	}
	const all = draft.layers
		.filter((l) => l.kind !== 'other' && !skip.has(l.id))
		.reduce((n, l) => n + l.rows.length, 0);
	return { counts, total: rows.length, facts, noPlace, noVillage, left: all - rows.length };
}

/** Everything that is stored at once. `importId` is made once, so that sending it twice stores it once. */
export function fileOrder(
	draft: Draft,
	about: { importId: string; townshipId: string; title: string; again?: boolean },
	skip: ReadonlySet<string> = new Set()
): ImportOrder {
	return {
		import_id: about.importId,
		township_id: about.townshipId,
		title: about.title.slice(0, 200),
		...(about.again ? { again: true } : {}),
		files: draft.files.map((f) => ({
			name: f.name,
			size: f.bytes,
			sha256: f.sha256,
			format: f.format,
			guesses: f.guesses
		})),
		rows: toRows(draft, skip)
	};
}
