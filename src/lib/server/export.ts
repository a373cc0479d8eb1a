import { drift } from '$lib/domain/thing';
import { taskKinds, type TaskKind } from '$lib/domain/task';
import { thingsShown } from '$lib/domain/shown';
import type { View } from '$lib/domain/view';
import type { WallMap } from '$lib/domain/wallmap';
import { headingOf } from '$lib/geo/ledger/headings';
import type { Table } from '$lib/geo/write/table';
import { stateWordsZh } from './officewords';

const kindWord = { task: '整治任务', project: '景区村创建', plan: '产业项目' };

/** The things a view shows as a table with the headings that offices use; our own reader knows them again. */
export function exportTable(map: WallMap, view: View): Table {
	const village = new Map(map.villages.map((v) => [v.id, v.name]));
	const things = thingsShown(map, view);
	return {
		title: `${map.township.name}${kindWord[view.kind]}`,
		headings: [
			headingOf('serial'),
			headingOf('village'),
			view.kind === 'task' ? headingOf('title') : headingOf('project'),
			headingOf('category'),
			'状态',
			'受阻',
			'超期',
			'首次计划',
			headingOf('due_on'),
			'推迟天数',
			'节点数',
			'说了',
			'干了',
			'成了',
			headingOf('lon'),
			headingOf('lat')
		],
		rows: things.map((t, n) => [
			n + 1,
			t.villageId ? (village.get(t.villageId) ?? '') : '',
			t.title,
			t.kind === 'task' ? (taskKinds[t.category as TaskKind]?.zh ?? t.category) : t.category,
			stateWordsZh[t.state],
			t.blocked ? '是' : '',
			t.overdue ? '是' : '',
			t.firstDueOn,
			t.dueOn,
			drift(t) || null,
			t.steps.planned,
			t.steps.said,
			t.steps.done,
			t.steps.proven,
			t.at?.[0] ?? null,
			t.at?.[1] ?? null
		]),
		geometry: things.map((t) => t.geometry)
	};
}
