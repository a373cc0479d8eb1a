import type { Phase } from '$lib/domain/project';
import type { Verdict } from '$lib/domain/scenario';
import type {
	SharedChange,
	SharedContent,
	SharedLand,
	SharedMoney,
	SharedStep
} from '$lib/domain/shared';
import { changesSince } from '$lib/domain/shared';
import { gradeWord, phaseWords } from '$lib/map/projectmarks';
import { layerKindWords, verdictWords } from '$lib/features/plans/words';
import { assessorWords } from '$lib/features/projects/words';
import { number } from '$lib/features/things/words';
import { dayWords, shortDay } from '$lib/features/wallmap/words';
import * as m from '$lib/i18n/paraglide/messages';
import { dayOfMoment, listed, wan } from './words';

/** The plain answer to each of the official's questions, one sentence at a time; page, print and PDF say the same. */
export function landLead(land: SharedLand): string[] {
	const said = [
		land.mu === null
			? m.sharepage_land_no_mu()
			: (land.drawn ? m.sharepage_land_lead : m.sharepage_land_lead_stated)({ mu: number(land.mu) })
	];
	if (!land.check) return [...said, m.sharepage_land_never()];
	const of = (verdict: string) => land.check!.layers.filter((l) => l.verdict === verdict);
	const words = (layers: { kind: SharedLayer['kind'] }[]) => [
		...new Set(layers.map((l) => layerKindWords[l.kind]()))
	];
	const names = (layers: { kind: SharedLayer['kind'] }[]) => listed(words(layers));
	const [red, yellow, not] = [of('red'), of('yellow'), of('not_checked')];
	if (red.length)
		said.push(
			m.sharepage_land_red({
				names: names(red),
				mu: number(red.reduce((n, l) => n + l.mu, 0))
			})
		);
	if (yellow.length) said.push(m.sharepage_land_yellow({ names: names(yellow) }));
	if (!red.length && !yellow.length && of('green').length) said.push(m.sharepage_land_green());
	const unseen = words(not);
	if (unseen.length > 3)
		said.push(m.sharepage_land_not_more({ names: listed(unseen.slice(0, 3)), n: unseen.length }));
	else if (unseen.length) said.push(m.sharepage_land_not({ names: listed(unseen) }));
	if (!land.check.holds) said.push(m.sharepage_land_stale());
	return said;
}
type SharedLayer = NonNullable<SharedLand['check']>['layers'][number];

export const moneyLead = (money: SharedMoney | null): string[] =>
	money
		? [
				m.sharepage_money_lead({
					planned: wan(money.planned),
					allocated: wan(money.allocated),
					spent: wan(money.spent)
				}),
				...(money.party ? [m.sharepage_money_party({ name: money.party })] : [])
			]
		: [m.sharepage_money_none()];

/** What a plan gives, label and figure; what is not known is left out. */
export function gainsRows({ figures: { gains } }: SharedContent): [string, string][] {
	if (!gains) return [];
	const rows: [() => string, number | null, (n: number) => string][] = [
		[m.sharepage_gains_jobs, gains.jobs, (n) => m.sharepage_jobs({ n: number(n) })],
		[m.sharepage_gains_indirect, gains.jobsIndirect, (n) => m.sharepage_jobs({ n: number(n) })],
		[m.sharepage_gains_income, gains.income, wan],
		[
			m.sharepage_gains_households,
			gains.households,
			(n) => m.sharepage_households({ n: number(n) })
		],
		[m.sharepage_gains_people, gains.people, (n) => m.sharepage_jobs({ n: number(n) })],
		[m.sharepage_gains_output, gains.output, wan],
		[m.sharepage_gains_tax, gains.tax, wan]
	];
	return rows.flatMap(([label, n, word]): [string, string][] =>
		n === null ? [] : [[label(), word(n)]]
	);
}

export function stepsLead({ steps, counts, office, options }: SharedContent): string[] {
	const open = steps.find((s) => s.state !== 'proven' && s.state !== 'done');
	const now = open && [open.work, open.title].filter(Boolean).join(' · ');
	const numbers = {
		n: counts.planned,
		proven: counts.proven,
		done: counts.done - counts.proven,
		step: now ?? ''
	};
	const drift = Math.max(0, ...steps.filter((s) => s.state !== 'proven').map((s) => s.drift));
	return [
		!steps.length
			? m.sharepage_steps_none()
			: counts.proven === counts.planned
				? m.sharepage_steps_lead_all({ n: counts.planned })
				: now
					? m.sharepage_steps_lead(numbers)
					: m.sharepage_steps_lead_end(numbers),
		...(drift > 0 ? [m.sharepage_steps_drift({ n: drift })] : []),
		...(options.people
			? [office ? m.sharepage_office({ name: office }) : m.sharepage_office_none()]
			: [])
	];
}

/** Under a step: its days, against the first plan. */
export function stepWords(s: SharedStep): string[] {
	const late = s.drift && s.firstDueOn && { first: shortDay(s.firstDueOn), n: Math.abs(s.drift) };
	return [
		...(s.dueOn ? [m.sharepage_due({ day: shortDay(s.dueOn) })] : []),
		...(late ? [(s.drift > 0 ? m.sharepage_drift : m.sharepage_drift_early)(late)] : []),
		...(s.doneOn ? [m.sharepage_step_done({ day: shortDay(s.doneOn) })] : []),
		...(s.provenOn ? [m.sharepage_step_proven({ day: shortDay(s.provenOn) })] : [])
	];
}

export function stuckLead({ asks }: SharedContent): string[] {
	const asked = asks.filter((a) => a.ask).length;
	if (!asks.length) return [m.sharepage_stuck_none()];
	return [
		m.sharepage_stuck_lead({ n: asks.length }),
		...(asked ? [`${m.sharepage_ask_banner({ n: asked })}${m.sharepage_stop()}`] : [])
	];
}

export function changesLead(
	content: SharedContent,
	lastLook: string | null,
	read: boolean
): string {
	if (!content.changes.length) return m.sharepage_changes_none();
	if (!lastLook) return read ? m.sharepage_changes_first() : m.sharepage_changes_recent();
	const day = dayWords(dayOfMoment(lastLook));
	const n = changesSince(content, lastLook).length;
	return n ? m.sharepage_changes_since({ day, n }) : m.sharepage_changes_since_none({ day });
}

export function gradeLead({ grade }: SharedContent): string[] {
	if (!grade) return [];
	const scores = grade.totals.map((t) =>
		m.sharepage_grade_score({ who: assessorWords[t.assessor](), n: number(t.total) })
	);
	return [
		grade.target && grade.phase && grade.phaseOn
			? m.sharepage_grade_lead({
					present: gradeWord(grade.present),
					target: gradeWord(grade.target),
					phase: phaseWords[grade.phase](),
					day: dayWords(grade.phaseOn)
				})
			: m.sharepage_grade_now({ present: gradeWord(grade.present) }),
		...(scores.length
			? [
					`${listed(scores)}${grade.line === null ? '' : `${m.map_comma()}${m.sharepage_grade_line({ n: number(grade.line) })}`}${m.sharepage_stop()}`
				]
			: []),
		...(grade.standard && !grade.official ? [m.sharepage_grade_sample()] : [])
	];
}

export const setLead = ({ counts }: SharedContent): string =>
	m.sharepage_set_lead({
		n: counts.planned,
		proven: counts.proven,
		done: counts.done - counts.proven
	});

export function decisionsLead({ session, counts }: SharedContent): string {
	if (!session?.decisions.length) return m.sharepage_decisions_none();
	return m.sharepage_decisions_lead({
		n: session.decisions.length,
		proven: counts.proven,
		done: counts.done - counts.proven,
		open: counts.planned - counts.done
	});
}

/** What a change led to: a phase, a verdict, a day; '' where its name says all. */
export function changeTo(c: SharedChange): string {
	if (!c.to) return '';
	if (c.what === 'phase') return phaseWords[c.to as Phase]();
	if (c.what === 'check') return verdictWords[c.to as Verdict]();
	return c.what === 'moved' ? m.sharepage_due_to({ day: shortDay(c.to) }) : '';
}
