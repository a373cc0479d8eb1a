import type { Cell } from '../read/sheet';
import { clean } from '../text';

export const textOf = (cell: Cell | undefined): string =>
	cell === null || cell === undefined ? '' : clean(String(cell)).text.trim();

/** Points as people write them: '１０', '10分', '10.5 分', '10 (source)'; null where they cannot be read. */
export function pointsIn(text: string): { points: number; source: 'S' | 'T' | null } | null {
	const plain = text.normalize('NFKC').replace(/\s+/g, '');
	const m = /^(\d{1,7}(?:\.\d{1,2})?)分?(?:\((.*)\))?$/.exec(plain);
	if (!m) return null;
	const said = /^(source|来源|原文)/i.test(m[2] ?? '')
		? 'S'
		: /^(template|样板)/i.test(m[2] ?? '')
			? 'T'
			: null;
	return m[2] && !said ? null : { points: Number(m[1]), source: said };
}
export const numberOf = (cell: Cell | undefined): number | null =>
	pointsIn(textOf(cell))?.points ?? null;

/** 一 … 九十九; null for anything else. */
export function chineseNumber(text: string): number | null {
	const m = /^([一二三四五六七八九]?)(十?)([一二三四五六七八九]?)$/.exec(text);
	if (!m || !text || (!m[2] && m[1] && m[3])) return null;
	const digit = (c: string) => '一二三四五六七八九'.indexOf(c) + 1;
	return m[2] ? (digit(m[1]!) || 1) * 10 + digit(m[3]!) : digit(m[1]! || m[3]!);
}

/** '餐饮服务 / catering' → both languages; a slash between Chinese words parts nothing. */
export function bothLanguages(text: string): { zh: string; en: string } {
	const m = /^(.*\p{Script=Han}[^/]*?)\s*\/\s*([^\p{Script=Han}]+)$/u.exec(text);
	return m ? { zh: m[1]!.trim(), en: m[2]!.trim() } : { zh: text, en: '' };
}
