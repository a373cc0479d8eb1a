/** A public notice (公示): what its page, its paper and its office read. The database makes the content. */
export const noticeKinds = ['project', 'list', 'text'] as const;
export type NoticeKind = (typeof noticeKinds)[number];

/** waiting: published, its first day has not come. */
export type NoticeState = 'draft' | 'waiting' | 'published' | 'down';

/** The only columns there are, in the order in which they stand. */
export const noticeColumns = ['no', 'name', 'place', 'item', 'amount'] as const;
export type NoticeColumn = (typeof noticeColumns)[number];
export type NoticeRow = Partial<Record<NoticeColumn, string>>;
/** As they are printed; the notice itself is always in Chinese. */
export const columnWordsZh: Record<NoticeColumn, string> = {
	no: '序号',
	name: '姓名',
	place: '村（组）',
	item: '事项',
	amount: '金额'
};

export const objectionWays = ['page', 'phone', 'letter', 'visit'] as const;
export type ObjectionWay = (typeof objectionWays)[number];
export const objectionOutcomes = ['upheld', 'partly', 'dismissed'] as const;
export type ObjectionOutcome = (typeof objectionOutcomes)[number];

/** Frozen by publishing: the same for the screen, the print and the paper. */
export type NoticeContent = {
	kind: NoticeKind;
	title: string;
	township: string;
	body: string;
	columns: NoticeColumn[];
	/** Names stand with their second character hidden. */
	masked: boolean;
	/** Cells in the order of `columns`. */
	rows: string[][];
	/** The window for objections, both days counted; the page is there to the end of `shownTo`. */
	fromOn: string | null;
	toOn: string | null;
	shownTo: string | null;
	workdays: number | null;
	unit: string;
	phone: string;
	address: string;
	demo: boolean;
};

export type NoticeHead = {
	id: string;
	publicId: string;
	kind: NoticeKind;
	state: NoticeState;
	title: string;
	edition: number;
	fromOn: string | null;
	toOn: string | null;
	shownTo: string | null;
	workdays: number | null;
	rows: number;
	madeBy: string;
	madeByName: string;
	publishedByName: string;
	publishedAt: string | null;
	downOn: string | null;
	downWhy: string;
	emptiedOn: string | null;
	version: number;
	objections: number;
	answered: number;
};
export type NoticeProject = {
	id: string;
	unit: string;
	village: string;
	grade: string | null;
	fromOn: string;
	toOn: string;
	/** A published notice shows it already. */
	noticed: boolean;
};
export type NoticesPage = {
	today: string;
	notices: (NoticeHead & { postings: number })[];
	projects: NoticeProject[];
};

export type Objection = {
	id: string;
	via: ObjectionWay;
	text: string;
	receivedOn: string;
	at: string;
	byName: string;
	outcome: ObjectionOutcome | null;
	answer: string;
	answeredByName: string;
	answeredAt: string | null;
	/** Answered by somebody else than who made the notice. */
	otherPerson: boolean;
	contact: { name: string; phone: string } | null;
	version: number;
};
export type Posting = {
	id: string;
	place: string;
	onDay: string;
	photoId: string | null;
	byName: string;
	at: string;
};
export type NoticePage = NoticeHead & {
	today: string;
	/** What is or was public; null where there is none or this person may not see it any more. */
	content: NoticeContent | null;
	/** For planners and auditors: as it would be published now. */
	draft?: NoticeContent;
	indexed?: boolean;
	maskNames?: boolean;
	objectionList?: Objection[];
	postings: Posting[];
	editions: { n: number; changed: string; at: string; byName: string; sha256: string }[];
	projects: { id: string; unit: string; phase: string }[];
};

/** What somebody without an account reads. `tag` alone where the reader has the page already. */
export type PublicNotice =
	| { state: 'down'; tag: string; township: string; demo: boolean; downOn: string }
	| { state: 'up'; tag: string; content?: undefined }
	| {
			state: 'up';
			tag: string;
			publicId: string;
			indexed: boolean;
			edition: number;
			content: NoticeContent;
			today: string;
			/** Objections are taken today. */
			open: boolean;
			received: number;
			answered: number;
			publishedOn: string;
			editions: { n: number; on: string; changed: string }[];
	  };
export type Receipt = {
	receivedOn: string;
	outcome: ObjectionOutcome | null;
	answer: string;
	answeredOn: string | null;
};

/** 张*三: the second character, of each name where several stand in the cell; as private.mask_name does. */
export const maskName = (name: string): string =>
	name.replace(/(^|[^\u4e00-\u9fff·])([\u4e00-\u9fff])[\u4e00-\u9fff]/g, '$1$2*');

/** 2026年11月28日; the notice is in Chinese in every language of the program. */
export function dayZh(iso: string): string {
	const [y, mo, d] = iso.split('-').map(Number);
	return `${y}年${mo}月${d}日`;
}

/** The sentences under the text, the same on the screen and on paper. */
export function noticeLines(c: NoticeContent): string[] {
	const lines: string[] = [];
	if (c.fromOn && c.toOn)
		lines.push(
			`公示期：${dayZh(c.fromOn)}至${dayZh(c.toOn)}${c.workdays ? `，共${c.workdays}个工作日` : ''}。`
		);
	const ways = [c.phone && `电话：${c.phone}`, c.address && `地址：${c.address}`].filter(Boolean);
	if (c.unit || ways.length)
		lines.push(
			`公示期内对以上内容有异议的，可向${c.unit || c.township}反映${ways.length ? `（${ways.join('；')}）` : ''}，也可在公示网页提出。反映情况请尽量写明事实，署名与否均予受理。`
		);
	if (c.masked) lines.push('为保护个人信息，姓名已作隐去处理。');
	return lines;
}
