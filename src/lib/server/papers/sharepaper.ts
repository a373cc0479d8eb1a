import type { ShareOutline } from '$lib/domain/shared';
import type { Paper, Part } from './paper';
import { zhNumber } from './words';

/** A shared page as an office paper: the same sentences, tables and map. */
export const sharePaper = (outline: ShareOutline, picture: Uint8Array | null): Paper => ({
	name: outline.title,
	title: outline.title,
	mark: outline.mark,
	parts: [
		...outline.under.filter(Boolean).map((text): Part => ({ kind: 'line', text, align: 'center' })),
		...outline.sections.flatMap((s, i): Part[] => [
			{ kind: 'heading', level: 1, text: `${zhNumber(i + 1)}、${s.heading}` },
			...s.lines.map((text): Part => ({ kind: 'paragraph', text })),
			...(s.map && picture && outline.map
				? [
						{
							kind: 'picture' as const,
							type: 'png' as const,
							bytes: picture,
							width: 110,
							caption: outline.map.caption
						}
					]
				: []),
			...(s.table ? [{ kind: 'table' as const, ...withRows(s.table) }] : [])
		]),
		...outline.foot.map((text): Part => ({ kind: 'line', text, align: 'left' }))
	]
});

const withRows = ({ columns, rows }: NonNullable<ShareOutline['sections'][number]['table']>) => ({
	columns,
	rows: rows.map((cells) => ({ cells }))
});
