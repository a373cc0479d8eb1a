import type { Stage } from './stage';

/** A task close by: to merge with, or to open again because the problem came back. */
export type NearTask = {
	id: string;
	category: string;
	title: string;
	village: string | null;
	placeText: string;
	stage: Stage;
	metres: number;
};
