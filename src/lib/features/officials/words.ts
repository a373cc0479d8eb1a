import type { Kind } from '$lib/domain/fact';
import type {
	ChangeAction,
	InstructionStanding,
	InstructionWhat,
	LeftWords,
	TurnKind
} from '$lib/domain/official';
import * as m from '$lib/i18n/paraglide/messages';

export const instructionStandingWords: Record<InstructionStanding, () => string> = {
	waiting: m.officials_waiting,
	overdue: m.officials_overdue,
	replied: m.officials_replied,
	accepted: m.officials_accepted,
	withdrawn: m.officials_withdrawn
};
export const whatWords: Record<InstructionWhat, () => string> = {
	instruction: m.officials_what_instruction,
	answer: m.officials_what_answer
};
export const turnWords: Record<TurnKind, () => string> = {
	reply: m.officials_turn_reply,
	return: m.officials_turn_return,
	accept: m.officials_turn_accept,
	withdraw: m.officials_turn_withdraw,
	chase: m.officials_turn_chase,
	make: m.officials_turn_make
};
export const kindsOfWork: Record<Kind, () => string> = {
	task: m.officials_kind_task,
	project: m.officials_kind_project,
	plan: m.officials_kind_plan
};
export const countedChanges: Record<ChangeAction, (o: { n: number }) => string> = {
	'step.prove': m.officials_change_prove,
	'step.do': m.officials_change_do,
	'step.say': m.officials_change_say,
	'step.block': m.officials_change_block,
	'step.unblock': m.officials_change_unblock,
	'project.create': m.officials_change_project,
	'plan.create': m.officials_change_plan,
	'instruction.reply': m.officials_change_reply
};
export const changeWords: Record<ChangeAction, () => string> = {
	'step.say': m.officials_line_say,
	'step.do': m.officials_line_do,
	'step.prove': m.officials_line_prove,
	'step.block': m.officials_line_block,
	'step.unblock': m.officials_line_unblock,
	'project.create': m.officials_line_new,
	'plan.create': m.officials_line_new,
	'instruction.reply': m.officials_line_reply
};

/** Office and name as they are known or claimed. */
export const fromWord = ({ office, name }: Pick<LeftWords, 'office' | 'name'>): string =>
	m.officials_from({ office, name }).trim();
