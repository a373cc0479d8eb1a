import { uuid } from '$lib/domain/id';
import { error } from '@sveltejs/kit';
import { readLeft } from '$lib/data/officials';
import { readCalendars, readProject } from '$lib/data/projects';
import { readStandards } from '$lib/data/standards';
import { readVillages } from '$lib/data/wallmap';
import { readTab } from '$lib/features/projects/tabs';
import { needTownship } from '$lib/server/guards';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
	event.depends('xt:project');
	const { township } = needTownship(event);
	const { db } = event.locals;
	const project = uuid.test(event.params.id)
		? await readProject(db, township.id, event.params.id)
		: null;
	if (!project) error(404, { message: 'not_found', code: 'not_found' });
	const tab = readTab(event.url.searchParams);
	const [left, calendars, standards, villages] = await Promise.all([
		readLeft(db, township.id, 'project', project.id),
		readCalendars(db, township.id, Number(project.today.slice(0, 4))),
		project.standard ? [] : readStandards(db, township.id),
		tab === 'place' ? readVillages(db, township.id) : []
	]);
	return { project, left, calendars, standards, villages, tab };
};
