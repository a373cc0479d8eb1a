import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler';
import { NoFont, chooseFonts } from './fonts';
import type { Role } from './layout';
import type { Face } from './sfnt';

/** Typst with fonts. */
export type Press = {
	compiler: NodeCompiler;
	/** Names that this compiler knows, best first, for each role. */
	families: Record<Role | 'chinese' | 'latin', string[]>;
	covers: (codePoint: number) => boolean;
};

/** No such folder exists: the compiler sees nothing but what is put into it. */
export const workspace = '/xiangtu-papers';

/**
 * Throws `NoFont`. Typst shortens the family names of fonts ("AR PL UKai CN" is "AR PL UKai" to it) and
 * passes over a name it does not know, so each is tried, and a letter counts as covered only by a font that
 * Typst has found.
 */
export function setUp(folders: readonly string[]): Press {
	const { files, ...chosen } = chooseFonts(folders);
	const compiler = NodeCompiler.create({ workspace, fontArgs: [{ fontPaths: files }] });
	const known = new Map<string, boolean>();
	const knows = (name: string): boolean => {
		if (!known.has(name)) {
			const mainFileContent = `#set text(font: ${JSON.stringify(name)})\n`;
			known.set(name, !compiler.compile({ mainFileContent }).takeWarnings());
		}
		return known.get(name)!;
	};
	const namesOf = (face: Face) =>
		[...new Set(face.families.flatMap((name) => [name, name.replace(shortened, '')]))].filter(
			knows
		);
	const names = (faces: readonly Face[]) => [...new Set(faces.flatMap(namesOf))];
	const chinese = names(chosen.chinese);
	if (!chinese.length) throw new NoFont();
	const chain = (faces: readonly Face[]) => [...new Set([...names(faces), ...chinese])];
	const drawing = [...chosen.chinese, ...chosen.latin].filter((f) => namesOf(f).length);
	return {
		compiler,
		families: {
			chinese,
			latin: names(chosen.latin),
			title: chain(chosen.title),
			body: chain(chosen.body),
			hei: chain(chosen.hei),
			kai: chain(chosen.kai)
		},
		covers: (codePoint) => drawing.some((f) => f.covers(codePoint))
	};
}

const shortened = /[\s_-]+(cn|regular|light|medium|bold|heavy|black)$/i;
