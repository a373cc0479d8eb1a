import type { Amount, MoneyProblem } from '$lib/domain/funds';
import type { FundSource } from '$lib/domain/project';
import { number } from '$lib/features/things/words';
import * as m from '$lib/i18n/paraglide/messages';

export const sourceWords: Record<FundSource, () => string> = {
	central: m.works_source_central,
	province: m.works_source_province,
	city: m.works_source_city,
	county: m.works_source_county,
	bridging: m.works_source_bridging,
	social: m.works_source_social,
	collective: m.works_source_collective,
	loan: m.works_source_loan,
	other: m.works_source_other
};
export const amountWords: Record<Amount, () => string> = {
	planned: m.works_planned,
	allocated: m.works_allocated,
	spent: m.works_spent
};

const problems = {
	spent_over_allocated: m.works_money_problem_spent_over_allocated,
	allocated_over_planned: m.works_money_problem_allocated_over_planned,
	spent_unplanned: m.works_money_problem_spent_unplanned
};
export const problemWord = (of: string, { kind, by }: MoneyProblem): string =>
	problems[kind]({ of, by: number(by) });
