import { attributeOf, edited, tagsOf, type Edit, type Tag } from './tags';

/** For each cell style whether it shows a share as a hundred. */
export function percentStyles(xml: string | null): boolean[] {
	if (!xml) return [];
	const percents = new Set(['9', '10']);
	const out: boolean[] = [];
	let inXfs = false;
	for (const tag of tagsOf(xml)) {
		if (tag.name === 'numFmt' && (attributeOf(tag, 'formatCode') ?? '').includes('%'))
			percents.add(attributeOf(tag, 'numFmtId') ?? '');
		if (tag.name === 'cellXfs') inXfs = tag.type === 'open';
		else if (inXfs && tag.name === 'xf' && tag.type !== 'close')
			out.push(percents.has(attributeOf(tag, 'numFmtId') ?? ''));
	}
	return out;
}

/**
 * Adds to the template's styles a yellow twin of those that blanks have; everything else of them stays. `of` gives
 * the twin's number, null where the styles cannot be read.
 */
export class Yellow {
	readonly #xfs: { end: number; tag: Tag }[] = [];
	readonly #twins = new Map<number, number>();
	#fills: { place: number; count: number; tag: Tag } | null = null;
	#cells: { place: number; tag: Tag } | null = null;

	constructor(private readonly xml: string) {
		let inXfs = false;
		let open: Tag | null = null;
		let fills: Tag | null = null;
		let count = 0;
		for (const tag of tagsOf(xml)) {
			if (tag.name === 'fills' && tag.type === 'open') fills = tag;
			else if (tag.name === 'fill' && fills && tag.type !== 'close') count++;
			if (tag.name === 'fills' && tag.type === 'close' && fills) {
				this.#fills = { place: tag.start, count, tag: fills };
				fills = null;
			}
			if (tag.name === 'cellXfs') {
				inXfs = tag.type === 'open';
				if (tag.type === 'open') this.#cells = { place: -1, tag };
				else if (this.#cells) this.#cells.place = tag.start;
			} else if (inXfs && tag.name === 'xf') {
				if (tag.type === 'open') open = tag;
				else this.#xfs.push({ end: tag.end, tag: open ?? tag });
				if (tag.type !== 'open') open = null;
			}
		}
	}

	of(style: string | null): string | null {
		const from = Number(style ?? 0);
		if (!this.#fills || !this.#cells || this.#cells.place < 0 || !this.#xfs[from]) return null;
		const known = this.#twins.get(from);
		const id = known ?? this.#xfs.length + this.#twins.size;
		this.#twins.set(from, id);
		return String(id);
	}

	/** The styles with the twins in them. */
	written(): string {
		if (!this.#twins.size || !this.#fills || !this.#cells) return this.xml;
		const p = this.#fills.tag.prefix;
		const fill = this.#fills.count;
		const edits: Edit[] = [
			counted(this.#fills.tag, fill + 1),
			{
				start: this.#fills.place,
				end: this.#fills.place,
				text: `<${p}fill><${p}patternFill patternType="solid"><${p}fgColor rgb="FFFFFF00"/><${p}bgColor indexed="64"/></${p}patternFill></${p}fill>`
			},
			counted(this.#cells.tag, this.#xfs.length + this.#twins.size)
		];
		let twins = '';
		for (const from of this.#twins.keys()) {
			const { end, tag } = this.#xfs[from]!;
			const attributes =
				tag.attributes.replace(/\s(fillId|applyFill)\s*=\s*("[^"]*"|'[^']*')/g, '') +
				` fillId="${fill}" applyFill="1"`;
			const head = `<${tag.prefix}xf${attributes}`;
			twins += tag.type === 'alone' ? `${head}/>` : `${head}>${this.xml.slice(tag.end, end)}`;
		}
		edits.push({ start: this.#cells.place, end: this.#cells.place, text: twins });
		return edited(this.xml, edits);
	}
}

function counted(tag: Tag, count: number): Edit {
	const rest = tag.attributes.replace(/\scount\s*=\s*("[^"]*"|'[^']*')/, '');
	return {
		start: tag.start,
		end: tag.end,
		text: `<${tag.prefix}${tag.name}${rest} count="${count}">`
	};
}
