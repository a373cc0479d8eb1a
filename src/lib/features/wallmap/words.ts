import { unproven, type Counts, type Kind, type Measure, type State } from '$lib/domain/fact';
import { taskKinds, type TaskKind } from '$lib/domain/task';
import type { VillageOnMap } from '$lib/domain/wallmap';
import * as m from '$lib/i18n/paraglide/messages';
import { getLocale } from '$lib/i18n/paraglide/runtime';
import { measureSigns, stateSigns } from '$lib/map/palette';
import { needy } from '$lib/map/shown';

export const percent = (part: number, whole: number) =>
	whole === 0 ? null : Math.floor((100 * part) / whole);

export const kindWord = (kind: Kind): string =>
	({ task: m.map_kind_task, project: m.map_kind_project, plan: m.map_kind_plan })[kind]();
export const measureWord = (measure: Measure): string => measureSigns[measure].word();
export const stateWord = (state: State): string => stateSigns[state].word();

/** A task kind has a name; a target grade or a plan's category is a word already. */
export function categoryWord(kind: Kind, category: string): string {
	const known = kind === 'task' ? taskKinds[category as TaskKind] : undefined;
	return known ? (getLocale() === 'en' ? known.en : known.zh) : category;
}

/** What a thing is called: its title, or what kind of problem it is where nobody wrote one. */
export const nameOf = (t: { kind: Kind; title: string; category: string }): string =>
	t.title || categoryWord(t.kind, t.category) || '—';

/** Says what the map's fill says: the measure of this village, in words. */
export function measureWords(counts: Counts, measure: Measure): string {
	if (counts.planned === 0) return m.map_unknown_why();
	if (measure === 'unknown') return m.map_class_known();
	const n = counts[measure];
	if (measure === 'blocked') return n ? m.map_words_blocked({ n }) : m.map_words_no_blocked();
	if (measure === 'overdue') return n ? m.map_words_overdue({ n }) : m.map_words_no_overdue();
	return m.map_words_share({
		fact: measureWord(measure),
		n,
		planned: counts.planned,
		percent: percent(n, counts.planned) ?? 0
	});
}

/** Says what the hatch says; '' where nothing waits for proof. */
export function waitingWords(counts: Counts): string {
	const n = unproven(counts);
	return n > 0 ? m.map_words_waiting({ n }) : '';
}

/** Everything the map shows of a village, in one sentence: for links, tooltips and screen readers. */
export function villageWords(village: VillageOnMap, kind: Kind, measure: Measure): string {
	const counts = village.counts[kind];
	const parts = [measureWords(counts, measure)];
	if (counts.planned > 0) {
		if (waitingWords(counts)) parts.push(waitingWords(counts));
		if (measure !== 'blocked' && counts.blocked)
			parts.push(m.map_words_blocked({ n: counts.blocked }));
		if (measure !== 'overdue' && counts.overdue)
			parts.push(m.map_words_overdue({ n: counts.overdue }));
	}
	return `${village.name}${m.map_colon()}${parts.join(m.map_comma())}`;
}

export type VillageOrder = 'attention' | 'name';

/** Where somebody is needed first, then what waits for proof, then the unknown; never a league table of people. */
export function inOrder(villages: VillageOnMap[], kind: Kind, order: VillageOrder): VillageOnMap[] {
	const name = (a: VillageOnMap, b: VillageOnMap) => a.name.localeCompare(b.name, 'zh-CN');
	if (order === 'name') return [...villages].sort(name);
	const weight = (v: VillageOnMap) => {
		const counts = v.counts[kind];
		return [needy(counts), unproven(counts), counts.planned === 0 ? 1 : 0] as const;
	};
	return [...villages].sort((a, b) => {
		const [x, y] = [weight(a), weight(b)];
		return y[0] - x[0] || y[1] - x[1] || y[2] - x[2] || name(a, b);
	});
}

const date = (iso: string) => new Date(`${iso}T00:00:00Z`);
const format = (options: Intl.DateTimeFormatOptions) => (iso: string) =>
	new Intl.DateTimeFormat(getLocale(), { timeZone: 'UTC', ...options }).format(date(iso));

/** 2026年11月23日 */
export const dayWords = format({ year: 'numeric', month: 'long', day: 'numeric' });
/** 11月23日 */
export const shortDay = format({ month: 'short', day: 'numeric' });

export const dayNumber = (iso: string) => Math.round(date(iso).getTime() / 86_400_000);
export const isoDay = (n: number) => new Date(n * 86_400_000).toISOString().slice(0, 10);

export function distanceWords(metres: number): string {
	return metres >= 1000 ? m.map_km({ n: metres / 1000 }) : m.map_m({ n: metres });
}
