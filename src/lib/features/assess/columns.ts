import type { Assessor, Phase, ProjectPage, Score } from '$lib/domain/project';
import type { Right } from '$lib/domain/place';

type Level = 'village' | 'township' | 'district';

/** Who fills which column and when; op_project_score in the database holds to the same. */
export const columns: Record<Assessor, { right: Right; level: Level; phases: readonly Phase[] }> = {
	self: { right: 'report', level: 'village', phases: ['building', 'rectify', 'warned'] },
	town: { right: 'prove', level: 'township', phases: ['self_assessed'] },
	county: { right: 'prove', level: 'district', phases: ['town_checked'] },
	higher: { right: 'prove', level: 'district', phases: ['county_assessed'] }
};

export type WhyNotFill = 'no_standard' | 'not_allowed' | 'not_in_this_phase';

/** Why this person may not fill the column of `side` now; null when they may. */
export function whyNotFill(
	side: Assessor,
	page: Pick<ProjectPage, 'phase' | 'standard'>,
	may: (right: Right, level: Level) => boolean
): WhyNotFill | null {
	if (!page.standard) return 'no_standard';
	const { right, level, phases } = columns[side];
	if (!may(right, level)) return 'not_allowed';
	return phases.includes(page.phase) ? null : 'not_in_this_phase';
}

/** The column to be filled now; the phases of two columns never overlap, so there is one at most. */
export const ownColumn = (
	sides: readonly Assessor[],
	page: Pick<ProjectPage, 'phase' | 'standard'>,
	may: (right: Right, level: Level) => boolean
): Assessor | null => sides.find((side) => whyNotFill(side, page, may) === null) ?? null;

/** Nobody scores an item for two sides: codes that this person has scored for another one. */
export const takenItems = (
	scores: readonly Score[],
	side: Assessor | null,
	person: string | null
): Set<string> =>
	new Set(
		scores
			.filter((s) => side && person && s.by === person && s.assessor !== side)
			.map((s) => s.item)
	);
