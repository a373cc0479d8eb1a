import { phases, type Phase, type ProjectLine } from '$lib/domain/project';
import { grades, type Grade } from '$lib/domain/thing';

/** What the list of projects shows: it stands in the address. */
export type ListView = {
	only: '' | 'stuck' | 'ask';
	phase: Phase | '';
	grade: Grade | '';
	village: string;
};

const known = <T extends string>(value: string | null, of: readonly T[]): T | '' =>
	of.find((one) => one === value) ?? '';

export const readListView = (search: URLSearchParams): ListView => ({
	only: known(search.get('only'), ['stuck', 'ask']),
	phase: known(search.get('phase'), phases),
	grade: known(search.get('grade'), grades),
	village: search.get('village') ?? ''
});

export function writeListView({ only, phase, grade, village }: ListView): string {
	const search = new URLSearchParams({
		...(only && { only }),
		...(phase && { phase }),
		...(grade && { grade }),
		...(village && { village })
	}).toString();
	return search ? `?${search}` : '';
}

export const isNarrow = (view: ListView): boolean => Object.values(view).some((v) => v !== '');

export const shownIn = (projects: readonly ProjectLine[], view: ListView): ProjectLine[] =>
	projects.filter(
		(p) =>
			(!view.phase || p.phase === view.phase) &&
			(!view.grade || p.targetGrade === view.grade) &&
			(!view.village || p.village === view.village) &&
			(view.only === '' ||
				(view.only === 'stuck' ? p.blockers.length > 0 : p.blockers.some((b) => b.ask !== '')))
	);
