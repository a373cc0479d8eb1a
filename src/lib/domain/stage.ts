import type { State } from './fact';

/**
 * Where a step stands in the office's words (domain.md B.2). The three facts follow from it: `stateOf`.
 * Overdue, due soon and carried over are derived from days and are never stages.
 */
export const stages = [
	'found',
	'rejected',
	'merged',
	'dropped',
	'assigned',
	'doing',
	'blocked',
	'extension',
	'reported',
	'returned',
	'proven',
	'closed'
] as const;
export type Stage = (typeof stages)[number];

/** Stages in which something is still to be done or to be checked. */
export const openStages = [
	'found',
	'assigned',
	'doing',
	'blocked',
	'extension',
	'reported',
	'returned'
] as const satisfies Stage[];

/** The fact a stage stands for. A blocked step may be found or said: it needs to know whether it was said. */
export function stateOf(stage: Stage, said = true): State {
	switch (stage) {
		case 'found':
			return 'found';
		case 'rejected':
		case 'merged':
		case 'dropped':
			return 'dropped';
		case 'blocked':
			return said ? 'said' : 'found';
		case 'assigned':
		case 'doing':
		case 'extension':
		case 'returned':
			return 'said';
		case 'reported':
			return 'done';
		case 'proven':
		case 'closed':
			return 'proven';
	}
}
