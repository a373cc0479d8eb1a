/**
 * Everything a scenic-village project hands in for its rating, read by `src/lib/server/papers`. Points and
 * totals come reckoned (the scoring of standard.ts); no field holds a person's name: offices and units sign.
 * Days are 'YYYY-MM-DD', money is in 万元.
 */
export type ProjectFile = {
	township: string;
	/** 云溪村创建AAA级景区村庄 */
	title: string;
	/** Who applies, mostly the village committee. */
	unit: string;
	village: string;
	present: string | null;
	target: string;
	/** In the office's words: 村自评. */
	phase: string;
	log: { day: string; phase: string; unit: string; note: string }[];
	standard: FiledStandard;
	scores: FiledItem[];
	vetoes: FiledVeto[];
	totals: FiledTotal[];
	exhibits: Exhibit[];
	milestones: {
		title: string;
		dueOn: string | null;
		doneOn: string | null;
		provenOn: string | null;
	}[];
	money: { source: string; planned: number; received: number; spent: number }[];
	blockers: { title: string; since: string; needs: string; unit: string }[];
	/** The day printed on the papers. */
	day: string;
};

/** What the papers need of a standard's body; `Standard` of standard.ts fits. */
export type FiledStandard = {
	name: string;
	edition: string;
	/** false: a template, and every page says so. */
	official: boolean;
	body: {
		total: number;
		bonus_max: number;
		grades: { grade: string; zh: string; min: number }[];
		assessors: { code: string; zh: string }[];
		vetoes: { code: string; zh: string; grades?: string[] }[];
		sections: { code: string; zh: string; max: number; items: StandardItem[] }[];
		bonus: StandardItem[];
	};
};
export type StandardItem = {
	code: string;
	zh: string;
	max: number;
	evidence?: { kinds: string[]; zh: string };
};

/** `value` in words (已建3处); `points` null while nobody has scored; `na`: not applicable. */
export type FiledScore = {
	assessor: string;
	value: string;
	points: number | null;
	na?: boolean;
	note: string;
	day: string | null;
};
/** An item's scores, and its steps with the days of the three facts: said, done, proven. */
export type FiledItem = {
	code: string;
	scores: FiledScore[];
	steps: {
		title: string;
		unit: string;
		saidOn: string | null;
		doneOn: string | null;
		provenOn: string | null;
	}[];
};
/** `met` null: nobody has said; that is not met. */
export type FiledVeto = {
	code: string;
	answers: { assessor: string; met: boolean | null; note: string; day: string | null }[];
};
/** One assessor's sums; null where nothing was scored. `grade` is the grade reached, null for none. */
export type FiledTotal = {
	assessor: string;
	sections: Record<string, number | null>;
	bonus: number | null;
	total: number | null;
	grade: string | null;
};

export const exhibitKinds = {
	map: '图',
	photo: '照片',
	doc: '文件',
	number: '数据',
	inspection: '检查记录',
	link: '关联事项'
} as const;
/** `file` null: a figure or a place on the map, without a file of its own. */
export type Exhibit = {
	id: string;
	title: string;
	kind: keyof typeof exhibitKinds;
	day: string | null;
	/** Codes of the items (or vetoes, or bonus items) that it speaks for. */
	items: string[];
	/** The unit that provides it, never a person. */
	unit: string;
	file: { name: string; bytes: () => Promise<Uint8Array> } | null;
};
