/**
 * Sixteen problem types of rural cleanup (domain.md B.1), with the usual days to put right.
 * A campaign's own names are labels; these codes are stable.
 */
export const taskKinds = {
	TRASH: { zh: '暴露垃圾', en: 'Exposed rubbish', days: 3 },
	BIN: { zh: '垃圾箱满溢破损', en: 'Bin full or broken', days: 1 },
	HEAP: { zh: '乱堆乱放', en: 'Heaps', days: 3 },
	SHED: { zh: '乱搭乱建', en: 'Illegal shed', days: 15 },
	RUIN: { zh: '残垣断壁', en: 'Ruined wall or house', days: 30 },
	WATER: { zh: '河塘沟渠', en: 'Pond or ditch', days: 15 },
	SEWAGE: { zh: '污水直排', en: 'Sewage', days: 30 },
	TOILET: { zh: '问题厕所', en: 'Faulty toilet', days: 30 },
	MANURE: { zh: '畜禽粪污', en: 'Manure', days: 7 },
	FILM: { zh: '农膜农药包装', en: 'Farm film, packs', days: 7 },
	LINES: { zh: '杆线乱拉', en: 'Tangled lines', days: 60 },
	ADS: { zh: '乱涂乱贴', en: 'Scrawled adverts', days: 3 },
	ROAD: { zh: '道路坑洼占道', en: 'Lane potholed or blocked', days: 15 },
	BURN: { zh: '露天焚烧', en: 'Open burning', days: 1 },
	GREEN: { zh: '杂草绿化', en: 'Weeds, verge', days: 7 },
	OTHER: { zh: '其他', en: 'Other', days: 15 }
} as const;

export type TaskKind = keyof typeof taskKinds;
export const taskKindCodes = Object.keys(taskKinds) as TaskKind[];
