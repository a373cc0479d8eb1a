import { expect, test } from 'vitest';
import type { Draft, Layer, ProjectRow, PlanRow, TaskRow } from '$lib/geo/draft';
import { fileOrder, summaryOf, toRows } from '$lib/geo/rows';

const task = (more: Partial<TaskRow> = {}): TaskRow => ({
	villageName: '白马村',
	groupName: '',
	title: '垃圾',
	category: 'TRASH',
	placeText: '',
	unit: '',
	answers: '李四',
	fix: '',
	dueOn: null,
	foundOn: '2026-03-01',
	saidOn: null,
	doneOn: null,
	provenOn: null,
	done: false,
	proven: false,
	provenBy: '王五',
	note: '',
	state: 'found',
	...more
});
const project = (more: Partial<ProjectRow> = {}): ProjectRow => ({
	name: '云台创建',
	villageName: '云台村',
	unitName: '云台山居',
	targetGrade: 'AA',
	presentGrade: '',
	unit: '',
	answers: '',
	stage: '',
	dueOn: null,
	note: '',
	...more
});
const layer = (kind: Layer['kind'], parsed: unknown[], geometry: unknown = null): Layer =>
	({
		id: `f#${kind}`,
		file: 'f.xlsx',
		name: kind,
		kind,
		crs: geometry ? 'EPSG:4490' : '',
		method: 'file',
		confidence: 0.8,
		columns: [],
		rows: parsed.map((p, i) => ({ n: i + 3, values: {}, geometry, parsed: p })),
		count: parsed.length
	}) as unknown as Layer;
const draft = (...layers: Layer[]): Draft => ({
	files: [{ name: 'f.xlsx', bytes: 9, sha256: 'ab', format: 'xlsx', guesses: [] }],
	layers,
	problems: []
});
const steps = (row: { data: Record<string, unknown> } | undefined) =>
	(row!.data.steps as { title: string; state: string; due_on?: string }[]).map(
		(s) => `${s.title} ${s.state}${s.due_on ? ` ${s.due_on}` : ''}`
	);

test('rows keep their file and line, and empty cells say nothing', () => {
	const [row] = toRows(draft(layer('tasks', [task()])));
	expect(row).toEqual({
		kind: 'tasks',
		file: 'f.xlsx',
		line: 3,
		data: {
			village: '白马村',
			title: '垃圾',
			category: 'TRASH',
			answers_name: '李四',
			found_on: '2026-03-01',
			state: 'found'
		}
	});
});

test('whoever proved it is named only where it is proven', () => {
	const rows = toRows(
		draft(
			layer('tasks', [task({ done: true, state: 'done' }), task({ proven: true, state: 'proven' })])
		)
	);
	expect(rows.map((r) => r.data.proven_by)).toEqual([undefined, '王五']);
});

test('skipped layers, other layers and unread rows stay out', () => {
	const d = draft(
		layer('tasks', [task(), null]),
		layer('other', [null]),
		layer('projects', [project()])
	);
	expect(toRows(d).map((r) => r.kind)).toEqual(['tasks', 'projects']);
	expect(toRows(d, new Set(['f#tasks'])).map((r) => r.kind)).toEqual(['projects']);
});

test('a place brings its system and how sure it is', () => {
	const point = { type: 'Point', coordinates: [106, 30] };
	const hazard = { name: '老鹰岩', type: '', households: 3, note: '' };
	const [row] = toRows(draft(layer('hazards', [hazard], point)));
	expect(row!.data).toEqual({
		name: '老鹰岩',
		households: 3,
		geometry: point,
		source_crs: 'EPSG:4490',
		confidence: 0.8
	});
});

test('without steps in the file the usual ladder stands, with the day on its last step', () => {
	const [row] = toRows(draft(layer('projects', [project({ dueOn: '2027-05-01' })])));
	expect(steps(row)).toEqual([
		'设计 found',
		'预算 found',
		'招标 found',
		'开工 found',
		'完工 found',
		'审计 said 2027-05-01'
	]);
});

test('a stage claims its own step and none before it, and never proven', () => {
	const at = (stage: string) => steps(toRows(draft(layer('projects', [project({ stage })])))[0]);
	expect(at('已开工')).toEqual([
		'设计 found',
		'预算 found',
		'招标 found',
		'开工 done',
		'完工 found',
		'审计 found'
	]);
	expect(at('招标中')[2]).toBe('招标 said');
	expect(at('尚未完工')[4]).toBe('完工 said');
	expect(at('其他').every((s) => s.endsWith('found'))).toBe(true);
});

test('plans keep money and land as stated, and what has no field of its own', () => {
	const plan: PlanRow = {
		name: '冷库',
		villageName: '白马村',
		category: '仓储',
		content: '两座冷库',
		party: '某公司',
		investWan: 1200.5,
		spent: null,
		landMu: 23,
		jobs: 30,
		stage: '在谈',
		unit: '',
		answers: '',
		dueOn: null,
		note: '配套道路'
	};
	const [row] = toRows(draft(layer('plans', [plan])));
	expect(row!.data).toMatchObject({
		invest: 1200.5,
		land: 23,
		jobs: 30,
		party: '某公司',
		content: '两座冷库\n配套道路\n在谈'
	});
	expect(row!.data).not.toHaveProperty('spent');
});

test('the summary counts facts that include one another', () => {
	const d = draft(
		layer('tasks', [
			task(),
			task({ state: 'said' }),
			task({ state: 'done' }),
			task({ state: 'proven', proven: true, villageName: '没有的村' }),
			null
		])
	);
	const summary = summaryOf(d, ['白马村']);
	expect(summary.facts).toEqual({ found: 4, said: 3, done: 2, proven: 1 });
	expect(summary).toMatchObject({ total: 4, noPlace: 4, noVillage: 1, left: 1 });
});

test('an order has the files, and asks for a second time only when told', () => {
	const about = { importId: 'i', townshipId: 't', title: 'x'.repeat(300) };
	const order = fileOrder(draft(layer('tasks', [task()])), about);
	expect(order.title).toHaveLength(200);
	expect(order).not.toHaveProperty('again');
	expect(order.files[0]).toEqual({
		name: 'f.xlsx',
		size: 9,
		sha256: 'ab',
		format: 'xlsx',
		guesses: []
	});
	expect(fileOrder(draft(), { ...about, again: true }).again).toBe(true);
});
