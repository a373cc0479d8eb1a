import { call, type Db } from './client';

export type KeptDocument = { sha256: string; size: number; type: string };
export type DocumentFile = KeptDocument & { name: string };

/** Which file an exhibit is; null for unknown, foreign and not allowed alike. */
export function documentFile(
	db: Db,
	townshipId: string,
	exhibitId: string
): Promise<DocumentFile | null> {
	return call(db, 'document_file', { p_township: townshipId, p_exhibit: exhibitId });
}

/** Keeps what the server knows of a document's bytes. */
export function documentPut(admin: Db, p: Record<string, unknown>): Promise<KeptDocument> {
	return call(admin, 'document_put', { p });
}
