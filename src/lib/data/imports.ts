import { call, toFailure, type Db } from './client';

/** One accepted row: what it is, where it stood in its file, and its values as the database reads them. */
export type ImportRow = {
	kind: 'outline' | 'villages' | 'groups' | 'hazards' | 'tasks' | 'projects' | 'plans';
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

export type ImportDone = { outcome: string; counts: Record<ImportRow['kind'], number> };

/** All rows or none. Throws `Failure` with the file and line of the first row that is refused. */
export function applyImport(db: Db, order: ImportOrder): Promise<ImportDone> {
	return call<ImportDone>(db, 'import_apply', { p: order });
}

export function undoImport(
	db: Db,
	townshipId: string,
	importId: string
): Promise<{ outcome: string }> {
	return call(db, 'import_undo', { p_township: townshipId, p_import: importId });
}

export type ImportLine = {
	id: string;
	title: string;
	files: { name: string; sha256: string }[];
	counts: Partial<Record<ImportRow['kind'], number>>;
	appliedAt: string;
	undoneAt: string | null;
	by: string | null;
};

export async function readImports(db: Db, townshipId: string): Promise<ImportLine[]> {
	const { data, error, status } = await db
		.from('imports')
		.select(
			'id, title, files, counts, applied_at, undone_at, persons!imports_created_by_fkey(name)'
		)
		.eq('township_id', townshipId)
		.order('applied_at', { ascending: false })
		.limit(100);
	if (error) throw toFailure(error, status);
	return data.map((i) => ({
		id: i.id,
		title: i.title,
		files: i.files,
		counts: i.counts,
		appliedAt: i.applied_at,
		undoneAt: i.undone_at,
		by: (i.persons as unknown as { name: string } | null)?.name ?? null
	}));
}
