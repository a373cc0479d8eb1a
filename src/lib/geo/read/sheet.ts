/** Cells of one sheet as they stand, before anybody knows what they mean. */
export type Cell = string | number | null;
export type Merge = { top: number; left: number; bottom: number; right: number };
export type Sheet = {
	name: string;
	/** Only lines with something in them; `line` as the office sees it, from 1. */
	lines: { line: number; cells: Cell[] }[];
	/** Lines and columns, both from 1 and 0 respectively as `line` and cell index. */
	merges: Merge[];
	encoding?: { value: string; why: string };
};
