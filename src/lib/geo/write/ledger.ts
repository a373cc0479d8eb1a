import type { Geometry } from 'geojson';
import { taskKinds } from '$lib/domain/task';
import type { Meaning, TaskRow } from '../draft';
import { headingOf } from '../ledger/headings';
import type { Table } from './table';

const columns: [Meaning, (r: TaskRow) => string | null][] = [
	['village', (r) => r.villageName],
	['group', (r) => r.groupName],
	['category', (r) => taskKinds[r.category].zh],
	['title', (r) => r.title],
	['place', (r) => r.placeText],
	['found_on', (r) => r.foundOn],
	['said_on', (r) => r.saidOn],
	['unit', (r) => r.unit],
	['answers', (r) => r.answers],
	['fix', (r) => r.fix],
	['due_on', (r) => r.dueOn],
	['progress', (r) => (r.done ? '已完成' : r.state === 'said' ? '整改中' : '')],
	['done_on', (r) => r.doneOn],
	['proven', (r) => (r.proven ? '是' : '否')],
	['proven_on', (r) => r.provenOn],
	['proven_by', (r) => r.provenBy],
	['note', (r) => r.note]
];

/** A cleanup ledger with the headings of offices; read again it gives the same rows. */
export function ledgerTable(
	title: string,
	rows: { parsed: TaskRow; geometry: Geometry | null }[]
): Table {
	const point = (g: Geometry | null) => (g?.type === 'Point' ? g.coordinates : [null, null]);
	return {
		title,
		headings: [
			headingOf('serial'),
			...columns.map(([m]) => headingOf(m)),
			headingOf('lon'),
			headingOf('lat')
		],
		rows: rows.map((r, i) => [
			i + 1,
			...columns.map(([, read]) => read(r.parsed) || null),
			point(r.geometry)[0] ?? null,
			point(r.geometry)[1] ?? null
		]),
		geometry: rows.map((r) => r.geometry)
	};
}
