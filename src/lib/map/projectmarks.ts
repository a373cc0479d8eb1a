import type { Phase } from '$lib/domain/project';
import type { Grade } from '$lib/domain/thing';
import type { ThingOnMap } from '$lib/domain/wallmap';
import * as m from '$lib/i18n/paraglide/messages';

/** The words of a project's phase and of the rated place's grade, on the map and off it. */
export const phaseWords: Record<Phase, () => string> = {
	planned: m.projects_phase_planned,
	building: m.projects_phase_building,
	self_assessed: m.projects_phase_self_assessed,
	town_checked: m.projects_phase_town_checked,
	county_assessed: m.projects_phase_county_assessed,
	higher_accepted: m.projects_phase_higher_accepted,
	public_notice: m.projects_phase_public_notice,
	objection: m.projects_phase_objection,
	listed: m.projects_phase_listed,
	review_due: m.projects_phase_review_due,
	kept: m.projects_phase_kept,
	warned: m.projects_phase_warned,
	rectify: m.projects_phase_rectify,
	downgraded: m.projects_phase_downgraded,
	delisted: m.projects_phase_delisted
};

export const gradeWord = (grade: Grade | ''): string =>
	grade ? m.projects_grade_level({ grade }) : m.projects_grade_none();

/** From this zoom on what stands beside a sign has room there. */
export const notesFrom = 10.8;

/** Beside the sign: from which grade to which, and how far the matter is. */
export const markLines = ({
	present,
	target,
	phase
}: NonNullable<ThingOnMap['project']>): string[] => [
	m.map_grade_way({
		present: present === null ? m.map_unknown() : gradeWord(present),
		target: gradeWord(target)
	}),
	phaseWords[phase]()
];
