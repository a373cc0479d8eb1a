import {
	lastReply,
	standingOfInstruction,
	type Instruction,
	type InstructionStanding
} from '$lib/domain/official';
import type { Table } from '$lib/geo/write/table';
import { stateWordsZh } from './officewords';

type Cell = string | number | null;
const standings: Record<InstructionStanding, string> = {
	waiting: '待回复',
	overdue: '超期未回复',
	replied: '已回复',
	accepted: '已认可',
	withdrawn: '已撤回'
};

/** 批示答复台账 with the headings of an office's register of instructions. */
export function instructionTable(
	township: string,
	rows: readonly Instruction[],
	today: string
): Table {
	const turn = (i: Instruction, kind: string) => i.turns.filter((t) => t.kind === kind);
	const columns: [heading: string, read: (i: Instruction) => Cell][] = [
		['编号', (i) => i.no],
		['收到日期', (i) => i.on],
		['类别', (i) => (i.what === 'answer' ? '区里答复' : '批示')],
		['批示（答复）人', (i) => i.name],
		['单位职务', (i) => i.office],
		['来源', (i) => (i.claimed ? '分享链接（自报，未核实）' : '账号')],
		['涉及事项', (i) => i.title],
		['所在村', (i) => i.village],
		['原诉求', (i) => i.asked],
		['批示（答复）内容', (i) => i.text],
		['要求回复时限', (i) => i.dueOn],
		['办理状态', (i) => standings[standingOfInstruction(i, today)]],
		['回复日期', (i) => lastReply(i)?.on ?? null],
		['回复人', (i) => lastReply(i)?.by ?? null],
		['回复内容', (i) => lastReply(i)?.note ?? null],
		[
			'退回',
			(i) =>
				turn(i, 'return')
					.map((t) => `${t.on} ${t.note}`)
					.join('\n')
		],
		[
			'催办',
			(i) =>
				turn(i, 'chase')
					.map((t) => t.on)
					.join('、')
		],
		['立项事项', (i) => (i.step ? i.step.title || i.text.slice(0, 40) : null)],
		['责任人', (i) => i.step?.answersName ?? null],
		['完成时限', (i) => i.step?.dueOn ?? null],
		['进度', (i) => (i.step ? stateWordsZh[i.step.state] : null)]
	];
	return {
		title: `${township}批示答复台账`,
		headings: columns.map(([heading]) => heading),
		rows: rows.toReversed().map((i) => columns.map(([, read]) => read(i) ?? null))
	};
}
