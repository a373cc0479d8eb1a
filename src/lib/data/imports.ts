import type { ImportDone, ImportLine, ImportOrder } from '$lib/domain/import';
import { call, toFailure, type Db } from './client';

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
