import { z } from 'zod';
import type { Colleague } from './account';
import { rightsOf } from './place';
import type { Stage } from './stage';
import { taskKindCodes, type TaskKind } from './task';

const points = z
	.number()
	.min(0)
	.max(999.99)
	.refine((n) => Math.abs(n * 100 - Math.round(n * 100)) < 1e-6, 'two decimals at most');
const category = z.enum(taskKindCodes as [TaskKind, ...TaskKind[]]).nullable();

/** One line of a deduct-per-finding sheet: points, less so much for every finding, down to zero. */
export const itemSchema = z.strictObject({
	code: z.string().regex(/^[A-Z0-9_]{1,12}$/),
	label: z.string().trim().min(1).max(80),
	points: points.refine((n) => n > 0),
	perFinding: points,
	/** The kind of task a finding becomes; null: it becomes none. */
	category,
	/** One finding of this kind zeroes the whole item. */
	zeroOn: z.strictObject({ label: z.string().trim().min(1).max(40), category }).nullable()
});
export type SheetItem = z.infer<typeof itemSchema>;

export const sheetSchema = z
	.array(itemSchema)
	.min(1)
	.max(30)
	.refine((items) => new Set(items.map((i) => i.code)).size === items.length, 'codes once each');

/** In the shape of a township's sheet (domain.md B.6); ours, not any office's. */
export const templateSheet: readonly SheetItem[] = [
	item('TRASH', '暴露垃圾', 10, 1, 'TRASH', { label: '露天焚烧', category: 'BURN' }),
	item('HEAP', '乱堆乱放', 10, 1, 'HEAP'),
	item('TOILET', '户厕、公厕不能正常使用', 10, 2, 'TOILET'),
	item('WATER', '河塘沟渠漂浮物、淤积', 10, 2, 'WATER'),
	item('SEWAGE', '生活污水直排', 10, 2, 'SEWAGE'),
	item('BIN', '垃圾箱满溢、破损', 5, 1, 'BIN'),
	item('ROAD', '村道坑洼、占道', 5, 1, 'ROAD'),
	item('RUIN', '残垣断壁', 5, 1, 'RUIN'),
	item('ADS', '乱涂乱贴', 5, 1, 'ADS'),
	item('BOARD', '问题公示不及时', 5, 5, null)
];

function item(
	code: string,
	label: string,
	points: number,
	perFinding: number,
	category: TaskKind | null,
	zeroOn: SheetItem['zeroOn'] = null
): SheetItem {
	return { code, label, points, perFinding, category, zeroOn };
}

export type Counted = { item: string; count: number; zero: boolean };
export type Score = {
	total: number;
	full: number;
	items: Record<string, { score: number; count: number; zero: boolean }>;
};

/** Points of one village; reckoned in hundredths, so that 0.1 + 0.2 is 0.3. The database's `sheet_score` says the same. */
export function score(sheet: readonly SheetItem[], findings: readonly Counted[]): Score {
	let total = 0;
	let full = 0;
	const items: Score['items'] = {};
	for (const line of sheet) {
		const own = findings.filter((f) => f.item === line.code);
		const count = own.reduce((n, f) => n + f.count, 0);
		const zero = own.some((f) => f.zero);
		const points = Math.round(line.points * 100);
		const left = zero ? 0 : Math.max(0, points - count * Math.round(line.perFinding * 100));
		items[line.code] = { score: left / 100, count, zero };
		total += left;
		full += points;
	}
	return { total: total / 100, full: full / 100, items };
}

/** A village of a round; `score` is null where nobody went through the whole sheet: unknown, never full marks. */
export type RoundVillage = {
	id: string;
	name: string;
	code: string | null;
	looked: boolean;
	findings: number;
	score: Score | null;
};
export type Finding = Counted & {
	id: string;
	village: string;
	note: string;
	placeText: string;
	at: [number, number] | null;
	on: string;
	dueOn: string | null;
	version: number;
	/** Written down by whoever reads this. */
	own: boolean;
	/** The task it became and where that stands. */
	task: string | null;
	stage: Stage | null;
};
/** The drawing of the villages: the order is SHA-256 over `seed:name`, so that anybody can draw again. */
export type Draw = { seed: string; size: number; pool: string[]; leftOut: string[] };
export type Round = {
	id: string;
	title: string;
	version: number;
	sheet: SheetItem[];
	draw: Draw | null;
	year: number | null;
	no: number | null;
	madeOn: string;
	startedOn: string | null;
	finishedOn: string | null;
	cancelledOn: string | null;
	demand: string;
	dueOn: string | null;
	today: string;
	/** Whoever reads this is one of its checkers; made it. */
	mine: boolean;
	maker: boolean;
	checkers: { id: string; name: string }[];
	result: { villages: RoundVillage[]; cancelledDraws: number };
	findings: Finding[];
};
export type RoundLine = {
	id: string;
	title: string;
	year: number | null;
	no: number | null;
	madeOn: string;
	startedOn: string | null;
	finishedOn: string | null;
	cancelledOn: string | null;
	villages: number;
	drawn: boolean;
	looked: number;
	findings: number;
};

export type RoundState = 'ready' | 'under_way' | 'finished' | 'cancelled';
export function stateOf(
	r: Pick<RoundLine, 'startedOn' | 'finishedOn' | 'cancelledOn'>
): RoundState {
	if (r.cancelledOn) return 'cancelled';
	if (r.finishedOn) return 'finished';
	return r.startedOn ? 'under_way' : 'ready';
}

/** By the village's code (its office order), or, as a marked choice of a printed page only, by points. */
export type Order = 'code' | 'score';
export function ordered(villages: readonly RoundVillage[], order: Order): RoundVillage[] {
	const byCode = [...villages].sort(
		(a, b) =>
			(a.code ?? '\uffff').localeCompare(b.code ?? '\uffff') || a.name.localeCompare(b.name, 'zh')
	);
	if (order === 'code') return byCode;
	return byCode.sort((a, b) => (b.score?.total ?? -1) - (a.score?.total ?? -1));
}

/** Why this colleague may not check these villages; null when they may. The database asks again. */
export function whyNotCheck(
	person: Colleague,
	villages: readonly string[],
	township: { id: string; districtId: string | null },
	today: string
): 'not_a_checker' | 'own_village' | null {
	const open = person.roles.filter((r) => r.from <= today && (r.to === null || r.to > today));
	if (
		!open.some(
			(r) =>
				(r.placeId === township.id || r.placeId === township.districtId) &&
				rightsOf[r.role].includes('prove')
		)
	)
		return 'not_a_checker';
	return open.some((r) => villages.includes(r.placeId)) ? 'own_village' : null;
}

/**
 * The text without the names of these people. What is published names places; a checker who wrote a
 * colleague's name all the same is not printed.
 */
export function withoutNames(text: string, names: readonly string[]): string {
	return [...names]
		.filter((n) => [...n].length >= 2)
		.sort((a, b) => b.length - a.length)
		.reduce((t, name) => t.replaceAll(name, '某某'), text);
}
