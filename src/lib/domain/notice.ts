import { ordered, withoutNames, type Order, type Round } from './round';

export type NoticeTable = { headings: string[]; rows: (string | number | null)[][] };
/**
 * A 通报 as it is printed and as a workbook: places and problems. It holds no field for a person, and what
 * a member's name has slipped into is blotted out.
 */
export type Notice = {
	title: string;
	number: string;
	township: string;
	period: string;
	way: string;
	villages: string;
	/** How the villages came to be checked, one line each. */
	drawn: string[];
	scores: NoticeTable;
	order: Order;
	/** Villages that nobody went through. */
	unknown: string[];
	problems: NoticeTable;
	count: number;
	demand: string;
	due: string;
	day: string;
	office: string;
};

/** What the document says unless somebody changes it; the document is Chinese whatever the page speaks. */
export const usualDemand =
	'各村对照问题清单逐条整改，能立即整改的立行立改；整改完成后由他人现场核查，核查通过方可销号；到期未整改的下次通报继续列出。';
export const usualTitle = (today: string): string =>
	`${Number(today.slice(0, 4))}年${Number(today.slice(5, 7))}月人居环境暗访检查`;

const zhDay = (iso: string): string => {
	const [y, m, d] = iso.split('-').map(Number);
	return `${y}年${m}月${d}日`;
};

/** The official Chinese form, whatever language the page speaks. */
export function noticeOf(
	round: Round,
	township: string,
	names: readonly string[],
	order: Order
): Notice {
	const clean = (text: string) => withoutNames(text, names);
	const villages = ordered(round.result.villages, order);
	const inOfficeOrder = ordered(round.result.villages, 'code');
	const full = round.sheet.reduce((n, i) => n + Math.round(i.points * 100), 0) / 100;
	const from = round.startedOn ?? round.finishedOn ?? round.madeOn;
	const to = round.finishedOn ?? from;
	const label = (f: Round['findings'][number]) => {
		const item = round.sheet.find((i) => i.code === f.item);
		return clean((f.zero ? item?.zeroOn?.label : item?.label) ?? f.item);
	};
	const problems = inOfficeOrder.flatMap((v) =>
		round.findings.filter((f) => f.village === v.id).map((f) => ({ v, f }))
	);
	return {
		title: clean(round.title),
		number: round.year && round.no ? `${round.year}年第${round.no}号` : '',
		township,
		period: from === to ? zhDay(from) : `${zhDay(from)}至${zhDay(to)}`,
		way: '“四不两直”：不发通知、不打招呼、不听汇报、不用陪同接待，直奔基层、直插现场',
		villages: inOfficeOrder.map((v) => v.name).join('、'),
		drawn: round.draw
			? [
					`随机抽取：从${round.draw.pool.length}个村中抽取${round.draw.size}个。`,
					...(round.draw.leftOut.length
						? [`有检查人员任职、未参加抽取的村：${round.draw.leftOut.join('、')}。`]
						: []),
					`随机种子：${round.draw.seed}`,
					'复核办法：对每个参加抽取的村计算“种子:村名”（英文冒号，UTF-8）的 SHA-256，由小到大取前面的村。',
					`参加抽取的村：${round.draw.pool.join('、')}。`,
					...(round.result.cancelledDraws
						? [`此前抽取后又取消的次数：${round.result.cancelledDraws}。`]
						: [])
				]
			: ['由检查组选定。'],
		scores: {
			headings: [
				'序号',
				'村',
				...round.sheet.map((i) => `${clean(i.label)}（${i.points}分）`),
				`合计（${full}分）`
			],
			rows: villages.map((v, n) => [
				n + 1,
				v.name,
				...round.sheet.map((i) => v.score?.items[i.code]?.score ?? null),
				v.score?.total ?? null
			])
		},
		order,
		unknown: inOfficeOrder.filter((v) => !v.score).map((v) => v.name),
		problems: {
			headings: ['序号', '村', '地点', '问题', '数量', '说明', '整改时限'],
			rows: problems.map(({ v, f }, n) => [
				n + 1,
				v.name,
				clean(f.placeText),
				label(f),
				f.count,
				clean(f.note),
				f.dueOn ? zhDay(f.dueOn) : ''
			])
		},
		count: round.findings.reduce((n, f) => n + f.count, 0),
		demand: clean(round.demand),
		due: round.dueOn ? zhDay(round.dueOn) : '',
		day: zhDay(to),
		office: `${township}人民政府`
	};
}
