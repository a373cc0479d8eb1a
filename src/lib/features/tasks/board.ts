import { verbs, whyNot, ways, type Verb } from '$lib/domain/move';
import type { Person } from '$lib/domain/place';
import type { Stage } from '$lib/domain/stage';
import type { TaskLine } from '$lib/domain/tasks';
import type { Step } from '$lib/domain/thing';

/** Which verb leads from this card to which column, for whoever asks. The first that leads there counts. */
export function targetsOf(
	line: TaskLine,
	person: Person | null,
	chain: readonly string[]
): Map<Stage, Verb> {
	const targets = new Map<Stage, Verb>();
	for (const way of ways) {
		if (!way.kinds.includes('task') || !way.from.includes(line.stage) || !way.to) continue;
		if (whyNot(way.verb, line, person, chain) !== null) continue;
		for (const stage of goesOn(way.verb, way.to, line))
			if (!targets.has(stage)) targets.set(stage, way.verb);
	}
	return targets;
}

/** What was held up goes on where it stood: not handed over yet, or at work. */
function goesOn(verb: Verb, to: readonly Stage[], line: TaskLine): readonly Stage[] {
	if (verb !== 'unblock') return to;
	return line.state === 'found' ? ['found'] : to.filter((s) => s !== 'found');
}

/** Every verb this person may use on this card, in the order of the list of verbs. */
export const verbsFor = (line: TaskLine, person: Person | null, chain: readonly string[]): Verb[] =>
	verbs.filter(
		(v) =>
			ways.some((w) => w.verb === v && w.kinds.includes('task') && w.from.includes(line.stage)) &&
			whyNot(v, line, person, chain) === null
	);

/** Verbs that ask nothing. A start after a return asks to read the reason, which stands on the task's page. */
export const asksNothing = (verb: Verb, line: TaskLine): boolean =>
	['recall', 'withdraw', 'hold', 'release', 'close', 'unask'].includes(verb) ||
	(verb === 'start' && line.stage !== 'returned');

/** A row as the forms of a step know it. */
export const stepOf = (line: TaskLine): Step => ({
	id: line.id,
	seq: 1,
	title: '',
	stage: line.stage,
	state: line.state,
	round: line.round,
	version: line.version,
	foundOn: line.foundOn,
	foundBy: line.foundByName,
	saidOn: line.saidOn,
	saidBy: null,
	saidById: line.saidById,
	answers: line.answers,
	answersName: line.answersName,
	dueOn: line.dueOn,
	firstDueOn: line.firstDueOn,
	startedOn: null,
	reopenedOn: line.reopenedOn,
	doneOn: line.doneOn,
	doneBy: line.doneBy,
	doneName: line.doneByName,
	provenOn: line.provenOn,
	provenBy: null,
	provenHow: line.provenHow,
	provenName: line.provenByName,
	closedOn: line.closedOn,
	closedBy: null,
	droppedOn: null,
	droppedWhy: null,
	mergedInto: null,
	heldBy: null,
	heldByName: null,
	heldUntil: null,
	fromPaper: line.fromPaper,
	blocker: line.blocker && {
		...line.blocker,
		id: '',
		note: '',
		ask: '',
		until: null,
		openedBy: null
	},
	pastBlockers: [],
	extension: line.extension && {
		...line.extension,
		askedOn: '',
		askedByName: null,
		note: ''
	},
	pastExtensions: [],
	verdicts: [],
	evidence: [],
	photos: []
});
