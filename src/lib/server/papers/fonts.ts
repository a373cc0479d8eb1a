import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { fonts, type Role } from './layout';
import { readFaces, type Face } from './sfnt';

/** The machine has no font for a Chinese PDF. The message is for the operator, in words. */
export class NoFont extends Error {
	constructor() {
		super(
			'这台机器上没有能写中文的字体，做不出 PDF。请装 Debian 软件包 fonts-noto-cjk；' +
				'或者把单位电脑上的仿宋_GB2312、方正小标宋、黑体、楷体_GB2312 字体文件放进一个文件夹，' +
				'用环境变量 XT_FONTS 告诉本程序是哪个文件夹，再重新启动。DOCX 不受影响。'
		);
	}
}

/** The faces that a document may use, best first, and the files they and their bold brothers are in. */
export type Chosen = Record<Role | 'chinese' | 'latin', Face[]> & { files: string[] };

/** Where an operator's own fonts are, then where systems keep theirs. */
export const fontFolders = (): string[] => [
	...(process.env.XT_FONTS ? [process.env.XT_FONTS] : []),
	'/usr/share/fonts',
	'/usr/local/share/fonts',
	path.join(homedir(), '.local/share/fonts'),
	path.join(homedir(), '.fonts'),
	'/System/Library/Fonts',
	'/Library/Fonts',
	path.join(process.env.WINDIR ?? 'C:\\Windows', 'Fonts')
];

/** What must be there for a document to be written in Chinese. */
const sample = [...'乡镇村景区创建自评报告佐证材料目录分合计年月日（），。、'];

/** Chooses among the fonts of these folders; throws `NoFont`. */
export function chooseFonts(folders: readonly string[]): Chosen {
	const faces = folders.flatMap(fontFiles).flatMap(readFaces);
	const pick = (names: readonly string[]) => [
		...new Set(names.flatMap((name) => faces.filter((f) => f.families.includes(name))))
	];
	const writesChinese = (f: Face) => sample.every((c) => f.covers(c.codePointAt(0)!));
	const role = (r: Role) => pick(fonts[r]).filter(writesChinese);
	const chinese = [...role('body'), ...pick(fonts.any).filter(writesChinese)];
	if (!chinese.length) throw new NoFont();
	const chosen = {
		chinese,
		latin: pick(fonts.latin),
		title: role('title'),
		body: role('body'),
		hei: role('hei'),
		kai: role('kai')
	};
	const wanted = new Set(Object.values(chosen).flatMap((list) => list.flatMap((f) => f.families)));
	const files = faces.filter((f) => f.families.some((n) => wanted.has(n))).map((f) => f.path);
	return { ...chosen, files: [...new Set(files)] };
}

function fontFiles(folder: string): string[] {
	if (!existsSync(folder)) return [];
	return readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter((e) => e.isFile() && /\.(ttf|otf|ttc|otc)$/i.test(e.name))
		.map((e) => path.join(e.parentPath ?? e.path, e.name))
		.sort();
}
