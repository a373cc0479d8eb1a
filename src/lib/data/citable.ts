import { toFailure, type Db } from './client';
import { readTasks } from './tasks';

/** Something of the township that a piece of evidence may point to. */
export type Citable = {
	id: string;
	/** Empty: a task goes by its type. */
	title: string;
	category: string;
	village: string | null;
	/** A task's stage in the office's words; of a plan nothing is said here. */
	stage: string | null;
	foundOn: string | null;
};
const most = 30;

/** Found by words in the name; tasks of `village` only where one is given, plans with its own first. */
export async function readCitable(
	db: Db,
	townshipId: string,
	kind: 'task' | 'plan',
	words: string,
	village: string | null
): Promise<Citable[]> {
	if (kind === 'task') {
		const filter = { ...(village && { village: [village] }), ...(words && { q: words }) };
		const page = await readTasks(db, townshipId, filter, null, most);
		return (page?.rows ?? []).map(({ id, title, category, village: name, stage, foundOn }) => ({
			id,
			title,
			category,
			village: name,
			stage,
			foundOn
		}));
	}
	let query = db
		.from('plans')
		.select('id, title, category, village_id')
		.eq('township_id', townshipId)
		.is('archived_at', null)
		.order('title')
		.limit(200);
	if (words) query = query.ilike('title', `%${words.replace(/[\\%_]/g, '\\$&')}%`);
	const { data, error, status } = await query;
	if (error) throw toFailure(error, status);
	return data
		.map((row) => ({ ...row, own: row.village_id === village }))
		.sort((a, b) => Number(b.own) - Number(a.own))
		.slice(0, most)
		.map(({ id, title, category }) => ({
			id,
			title,
			category,
			village: null,
			stage: null,
			foundOn: null
		}));
}
