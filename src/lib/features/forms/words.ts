import type { Metric, Unit } from '$lib/domain/form';
import * as m from '$lib/i18n/paraglide/messages';

export const metricWords: Record<Metric, () => string> = {
	name: m.handover_form_m_name,
	town: m.handover_form_m_town,
	village: m.handover_form_m_village,
	people: m.handover_form_m_people,
	households: m.handover_form_m_households,
	area: m.handover_form_m_area,
	contacts: m.handover_form_m_contacts,
	answers: m.handover_form_m_answers,
	today: m.handover_form_m_today,
	'task.found': m.handover_form_m_task_found,
	'task.said': m.handover_form_m_task_said,
	'task.done': m.handover_form_m_task_done,
	'task.proven': m.handover_form_m_task_proven,
	'task.open': m.handover_form_m_task_open,
	'task.overdue': m.handover_form_m_task_overdue,
	'task.blocked': m.handover_form_m_task_blocked,
	'task.rate': m.handover_form_m_task_rate,
	'task.found.p': m.handover_form_m_task_found_p,
	'task.said.p': m.handover_form_m_task_said_p,
	'task.done.p': m.handover_form_m_task_done_p,
	'task.proven.p': m.handover_form_m_task_proven_p,
	'project.count': m.handover_form_m_project_count,
	'project.grade': m.handover_form_m_project_grade,
	'project.present': m.handover_form_m_project_present,
	'project.unit': m.handover_form_m_project_unit,
	'project.planned': m.handover_form_m_project_planned,
	'project.allocated': m.handover_form_m_project_allocated,
	'project.spent': m.handover_form_m_project_spent,
	'plan.count': m.handover_form_m_plan_count,
	'plan.invest': m.handover_form_m_plan_invest,
	'plan.allocated': m.handover_form_m_plan_allocated,
	'plan.spent': m.handover_form_m_plan_spent,
	'plan.output': m.handover_form_m_plan_output,
	'plan.tax': m.handover_form_m_plan_tax,
	'plan.income': m.handover_form_m_plan_income,
	'plan.land': m.handover_form_m_plan_land,
	'plan.jobs': m.handover_form_m_plan_jobs,
	'plan.category': m.handover_form_m_plan_category,
	'plan.content': m.handover_form_m_plan_content,
	'plan.unit': m.handover_form_m_plan_unit,
	'plan.leader': m.handover_form_m_plan_leader,
	'plan.party': m.handover_form_m_plan_party
};

export const unitWords: Record<Unit, () => string> = {
	km2: m.handover_form_u_km2,
	ha: m.handover_form_u_ha,
	mu: m.handover_form_u_mu,
	m2: m.handover_form_u_m2,
	yuan: m.handover_form_u_yuan,
	yi: m.handover_form_u_yi
};

/** Units in which a figure can be asked for; the first is ours. */
export function unitsOf(metric: Metric): Unit[] {
	if (metric === 'area') return ['km2', 'ha', 'mu', 'm2'];
	if (metric === 'plan.land') return ['mu', 'ha', 'm2'];
	return [];
}

const problems: Record<string, () => string> = {
	file_too_large: m.handover_form_p_file_too_large,
	form_broken: m.handover_form_p_form_broken,
	form_macros: m.handover_form_p_form_macros,
	form_no_table: m.handover_form_p_form_no_table,
	form_old_office: m.handover_form_p_form_old_office,
	form_too_large: m.handover_form_p_form_too_large,
	form_unknown: m.handover_form_p_form_unknown,
	xlsx_broken: m.handover_form_p_form_broken,
	xlsx_no_sheet: m.handover_form_p_form_no_table
};
/** What is wrong with a file, where the form answerer says it itself; null: a refusal of everybody's. */
export function problemWord(code: string): string | null {
	const own = problems[code];
	if (own) return own();
	return /^(zip|xml)_/.test(code) ? m.handover_form_p_form_broken() : null;
}
