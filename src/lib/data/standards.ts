import type { Score, StandardHead } from '$lib/domain/project';
import { uuid } from '$lib/domain/id';
import { call, type Db } from './client';

/** A line of a standard's change log. */
export type StandardLine = { at: string; byName: string; action: string; note: string };
export type StandardPage = {
	head: StandardHead;
	/** As `standardSchema` reads it; the database has read it too. */
	body: unknown;
	log: StandardLine[];
	/** Every edition of the same standard, this one among them. */
	family: StandardHead[];
};

/** All standards of a township: drafts, in force and retired. */
export function readStandards(db: Db, townshipId: string): Promise<StandardHead[]> {
	return call(db, 'standards_of', { p_township: townshipId });
}

/** null where there is none to be seen. */
export async function readStandard(
	db: Db,
	townshipId: string,
	id: string
): Promise<StandardPage | null> {
	if (!uuid.test(id)) return null;
	return call(db, 'standard_page', { p_township: townshipId, p_standard: id });
}

/** Every score an item ever had, latest first; null where the project is not to be seen. */
export async function readScoreLog(
	db: Db,
	townshipId: string,
	projectId: string,
	item: string
): Promise<Score[] | null> {
	if (!uuid.test(projectId)) return null;
	return call(db, 'score_log', { p_township: townshipId, p_project: projectId, p_item: item });
}
