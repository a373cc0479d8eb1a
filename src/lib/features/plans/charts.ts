import type { Counts } from '$lib/domain/fact';
import { add, noCounts } from '$lib/domain/fact';
import { countsOf, investOf, muOf, type PlanLine } from '$lib/domain/plan';
import { fundSources, type FundSource } from '$lib/domain/project';

/** 10,000 yuan planned by year and source; what has neither stands apart. */
export function moneyByYear(plans: readonly PlanLine[]): {
	years: { year: number; by: Partial<Record<FundSource, number>>; sum: number }[];
	sources: FundSource[];
	/** Stated without source and year. */
	stated: number;
} {
	const rows = plans.flatMap((p) => p.money).filter((r) => (r.planned ?? 0) > 0);
	const years = [...new Set(rows.map((r) => r.year))].sort();
	const sum = (of: typeof rows) => of.reduce((n, r) => n + Math.round(r.planned! * 100), 0) / 100;
	return {
		years: years.map((year) => {
			const of = rows.filter((r) => r.year === year);
			const by = Object.fromEntries(
				fundSources
					.map((s) => [s, sum(of.filter((r) => r.source === s))] as const)
					.filter(([, n]) => n > 0)
			);
			return { year, by, sum: sum(of) };
		}),
		sources: fundSources.filter((s) => rows.some((r) => r.source === s)),
		stated:
			plans
				.filter((p) => p.money.length === 0)
				.reduce((n, p) => n + Math.round((p.invest ?? 0) * 100), 0) / 100
	};
}

/** mu by planned use, else by category; '' where neither is said. `unknown`: plans whose land nobody stated. */
export function landByUse(plans: readonly PlanLine[]): {
	uses: { use: string; mu: number; plans: number }[];
	unknown: number;
} {
	const uses = new Map<string, { mu: number; plans: number }>();
	let unknown = 0;
	for (const p of plans) {
		const mu = muOf(p);
		if (mu === null) {
			unknown++;
			continue;
		}
		const use = p.plannedUse || p.category;
		const was = uses.get(use) ?? { mu: 0, plans: 0 };
		uses.set(use, { mu: was.mu + mu, plans: was.plans + 1 });
	}
	return {
		uses: [...uses].map(([use, of]) => ({ use, ...of })).sort((a, b) => b.mu - a.mu),
		unknown
	};
}

/** How many plans have each stage said, done and proven, in the order the ladders give. */
export function stageFunnel(plans: readonly PlanLine[], today: string): [string, Counts][] {
	const stages = new Map<string, { counts: Counts; place: number }>();
	for (const p of plans)
		p.steps.forEach((step, i) => {
			const was = stages.get(step.title) ?? { counts: noCounts, place: 0 };
			const blocked = p.blockers.filter((b) => b.step === step.title).length;
			stages.set(step.title, {
				counts: add(was.counts, countsOf([step], blocked, today)),
				place: Math.max(was.place, i)
			});
		});
	return [...stages]
		.sort(([, a], [, b]) => a.place - b.place)
		.map(([title, { counts }]) => [title, counts]);
}

/** Years until taxes and the collective's income together reach the investment; null where one is not stated. */
export function payback(
	plans: readonly PlanLine[]
): { id: string; title: string; years: number | null }[] {
	return plans
		.map((p) => {
			const invest = investOf(p);
			const yearly = (p.tax ?? 0) + (p.income ?? 0);
			const years = invest !== null && yearly > 0 ? Math.round((invest / yearly) * 10) / 10 : null;
			return { id: p.id, title: p.title, years };
		})
		.sort((a, b) => (a.years ?? Infinity) - (b.years ?? Infinity));
}
