import type { ProjectLine } from '$lib/domain/project';
import { grades, type Grade } from '$lib/domain/thing';

/** What the list of projects shows: it stands in the address. */
export type ListView = { only: '' | 'stuck' | 'ask'; grade: Grade | ''; village: string };

export function readListView(search: URLSearchParams): ListView {
	const only = search.get('only');
	const grade = search.get('grade') as Grade | null;
	return {
		only: only === 'stuck' || only === 'ask' ? only : '',
		grade: grade && grades.includes(grade) ? grade : '',
		village: search.get('village') ?? ''
	};
}

export function writeListView({ only, grade, village }: ListView): string {
	const search = new URLSearchParams({
		...(only && { only }),
		...(grade && { grade }),
		...(village && { village })
	}).toString();
	return search ? `?${search}` : '';
}

export const shownIn = (projects: readonly ProjectLine[], view: ListView): ProjectLine[] =>
	projects.filter(
		(p) =>
			(!view.grade || p.targetGrade === view.grade) &&
			(!view.village || p.village === view.village) &&
			(view.only === '' ||
				(view.only === 'stuck' ? p.blockers.length > 0 : p.blockers.some((b) => b.ask !== '')))
	);
