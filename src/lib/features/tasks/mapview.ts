import type { TaskView } from '$lib/domain/taskview';
import { readView, writeView, type View } from '$lib/domain/view';

export const plainView: View = readView(new URLSearchParams());

/** The wall map with as much of the desk's filter as the map knows. */
export const writeMapView = (view: TaskView, map: View): string =>
	writeView({
		...map,
		village: view.villages.length === 1 ? view.villages[0]! : null,
		categories: view.types,
		only: view.overdue ? 'overdue' : view.stages.includes('blocked') ? 'blocked' : null,
		search: view.q,
		open: view.open ? { kind: 'task', id: view.open } : null
	});
