import type { Component } from 'svelte';
import Ban from '@lucide/svelte/icons/ban';
import Check from '@lucide/svelte/icons/check';
import CheckCheck from '@lucide/svelte/icons/check-check';
import CircleDashed from '@lucide/svelte/icons/circle-dashed';
import Clock from '@lucide/svelte/icons/clock-alert';
import OctagonX from '@lucide/svelte/icons/octagon-x';
import Shuffle from '@lucide/svelte/icons/shuffle';
import type {
	BallotKind,
	Choice,
	MarkKind,
	MeetingKind,
	MeetingState,
	RefKind,
	Standing,
	TopicState
} from '$lib/domain/meeting';
import * as m from '$lib/i18n/paraglide/messages';
import { getLocale } from '$lib/i18n/paraglide/runtime';

export const kindWords: Record<MeetingKind, () => string> = {
	planning: m.meetings_kind_planning,
	party: m.meetings_kind_party,
	joint: m.meetings_kind_joint,
	other: m.meetings_kind_other
};
export const stateWords: Record<MeetingState, () => string> = {
	planned: m.meetings_state_planned,
	open: m.meetings_state_open,
	closed: m.meetings_state_closed,
	issued: m.meetings_state_issued,
	cancelled: m.meetings_state_cancelled
};
export const topicWords: Record<TopicState, () => string> = {
	proposed: m.meetings_topic_proposed,
	checked: m.meetings_topic_checked,
	returned: m.meetings_topic_returned,
	postponed: m.meetings_topic_postponed,
	withdrawn: m.meetings_topic_withdrawn
};
export const standingWords: Record<Standing, () => string> = {
	said: m.meetings_said,
	done: m.meetings_done,
	proven: m.meetings_proven,
	blocked: m.meetings_blocked,
	overdue: m.meetings_overdue,
	dropped: m.meetings_dropped,
	adopted: m.meetings_adopted
};
/** Never colour alone. */
export const standingIcons: Record<Standing, Component> = {
	said: CircleDashed,
	done: Check,
	proven: CheckCheck,
	blocked: OctagonX,
	overdue: Clock,
	dropped: Ban,
	adopted: Shuffle
};
export const standingColours: Record<Standing, string> = {
	said: 'text-said',
	done: 'text-done',
	proven: 'text-proven',
	blocked: 'text-blocked',
	overdue: 'text-overdue',
	dropped: 'text-ink-soft',
	adopted: 'text-said'
};
export const choiceWords: Record<Choice, () => string> = {
	yes: m.meetings_yes,
	no: m.meetings_no,
	abstain: m.meetings_abstain
};
export const ballotWords: Record<BallotKind, () => string> = {
	vote: m.meetings_ballot_vote,
	mark: m.meetings_ballot_mark,
	number: m.meetings_ballot_number
};
export const markWords: Record<MarkKind, () => string> = {
	note: m.meetings_mark_note,
	pin: m.meetings_mark_pin,
	line: m.meetings_mark_line,
	area: m.meetings_mark_area
};
export const refWords: Record<RefKind, () => string> = {
	place: m.meetings_ref_place,
	task: m.meetings_ref_task,
	project: m.meetings_ref_project,
	plan: m.meetings_ref_plan,
	scheme: m.meetings_ref_scheme,
	decision: m.meetings_ref_decision
};

/** A moment in the office's time. */
export const momentWord = (iso: string): string =>
	new Intl.DateTimeFormat(getLocale(), {
		timeZone: 'Asia/Shanghai',
		year: 'numeric',
		month: 'long',
		day: 'numeric',
		weekday: 'short',
		hour: '2-digit',
		minute: '2-digit',
		hour12: false
	}).format(new Date(iso));
export const timeWord = (iso: string): string =>
	new Intl.DateTimeFormat(getLocale(), {
		timeZone: 'Asia/Shanghai',
		hour: '2-digit',
		minute: '2-digit',
		hour12: false
	}).format(new Date(iso));

/** A colour for a person that stays the same for everybody: dark enough for white letters (4.5:1). */
const colours = [
	'#1b62b5',
	'#0c7a4d',
	'#8f5600',
	'#7350bd',
	'#b01f27',
	'#00707a',
	'#9c3587',
	'#4f6b00',
	'#5a5f8f',
	'#a04a12'
];
export const colourOf = (id: string): string => {
	let sum = 0;
	for (const c of id) sum = (sum * 31 + c.charCodeAt(0)) % 9973;
	return colours[sum % colours.length]!;
};
