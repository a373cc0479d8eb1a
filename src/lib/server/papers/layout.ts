/**
 * Measures and fonts of GB/T 9704-2012 (党政机关公文格式) as both renderers use them: A4, text area 156 × 225 mm,
 * 22 lines of 28 characters. Millimetres and points.
 */
export const page = { top: 37, left: 28, right: 26, bottom: 35, width: 210, footer: 7 } as const;
/** Millimetres. */
export const textWidth = page.width - page.left - page.right;

/** Points: 二号, 三号, 四号, 五号. */
export const sizes = { title: 22, body: 16, pageNumber: 14, table: 10.5, mark: 10.5 } as const;
/** Pictures side by side: at most so high, millimetres. */
export const pairHeight = 56;
export const lineSpacing = 28;
export const titleSpacing = 36;
export const tableSpacing = 15;

/**
 * Names of the fonts an office has, then what stands in for them. The first is what the standard asks for
 * and what a DOCX names; a PDF takes the first that is on the machine.
 */
export const fonts = {
	title: [
		'方正小标宋简体',
		'FZXiaoBiaoSong-B05S',
		'方正小标宋_GBK',
		'FZXiaoBiaoSong-B05',
		'华文中宋',
		'STZhongsong'
	],
	body: [
		'仿宋_GB2312',
		'FangSong_GB2312',
		'仿宋',
		'FangSong',
		'方正仿宋_GBK',
		'FZFangSong-Z02',
		'华文仿宋',
		'STFangsong',
		'FandolFang'
	],
	hei: [
		'黑体',
		'SimHei',
		'方正黑体_GBK',
		'FZHei-B01',
		'华文黑体',
		'STHeiti',
		'Heiti SC',
		'Noto Sans CJK SC',
		'Source Han Sans SC',
		'思源黑体'
	],
	kai: [
		'楷体_GB2312',
		'KaiTi_GB2312',
		'楷体',
		'KaiTi',
		'方正楷体_GBK',
		'FZKai-Z03',
		'华文楷体',
		'STKaiti',
		'Kaiti SC',
		'AR PL UKai CN',
		'AR PL KaitiM GB',
		'LXGW WenKai',
		'FandolKai'
	],
	/** After each of the above. */
	any: [
		'Noto Serif CJK SC',
		'Source Han Serif SC',
		'思源宋体',
		'Noto Serif SC',
		'宋体',
		'SimSun',
		'Songti SC',
		'AR PL UMing CN',
		'AR PL SungtiL GB',
		'Noto Sans CJK SC',
		'Source Han Sans SC',
		'Noto Sans SC',
		'微软雅黑',
		'Microsoft YaHei',
		'PingFang SC',
		'WenQuanYi Zen Hei',
		'WenQuanYi Micro Hei'
	],
	latin: ['Times New Roman', 'Liberation Serif', 'Tinos', 'TeX Gyre Termes', 'Nimbus Roman']
} as const;
export type Role = 'title' | 'body' | 'hei' | 'kai';

/** How far a text is, in letters of its own size: Chinese 1, others a half. */
export const letters = (text: string): number =>
	[...text].reduce((n, c) => n + (c > '\u2e7f' ? 1 : 0.5), 0);

/** Letters between a signature's two lines and the right margin: the day four, the unit centred over it. */
export function signatureIndent(unit: string, day: string): { unit: number; day: number } {
	const wider = (letters(unit) - letters(day)) / 2;
	const least = Math.max(0, wider - 4);
	return { unit: 4 - wider + least, day: 4 + least };
}

/** What stands at the foot of a box for an opinion, filled in by hand. */
export const opinionFoot = ['负责人（签字）：　　　　　　', '（盖章）', '年　　月　　日'] as const;
export const opinionHeight = 58;
