import type { Meaning } from '../draft';
import type { RawLayer, RawRow } from '../raw';
import { meaningOf } from './headings';
import { villageName } from './rowreader';

const lists = /(问题|任务|责任|措施|时限|整改|销号)清单|三张清单|四单/;

/**
 * "问题清单, 任务清单, 责任清单" are three sheets about the same tasks: where they have the same 序号, village
 * and problem in every line, they are read as one. Where a single line differs, each stays what it is.
 */
export function joinLists(layers: RawLayer[]): { layers: RawLayer[]; joined: string[] } {
	const [first, ...others] = layers.filter((l) => lists.test(l.name) && keysOf(l) !== null);
	if (!first || !others.length) return { layers, joined: [] };
	const keys = keysOf(first)!;
	const same = others.filter((l) => keysOf(l)!.join('\n') === keys.join('\n'));
	for (const other of same) {
		const own = new Set(first.columns);
		const added = other.columns.filter((c) => !own.has(c));
		first.columns = [...first.columns, ...added];
		if (first.table && other.table)
			first.table = {
				...first.table,
				title: [...new Set([...first.table.title, ...other.table.title])],
				units: { ...other.table.units, ...first.table.units }
			};
		first.rows.forEach((row, i) => {
			for (const column of added) row.values[column] = other.rows[i]!.values[column] ?? null;
		});
	}
	return {
		layers: layers.filter((l) => !same.includes(l)),
		joined: same.length ? [first, ...same].map((l) => l.name) : []
	};
}

/** What each line is about, or null where the sheet does not say it or says one number twice. */
function keysOf(layer: RawLayer): string[] | null {
	if (!layer.table) return null;
	const column = (meaning: Meaning) => layer.columns.find((c) => meaningOf(c) === meaning);
	const [serial, village, title] = (['serial', 'village', 'title'] as const).map(column);
	if (!serial || !title) return null;
	const text = (row: RawRow, name: string | undefined) =>
		name === undefined ? '' : String(row.values[name] ?? '').trim();
	const numbers = new Set(layer.rows.map((r) => text(r, serial)));
	if (numbers.size !== layer.rows.length || numbers.has('')) return null;
	return layer.rows.map((r) =>
		[text(r, serial), villageName(text(r, village)), text(r, title)].join('\t')
	);
}
