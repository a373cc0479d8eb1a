import type { TaskLine } from '$lib/domain/tasks';
import { taskKinds, type TaskKind } from '$lib/domain/task';
import type { Meaning } from '../draft';
import { categoryOf } from '../ledger/category';
import { headingOf } from '../ledger/headings';
import type { Table } from './table';
import type { Sheet } from './xlsx';

type Cell = string | number | null;
type Column = [heading: string, read: (r: TaskLine) => Cell];

/** The three lists carry the same 序号, village and problem; our reader joins them again by these. */
export const listNames = ['问题清单', '任务清单', '责任清单'] as const;

/**
 * The ledger of offices (domain.md B.2): what is wrong, what is to be done, who answers. `names` are this
 * township's own words for types.
 */
export function threeLists(
	township: string,
	rows: readonly TaskLine[],
	names: Record<string, string> = {}
): Sheet[] {
	const on = (meaning: Meaning, read: Column[1]): Column => [headingOf(meaning), read];
	const common: Column[] = [on('village', (r) => r.village), on('title', (r) => r.title)];
	const columns: Record<(typeof listNames)[number], Column[]> = {
		问题清单: [
			on('village', (r) => r.village),
			on('group', (r) => r.groupName),
			on('category', (r) => typeName(r.category as TaskKind, names[r.category] ?? '')),
			on('title', (r) => r.title),
			on('place', (r) => r.placeText),
			on('found_on', (r) => r.foundOn),
			['发现人', (r) => r.foundByName],
			['专项行动', (r) => r.campaign],
			on('lon', (r) => r.at?.[0] ?? null),
			on('lat', (r) => r.at?.[1] ?? null),
			on('note', (r) => r.note)
		],
		任务清单: [
			...common,
			on('fix', (r) => r.fix),
			on('due_on', (r) => r.dueOn),
			['首次时限', (r) => (r.firstDueOn === r.dueOn ? null : r.firstDueOn)],
			on('progress', progressOf),
			['受阻', (r) => (r.blocker ? `${r.blocker.who}，${r.blocker.since}起` : null)],
			on('done_on', (r) => r.doneOn),
			on('proven', (r) => (r.state === 'proven' ? '是' : '否')),
			on('proven_on', (r) => r.provenOn),
			on('proven_by', (r) => r.provenByName),
			['核查方式', (r) => (r.provenHow ? hows[r.provenHow] : null)],
			['轮次', (r) => (r.round > 1 ? r.round : null)]
		],
		责任清单: [
			...common,
			on('unit', (r) => r.unit),
			on('answers', (r) => r.answersName),
			on('said_on', (r) => r.saidOn),
			['要求时限', (r) => r.dueOn]
		]
	};
	return listNames.map((name) => ({
		name,
		table: tableOf(`${township}农村人居环境整治${name}`, columns[name], rows)
	}));
}

/** The township's own name where our reader knows it for the same type; else beside the usual one. */
const typeName = (code: TaskKind, own: string): string => {
	const usual = taskKinds[code].zh;
	if (!own) return usual;
	const beside = `${usual}（${own}）`;
	const tries = code === 'OTHER' ? [beside] : [own, beside];
	return tries.find((name) => categoryOf(name, '') === code) ?? usual;
};

const hows = { on_site: '现场核查', desk: '资料核查', ledger: '按台账' };

const progressOf = (r: TaskLine): string =>
	r.state === 'done' || r.state === 'proven' ? '已完成' : r.state === 'said' ? '整改中' : '';

const tableOf = (title: string, columns: Column[], rows: readonly TaskLine[]): Table => ({
	title,
	headings: [headingOf('serial'), ...columns.map(([heading]) => heading)],
	rows: rows.map((r, i) => [i + 1, ...columns.map(([, read]) => read(r) || null)])
});
