import type { Proof } from '$lib/domain/fact';
import type { Verb } from '$lib/domain/move';
import type { Stage } from '$lib/domain/stage';
import type { BlockerKind, Step, Thing } from '$lib/domain/thing';
import { ladders, planCategories } from '$lib/domain/thing';
import { taskKinds, type TaskKind } from '$lib/domain/task';
import * as m from '$lib/i18n/paraglide/messages';
import { getLocale } from '$lib/i18n/paraglide/runtime';

export const verbWords: Record<Verb, () => string> = {
	say: m.things_verb_say,
	do: m.things_verb_do,
	withdraw: m.things_verb_withdraw,
	prove: m.things_verb_prove,
	return: m.things_verb_return,
	reopen: m.things_verb_reopen,
	drop: m.things_verb_drop,
	block: m.things_verb_block,
	unblock: m.things_verb_unblock,
	recall: m.things_verb_recall,
	start: m.things_verb_start,
	hold: m.things_verb_hold,
	release: m.things_verb_release,
	close: m.things_verb_close,
	reject: m.things_verb_reject,
	merge: m.things_verb_merge,
	ask: m.things_verb_ask,
	grant: m.things_verb_grant,
	deny: m.things_verb_deny,
	unask: m.things_verb_unask
};

export const stageWords: Record<Stage, () => string> = {
	found: m.stage_found,
	rejected: m.stage_rejected,
	merged: m.stage_merged,
	dropped: m.stage_dropped,
	assigned: m.stage_assigned,
	doing: m.stage_doing,
	blocked: m.stage_blocked,
	extension: m.stage_extension,
	reported: m.stage_reported,
	returned: m.stage_returned,
	proven: m.stage_proven,
	closed: m.stage_closed
};

export const blockerWords: Record<BlockerKind, () => string> = {
	approval: m.things_blocker_approval,
	money: m.things_blocker_money,
	person: m.things_blocker_person,
	land: m.things_blocker_land,
	weather: m.things_blocker_weather,
	other: m.things_blocker_other
};

export const proofWords: Record<Proof, () => string> = {
	on_site: m.things_how_on_site,
	desk: m.things_how_desk,
	ledger: m.things_how_ledger
};

/** What a line of the history says was done. */
const actions: Record<string, () => string> = {
	'task.create': m.things_act_create,
	'project.create': m.things_act_create,
	'plan.create': m.things_act_create,
	'task.edit': m.things_act_edit,
	'project.edit': m.things_act_edit,
	'plan.edit': m.things_act_edit,
	'place.edit': m.things_act_place_edit,
	'step.say': m.things_act_say,
	'step.do': m.things_act_do,
	'step.withdraw': m.things_act_withdraw,
	'step.prove': m.things_act_prove,
	'step.return': m.things_act_return,
	'step.reopen': m.things_act_reopen,
	'step.drop': m.things_act_drop,
	'step.block': m.things_act_block,
	'step.unblock': m.things_act_unblock,
	'step.evidence': m.things_act_evidence,
	'step.recall': m.things_act_recall,
	'step.start': m.things_act_start,
	'step.hold': m.things_act_hold,
	'step.release': m.things_act_release,
	'step.close': m.things_act_close,
	'step.reject': m.things_act_reject,
	'step.merge': m.things_act_merge,
	'step.ask': m.things_act_ask,
	'step.grant': m.things_act_grant,
	'step.deny': m.things_act_deny,
	'step.unask': m.things_act_unask,
	'step.photo': m.things_act_photo,
	'photo.redact': m.things_act_redact,
	'handover.create': m.things_act_handover,
	'type.edit': m.things_act_type,
	'draw.create': m.things_act_draw,
	'draw.result': m.things_act_draw_result,
	'import.apply': m.things_act_import,
	'import.undo': m.things_act_import_undo
};
export const actionWord = (action: string): string =>
	Object.hasOwn(actions, action) ? actions[action]!() : m.things_act_other({ action });

export const taskKindWord = (kind: string): string => {
	const known = Object.hasOwn(taskKinds, kind) ? taskKinds[kind as TaskKind] : taskKinds.OTHER;
	return getLocale() === 'en' ? known.en : known.zh;
};

/** What a thing is called: its title, or its type where nobody gave one. */
export const thingTitle = (thing: Pick<Thing, 'kind' | 'title'> & { category?: string }): string =>
	thing.title || (thing.kind === 'task' ? taskKindWord(thing.category ?? '') : m.things_none());

export const ladderOf = (kind: 'project' | 'plan'): string[] =>
	ladders[kind][getLocale() === 'en' ? 'en' : 'zh'];

/** A plan's category is stored as one of these words; others from files stay as they are. */
const english: Record<(typeof planCategories)[number], string> = {
	种植: 'Planting',
	养殖: 'Livestock',
	加工: 'Processing',
	文旅: 'Culture and tourism',
	仓储: 'Storage',
	光伏: 'Solar',
	基础设施: 'Infrastructure',
	其他: 'Other'
};
export const planCategoryWord = (category: string): string =>
	getLocale() === 'en' && Object.hasOwn(english, category)
		? english[category as keyof typeof english]
		: category;

/** 2026年11月23日; of a moment its day in China. */
export function dayWord(iso: string): string {
	const moment = iso.length > 10;
	return new Intl.DateTimeFormat(getLocale(), {
		dateStyle: 'medium',
		timeZone: moment ? 'Asia/Shanghai' : 'UTC'
	}).format(new Date(moment ? iso : `${iso}T00:00:00Z`));
}

export function momentWord(iso: string): string {
	return new Intl.DateTimeFormat(getLocale(), {
		dateStyle: 'medium',
		timeStyle: 'short',
		timeZone: 'Asia/Shanghai'
	}).format(new Date(iso));
}

export const number = (n: number, digits = 2): string =>
	new Intl.NumberFormat(getLocale(), { maximumFractionDigits: digits }).format(n);

/** The same area in the three units an office asks for. */
export const areaWord = (squareMetres: number): string =>
	m.things_area_all({
		mu: number((squareMetres * 15) / 10_000, 1),
		ha: number(squareMetres / 10_000, 2),
		m2: number(squareMetres, 0)
	});

export const daysBetween = (from: string, to: string): number =>
	Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);
export const daysLater = (day: string, days: number): string =>
	new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);

/** The step that is at work: the first that is neither proven nor dropped. */
export const presentStep = (steps: readonly Step[]): Step | undefined =>
	steps.find((s) => s.state !== 'proven' && s.state !== 'dropped') ?? steps.at(-1);
