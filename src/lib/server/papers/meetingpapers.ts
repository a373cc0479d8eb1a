import {
	standingOf,
	type Decision,
	type MeetingRoom,
	type Seat,
	type Topic
} from '$lib/domain/meeting';
import { standingWordsZh } from '../officewords';
import type { Paper, Part } from './paper';
import { shortDay, zhDay, zhNumber } from './words';

const kinds = { planning: '谋划调度会', party: '党委会', joint: '党政联席会', other: '会议' };

/** A moment as minutes write it, to the minute, in the office's time. */
export function zhMoment(iso: string): string {
	const part = Object.fromEntries(
		new Intl.DateTimeFormat('en-CA', {
			timeZone: 'Asia/Shanghai',
			year: 'numeric',
			month: 'numeric',
			day: 'numeric',
			hour: '2-digit',
			minute: '2-digit',
			hourCycle: 'h23'
		})
			.formatToParts(new Date(iso))
			.map((p) => [p.type, p.value])
	);
	return `${part.year}年${Number(part.month)}月${Number(part.day)}日${Number(part.hour)}时${part.minute}分`;
}
const dayOf = (iso: string): string => zhMoment(iso).replace(/\d+时\d+分$/, '');
const ended = (text: string): string => (/[。！？]$/.test(text) ? text : `${text}。`);
const led = (text: string, word: string): string =>
	text.startsWith('会议') ? ended(text) : ended(`${word}${text}`);

type From = {
	room: MeetingRoom;
	/** 云溪镇. */
	township: string;
	/** The map with the decisions' numbers; null where none has a place. */
	picture: Uint8Array | null;
	demo: boolean;
};

/** 会议纪要, 督办单, 个人任务清单. Pure: the same session gives the same papers. */
export const meetingPapers = (from: From): Paper[] => [
	minutes(from),
	followUp(from),
	byPerson(from)
];

const standing = (room: MeetingRoom): Decision[] => room.decisions.filter((d) => !d.withdrawnAt);
const who = (d: Decision): string => d.leadUnit || d.leadName;

function minutes({ room, township, picture, demo }: From): Paper {
	const names = (of: (s: Seat) => boolean) =>
		room.people
			.filter(of)
			.map((s) => s.name + (s.note ? `（${s.note}）` : ''))
			.join('、');
	const line = (head: string, text: string): Part[] =>
		text ? [{ kind: 'paragraph', text: `${head}：${text}` }] : [];
	const heard = room.topics.filter(
		(t) => t.startedAt || t.heard || room.decisions.some((d) => d.topicId === t.id)
	);
	const absent = names((s) => s.part === 'member' && s.present === false);
	return {
		name: '会议纪要',
		title: `${township}${kinds[room.kind]}会议纪要`,
		mark: demo ? '演示数据，内容虚构' : room.issuedAt ? null : '未签发，仅供校对',
		parts: [
			...(room.number
				? [{ kind: 'line' as const, text: room.number, align: 'center' as const }]
				: []),
			...line('会议名称', room.title),
			...line(
				'时间',
				`${zhMoment(room.openedAt ?? room.startsAt)}${room.closedAt ? `至${zhMoment(room.closedAt).replace(/^\d+年\d+月\d+日/, dayOf(room.closedAt) === dayOf(room.openedAt ?? room.startsAt) ? '' : '$&')}` : ''}`
			),
			...line('地点', room.place),
			...line('主持', room.chairName),
			...line(
				'出席',
				names((s) => s.part === 'member' && s.present === true)
			),
			...line('缺席', absent),
			...line(
				'列席',
				names((s) => s.part === 'attending' && s.present !== false)
			),
			...line('记录', room.recorderName),
			...heard.flatMap((t, i) => topicParts(t, i, room)),
			...(heard.length ? [] : [{ kind: 'paragraph' as const, text: '本次会议没有议题。' }]),
			...(picture
				? [
						{
							kind: 'picture' as const,
							type: 'png' as const,
							bytes: picture,
							width: 150,
							caption: '议定事项位置图（数字为议定事项序号，底图仅示意村界）'
						}
					]
				: []),
			{
				kind: 'signature',
				unit: township,
				day: dayOf(room.issuedAt ?? room.closedAt ?? room.startsAt)
			},
			...(room.sentTo
				? [{ kind: 'line' as const, text: `分送：${room.sentTo}`, align: 'left' as const }]
				: []),
			{
				kind: 'line',
				align: 'left',
				text: room.head
					? `存证：签发时本镇操作记录共${room.headSeq}条，校验值${room.head}`
					: '存证：签发后在此打印操作记录校验值'
			}
		]
	};
}

function topicParts(t: Topic, i: number, room: MeetingRoom): Part[] {
	const decisions = standing(room).filter((d) => d.topicId === t.id);
	const ballots = room.ballots.filter((b) => b.topicId === t.id && b.kind === 'vote' && b.result);
	return [
		{ kind: 'heading', level: 1, text: `${zhNumber(i + 1)}、${t.title}` },
		{
			kind: 'paragraph',
			text: t.heard
				? led(t.heard, '会议听取了')
				: `会议听取了${t.unit ? `${t.unit}` : ''}关于“${t.title}”的汇报。`
		},
		...(t.considered
			? [{ kind: 'paragraph' as const, text: led(t.considered, '会议认为，') }]
			: []),
		...ballots.map((b): Part => ({
			kind: 'paragraph',
			text: `会议就“${b.question}”表决：应到会成员${b.result!.members}人，实到${b.result!.present}人，同意${b.result!.yes}票，不同意${b.result!.no}票，弃权${b.result!.abstain}票，${b.result!.quorum ? (b.result!.carried ? '表决通过' : '未通过') : '到会不足三分之二，表决无效'}。`
		})),
		...(decisions.length
			? [
					{ kind: 'paragraph' as const, text: '会议议定：' },
					...decisions.map((d): Part => ({ kind: 'paragraph', text: decided(d) }))
				]
			: [{ kind: 'paragraph' as const, text: '会议未形成议定事项。' }]),
		...(t.differing
			? [{ kind: 'paragraph' as const, text: ended(`保留的不同意见：${t.differing}`) }]
			: [])
	];
}

/** （责任单位：…；完成时限：…） as offices write it after each item. */
function decided(d: Decision): string {
	if (d.kind === 'scenario')
		return `${d.seq}. ${ended(d.text)}采纳方案“${d.where?.title ?? ''}”，方案所列变动即日起按计划执行。`;
	const parts = [
		`责任单位：${[d.leadUnit, d.leadName].filter(Boolean).join(' ')}`,
		d.helpers && `配合单位：${d.helpers}`,
		`完成时限：${zhDay(d.dueOn!)}`,
		d.doneMeans && `完成标准：${d.doneMeans}`
	].filter(Boolean);
	return `${d.seq}. ${ended(d.text)}（${parts.join('；')}）${d.ask ? `提请上级：${ended(d.ask)}` : ''}`;
}

function followUp({ room, township, demo }: From): Paper {
	const rows = standing(room).filter((d) => d.step);
	return {
		name: '督办单',
		title: `${township}会议议定事项督办单`,
		mark: demo ? '演示数据，内容虚构' : null,
		parts: [
			{
				kind: 'paragraph',
				text: `来源：${room.title}${room.number ? `（${room.number}）` : ''}，${dayOf(room.startsAt)}。请责任单位按时限办理，完成后在图上报完成，由他人核验后销号。`
			},
			rows.length
				? {
						kind: 'table',
						columns: [
							{ head: '序号', width: 0.9, align: 'center' },
							{ head: '督办事项', width: 4.3, align: 'left' },
							{ head: '责任单位', width: 2.2, align: 'left' },
							{ head: '完成时限', width: 2.1, align: 'center' },
							{ head: '完成标准', width: 2.6, align: 'left' },
							{ head: '进度', width: 1.2, align: 'center' },
							{ head: '催办', width: 1.4, align: 'center' }
						],
						rows: rows.map((d) => ({
							cells: [
								String(d.seq),
								d.text,
								[d.leadUnit, d.leadName].filter(Boolean).join(' '),
								shortDay(d.step?.dueOn ?? d.dueOn),
								d.doneMeans || '—',
								standingWordsZh[standingOf(d, room.today)],
								d.chases.map((c) => shortDay(c.on)).join('、') || '—'
							]
						}))
					}
				: { kind: 'paragraph', text: '本次会议没有需要督办的事项。' },
			{ kind: 'signature', unit: township, day: zhDay(room.today) }
		]
	};
}

function byPerson({ room, township, demo }: From): Paper {
	const rows = standing(room).filter((d) => d.step);
	const leads = [...new Set(rows.map(who))];
	return {
		name: '任务清单',
		title: `${township}会议任务清单`,
		mark: demo ? '演示数据，内容虚构' : null,
		parts: [
			{ kind: 'paragraph', text: `${room.title}，${dayOf(room.startsAt)}。` },
			...leads.flatMap((lead, i): Part[] => {
				const own = rows.filter((d) => who(d) === lead);
				return [
					{ kind: 'heading', level: 1, text: `${zhNumber(i + 1)}、${lead}（${own.length}项）` },
					...own.map((d, n): Part => ({
						kind: 'paragraph',
						text: `${n + 1}. ${ended(d.text)}${zhDay(d.step?.dueOn ?? d.dueOn!)}前完成${d.doneMeans ? `，以“${d.doneMeans}”为完成标准` : ''}。`
					}))
				];
			}),
			...(leads.length ? [] : [{ kind: 'paragraph' as const, text: '没有任务。' }])
		]
	};
}
