import type { TaskKind } from '$lib/domain/task';

/** Words of problem texts by kind, the particular before the general (domain.md B.1). */
const words: [TaskKind, RegExp][] = [
	['TOILET', /厕|旱厕|化粪池/],
	['BURN', /焚烧|烧秸秆|烧荒|露天烧/],
	['FILM', /农膜|地膜|薄膜|农药|包装物|棚膜/],
	['MANURE', /粪|畜禽|病死|养殖污|散养/],
	['BIN', /垃圾(箱|桶|池|亭|房|收集)|垃圾.{0,4}(满溢|未分类)|果皮箱/],
	['LINES', /杆线|线缆|电线|飞线|蜘蛛网|线路|电杆|乱拉|弱电/],
	['ADS', /乱涂|乱贴|乱画|小广告|牛皮癣|标语|喷绘|广告/],
	['SEWAGE', /污水|排污|管网|黑水|灰水|直排/],
	['WATER', /沟渠|河道|河塘|池塘|坑塘|水塘|淤积|黑臭|水体|水渠|排水沟|漂浮|河岸/],
	['RUIN', /残垣|断壁|危房|危旧|旧房|破旧房|破房|废弃房|倒塌|土坯/],
	['SHED', /乱搭|私搭|搭建|违建|违章|彩钢|棚/],
	['ROAD', /道路|路面|坑洼|占道|破损路|泥泞|路肩|通村路|巷道/],
	['GREEN', /杂草|绿化|荒草|草丛|枯枝|树木|行道树/],
	['HEAP', /乱堆|乱放|堆放|柴草|杂物|堆积物|柴堆|柴垛|建材|秸秆/],
	['TRASH', /垃圾|白色污染|脏乱|废弃物|卫生/]
];

const codes = new Set<string>(words.map(([k]) => k));

/** The kind of a problem from its type as stated, then from its description. */
export function categoryOf(stated: string, description: string): TaskKind {
	const code = stated.trim().toUpperCase();
	if (codes.has(code)) return code as TaskKind;
	// "Other" is an answer too, and not to be guessed over.
	if (/^(其他|其它|OTHER)([（(].*)?$/.test(code)) return 'OTHER';
	for (const text of [stated, description])
		for (const [kind, pattern] of words) if (pattern.test(text)) return kind;
	return 'OTHER';
}
