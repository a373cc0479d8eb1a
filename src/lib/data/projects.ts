import type { ProjectPage, ProjectsPage } from '$lib/domain/project';
import type { CalendarYear } from '$lib/domain/workdays';
import { call, type Db } from './client';

/** All projects of a township with their figures; null where it may not be seen. */
export function readProjects(db: Db, townshipId: string): Promise<ProjectsPage | null> {
	return call(db, 'projects_page', { p_township: townshipId });
}

/** Everything of one project; null for unknown and foreign alike. */
export function readProject(
	db: Db,
	townshipId: string,
	projectId: string
): Promise<ProjectPage | null> {
	return call(db, 'project_page', { p_township: townshipId, p_project: projectId });
}

/** A year's days off as this township counts them; `set`: it said so itself. */
export type TownshipYear = CalendarYear & { set: boolean };
export function readCalendar(
	db: Db,
	townshipId: string,
	year: number
): Promise<TownshipYear | null> {
	return call(db, 'calendar_of', { p_township: townshipId, p_year: year });
}

/** This year and the two around it: what a notice or a schedule reaches into. */
export async function readCalendars(
	db: Db,
	townshipId: string,
	year: number
): Promise<TownshipYear[]> {
	const years = await Promise.all(
		[year - 1, year, year + 1, year + 2].map((y) => readCalendar(db, townshipId, y))
	);
	return years.filter((y): y is TownshipYear => y !== null);
}
