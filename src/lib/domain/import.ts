/** What an accepted row of a file becomes. */
export const importKinds = [
	'outline',
	'villages',
	'groups',
	'hazards',
	'tasks',
	'projects',
	'plans'
] as const;
export type ImportKind = (typeof importKinds)[number];

/** One accepted row: what it is, where it stood in its file, and its values as the database reads them. */
export type ImportRow = {
	kind: ImportKind;
	file: string;
	line: number | null;
	data: Record<string, unknown>;
};

export type ImportFile = {
	name: string;
	size: number;
	sha256: string;
	format: string;
	guesses: unknown[];
};

export type ImportOrder = {
	import_id: string;
	township_id: string;
	title: string;
	/** Set when the person was told that the same file was imported before and wants it again. */
	again?: boolean;
	files: ImportFile[];
	rows: ImportRow[];
};

export type ImportDone = { outcome: string; counts: Record<ImportKind, number> };

/** A past import, for the list with its way back. */
export type ImportLine = {
	id: string;
	title: string;
	files: { name: string; sha256: string }[];
	counts: Partial<Record<ImportKind, number>>;
	appliedAt: string;
	undoneAt: string | null;
	by: string | null;
};
