import type { Kind } from './fact';
import { may, type Person, type Right } from './place';
import type { Stage } from './stage';
import type { Step } from './thing';

export type Needs = 'other_person' | 'doer' | 'sayer' | 'asker' | 'not_asker';
/** One way from stage to stage; the database's `step_transitions` has one row for each pair. */
export type Way = {
	verb: Verb;
	from: readonly Stage[];
	/** Several where the step goes back to where it stood; null: it stays where it is. */
	to: readonly Stage[] | null;
	right: Right;
	needs: Needs | null;
	kinds: readonly Kind[];
};

export const verbs = [
	'say',
	'recall',
	'start',
	'do',
	'withdraw',
	'hold',
	'release',
	'prove',
	'return',
	'close',
	'reopen',
	'reject',
	'merge',
	'drop',
	'block',
	'unblock',
	'ask',
	'grant',
	'deny',
	'unask'
] as const;
export type Verb = (typeof verbs)[number];

const every: readonly Kind[] = ['task', 'project', 'plan'];
const task: readonly Kind[] = ['task'];
const before: readonly Stage[] = ['assigned', 'doing', 'blocked'];

const way = (
	verb: Verb,
	from: readonly Stage[],
	to: readonly Stage[] | null,
	right: Right,
	needs: Needs | null = null,
	kinds: readonly Kind[] = every
): Way => ({ verb, from, to, right, needs, kinds });

/** The table `step_transitions` of the database, for greying buttons; a test compares the two. */
export const ways: readonly Way[] = [
	way('say', ['found'], ['assigned'], 'plan'),
	way('say', ['assigned', 'doing', 'blocked', 'extension', 'returned'], null, 'plan'),
	way('recall', ['assigned'], ['found'], 'plan', 'sayer'),
	way('start', ['assigned', 'returned'], ['doing'], 'report'),
	way('do', ['found', 'assigned', 'doing', 'blocked', 'extension'], ['reported'], 'report'),
	way('withdraw', ['reported'], ['doing'], 'report', 'doer'),
	way('hold', ['reported'], null, 'prove', 'other_person', task),
	way('release', ['reported'], null, 'prove', null, task),
	way('prove', ['reported'], ['proven'], 'prove', 'other_person'),
	way('return', ['reported'], ['returned'], 'prove', 'other_person'),
	way('close', ['proven'], ['closed'], 'prove', 'other_person', task),
	way('reopen', ['proven', 'closed'], ['assigned'], 'report', null, task),
	way('reopen', ['proven'], ['assigned'], 'prove', null, ['project', 'plan']),
	way('reject', ['found'], ['rejected'], 'plan', null, task),
	way('merge', ['found', ...before], ['merged'], 'plan', null, task),
	way('drop', ['found', ...before, 'extension', 'returned'], ['dropped'], 'plan'),
	way('block', ['found', 'assigned', 'doing'], ['blocked'], 'report'),
	way('unblock', ['blocked'], ['found', 'assigned', 'doing'], 'report'),
	way('ask', before, ['extension'], 'report'),
	way('grant', ['extension'], before, 'plan', 'not_asker'),
	way('deny', ['extension'], before, 'plan', 'not_asker'),
	way('unask', ['extension'], before, 'report', 'asker')
];

export type Refusal =
	| 'signed_out'
	| 'not_for_this_kind'
	| 'not_allowed'
	| 'not_from_this_state'
	| 'own_work'
	| 'own_asking'
	| 'not_yours'
	| 'held_by_another'
	| 'not_said_yet'
	| 'reason_not_read';

/** What `whyNot` asks of a step: a whole one, or the row of a list. */
export type Movable = Pick<Step, 'stage' | 'answers' | 'doneBy'> &
	Partial<Pick<Step, 'state' | 'saidById' | 'heldBy' | 'heldUntil'>> & {
		extension?: { askedBy: string } | null;
	};

/** The one way by which this verb leads on from this stage; undefined when there is none. */
export function wayOf(verb: Verb, stage: Stage, kind: Kind): Way | undefined {
	return ways.find((w) => w.verb === verb && w.kinds.includes(kind) && w.from.includes(stage));
}

/**
 * Why this person may not do this to this step; null when they may. `chain` is the step's place and the
 * places above it. The database asks the same again, in the same order.
 */
export function whyNot(
	verb: Verb,
	step: Movable,
	person: Person | null,
	chain: readonly string[],
	kind: Kind = 'task',
	now = Date.now()
): Refusal | null {
	if (!person) return 'signed_out';
	const rule =
		wayOf(verb, step.stage, kind) ?? ways.find((w) => w.verb === verb && w.kinds.includes(kind));
	if (!rule) return 'not_for_this_kind';
	if (!may(person, rule.right, chain)) return 'not_allowed';
	if (rule.needs === 'other_person' && (person.id === step.doneBy || person.id === step.answers))
		return 'own_work';
	if (rule.needs === 'doer' && person.id !== step.doneBy) return 'not_yours';
	if (rule.needs === 'sayer' && person.id !== step.saidById) return 'not_yours';
	if (rule.needs === 'asker' && person.id !== step.extension?.askedBy) return 'not_yours';
	if (rule.needs === 'not_asker' && person.id === step.extension?.askedBy) return 'own_asking';
	if (!rule.from.includes(step.stage)) return 'not_from_this_state';
	if (verb === 'ask' && step.state === 'found') return 'not_said_yet';
	if (
		['hold', 'release', 'prove', 'return'].includes(verb) &&
		step.heldBy &&
		step.heldBy !== person.id &&
		Date.parse(step.heldUntil ?? '') > now
	)
		return 'held_by_another';
	return null;
}
