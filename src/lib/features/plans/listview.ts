import type { PlanLine } from '$lib/domain/plan';
import { verdicts } from '$lib/domain/planfacts';
import type { Verdict } from '$lib/domain/scenario';

/** What the list of plans shows: it stands in the address. */
export type PlanView = {
	/** Cards, or the charts of what is shown. */
	as: '' | 'charts';
	only: '' | 'stuck' | 'ask';
	category: string;
	village: string;
	verdict: Verdict | '';
};

const known = <T extends string>(value: string | null, of: readonly T[]): T | '' =>
	of.find((one) => one === value) ?? '';

export const readPlanView = (search: URLSearchParams): PlanView => ({
	as: known(search.get('as'), ['charts']),
	only: known(search.get('only'), ['stuck', 'ask']),
	category: search.get('category') ?? '',
	village: search.get('village') ?? '',
	verdict: known(search.get('verdict'), verdicts)
});

export function writePlanView(view: PlanView): string {
	const search = new URLSearchParams(
		Object.entries(view).filter(([, value]) => value !== '')
	).toString();
	return search ? `?${search}` : '';
}

export const isNarrowed = ({ as: _, ...view }: PlanView): boolean =>
	Object.values(view).some((v) => v !== '');

/** The verdict of a plan's latest check; what changed since, or was never looked at, is not checked. */
export const verdictNow = (plan: Pick<PlanLine, 'check'>): Verdict =>
	plan.check?.holds ? plan.check.verdict : 'not_checked';

export const plansIn = (plans: readonly PlanLine[], view: PlanView): PlanLine[] =>
	plans.filter(
		(p) =>
			(!view.category || p.category === view.category) &&
			(!view.village || p.village === view.village) &&
			(!view.verdict || verdictNow(p) === view.verdict) &&
			(view.only === '' ||
				(view.only === 'stuck' ? p.blockers.length > 0 : p.blockers.some((b) => b.ask !== '')))
	);
