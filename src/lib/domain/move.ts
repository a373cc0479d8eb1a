import type { State } from './fact';
import { may, type Person, type Right } from './place';
import type { Step } from './thing';

export const verbs = [
	'say',
	'do',
	'withdraw',
	'prove',
	'return',
	'reopen',
	'drop',
	'block',
	'unblock'
] as const;
export type Verb = (typeof verbs)[number];

type Rule = {
	from: readonly State[];
	to: State | null;
	right: Right;
	needs: 'other_person' | 'doer' | null;
};

/** The table `step_moves` of the database, for greying buttons; a test compares the two. */
export const moves: Record<Verb, Rule> = {
	say: { from: ['found', 'said'], to: 'said', right: 'plan', needs: null },
	do: { from: ['found', 'said'], to: 'done', right: 'report', needs: null },
	withdraw: { from: ['done'], to: 'said', right: 'report', needs: 'doer' },
	prove: { from: ['done'], to: 'proven', right: 'prove', needs: 'other_person' },
	return: { from: ['done'], to: 'said', right: 'prove', needs: 'other_person' },
	reopen: { from: ['proven'], to: 'said', right: 'prove', needs: null },
	drop: { from: ['found', 'said'], to: 'dropped', right: 'plan', needs: null },
	block: { from: ['found', 'said'], to: null, right: 'report', needs: null },
	unblock: { from: ['found', 'said'], to: null, right: 'report', needs: null }
};

export type Refusal =
	| 'signed_out'
	| 'not_allowed'
	| 'not_from_this_state'
	| 'own_work'
	| 'not_yours'
	| 'already_blocked'
	| 'not_blocked';

/**
 * Why this person may not do this to this step; null when they may. `chain` is the step's place and the
 * places above it. The database asks the same again.
 */
export function whyNot(
	verb: Verb,
	step: Step,
	person: Person | null,
	chain: readonly string[]
): Refusal | null {
	const rule = moves[verb];
	if (!person) return 'signed_out';
	if (!may(person, rule.right, chain)) return 'not_allowed';
	if (!rule.from.includes(step.state)) return 'not_from_this_state';
	if (rule.needs === 'other_person' && (person.id === step.doneBy || person.id === step.answers))
		return 'own_work';
	if (rule.needs === 'doer' && person.id !== step.doneBy) return 'not_yours';
	if (verb === 'block' && step.blocker) return 'already_blocked';
	if (verb === 'unblock' && !step.blocker) return 'not_blocked';
	return null;
}
