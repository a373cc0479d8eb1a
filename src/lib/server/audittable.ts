import type { AuditRow, Trace } from '$lib/domain/audit';
import type { Table } from '$lib/geo/write/table';
import { chinaTime } from '$lib/domain/day';

const moment = (at: string) => chinaTime(Date.parse(at)).slice(0, 19).replace('T', ' ');

/** The audit as an office keeps it: time of China, person, act, object, result. */
export const auditTable = (township: string, rows: readonly AuditRow[]): Table => ({
	title: `${township}审计记录`,
	headings: [
		'序号',
		'时间',
		'人员',
		'登录编号',
		'事项',
		'对象类别',
		'对象',
		'对象编号',
		'结果',
		'说明',
		'链',
		'链中序号'
	],
	rows: rows.map((r, i) => [
		i + 1,
		moment(r.at),
		r.who || '系统',
		r.session,
		r.action,
		r.kind,
		r.title,
		r.object,
		r.ok ? '完成' : '被拒绝',
		r.detail,
		r.chain === 'events' ? '记录' : '拒绝记录',
		r.seq
	])
});

/** Everything held about one person, to be handed out. */
export const personTable = (name: string, traces: readonly Trace[]): Table => ({
	title: `个人信息查询结果${name}`,
	headings: ['序号', '位置', '栏目', '内容'],
	rows: traces.map((t, i) => [i + 1, t.table, t.column, t.value])
});
