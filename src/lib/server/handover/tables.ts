/**
 * What of each table goes into a hand-over file. Reviewed by hand: a table that is not named here stops the export
 * and fails tests/node/handover.test.ts.
 *
 *   own    the rows whose township_id is the township's
 *   where  the rows of that condition; `$t` is the township, `$d` its district
 *   empty  the township's rows, with these columns empty
 *   left   not handed over, with the reason
 */
export type Way = 'own' | { where: string } | { empty: readonly string[] } | { left: string };

const secret = 'signing in: people are invited anew on the other side';
const here = 'of this machine and its people alone: who looked, who was refused, what is under way';
const program = 'of the program itself: made by its migrations';

export const tables: Record<string, Way> = {
	'public.places': { where: 'township_id = $t or id = $d' },
	// Whoever a row that goes along speaks of: `catalogue.ts` adds them, by their foreign keys.
	'public.persons': { where: 'false' },
	// Those of the township; a role in the district stays with the district.
	'public.memberships': 'own',
	'public.accounts': { left: secret },
	'public.account_sessions': { left: secret },
	'public.invitations': { left: secret },
	'private.invitation_secrets': { left: secret },
	'private.tries': { left: secret },
	'private.role_rights': { left: program },
	'private.offers': { left: program },
	'private.op_kinds': { left: program },
	'public.step_transitions': { left: program },
	'public.project_transitions': { left: program },
	'private.task_type_defaults': { left: program },
	'private.calendar_known': { left: program },
	'private.layer_kinds': { left: program },
	'public.events': 'own',
	'private.chain_heads': 'own',
	'public.ops': 'own',
	'public.imports': 'own',
	'public.import_rows': 'own',
	'public.tasks': 'own',
	'public.scenic_units': 'own',
	'public.projects': 'own',
	'public.plans': 'own',
	'public.hazards': 'own',
	'public.steps': 'own',
	'public.acceptances': 'own',
	'public.blockers': 'own',
	'public.evidence': 'own',
	'public.progress': 'own',
	'public.photos': 'own',
	'public.photo_claims': 'own',
	'public.photo_links': 'own',
	'private.photo_twins': 'own',
	'public.extensions': 'own',
	'public.task_types': 'own',
	'public.handovers': 'own',
	'public.draws': 'own',
	'public.draw_results': 'own',
	'public.check_rounds': 'own',
	'public.check_findings': 'own',
	'public.check_visits': 'own',
	'private.task_marks': 'own',
	'private.task_tallies': 'own',
	'public.standards': 'own',
	'public.calendar_years': 'own',
	'public.project_log': 'own',
	'public.assessments': 'own',
	'public.item_targets': 'own',
	'public.unit_features': 'own',
	'public.documents': 'own',
	'public.exhibits': 'own',
	'public.citations': 'own',
	'public.works': 'own',
	'public.step_links': 'own',
	'public.funds': 'own',
	'public.grade_targets': 'own',
	'public.plan_money': 'own',
	'public.plan_contacts': 'own',
	'public.plan_thresholds': 'own',
	'public.schemes': 'own',
	'public.scheme_plans': 'own',
	'public.parcels': 'own',
	'public.constraint_layers': 'own',
	'public.constraint_loads': 'own',
	'public.constraint_shapes': 'own',
	'public.constraint_checks': 'own',
	'public.scenarios': 'own',
	'public.scenario_moves': 'own',
	'public.meetings': 'own',
	'public.meeting_people': 'own',
	'public.topics': 'own',
	'public.decisions': 'own',
	'public.marks': 'own',
	'public.ballots': 'own',
	'public.casts': 'own',
	'public.chases': 'own',
	'public.forms': 'own',
	// What was sent and who answered goes along; a link itself opens nothing on the other side.
	'private.share_seals': { empty: ['sha256', 'salt', 'passcode'] },
	'public.shares': 'own',
	'private.share_snapshots': 'own',
	'public.share_looks': 'own',
	'private.share_readers': { left: here },
	'private.share_doors': { left: here },
	'public.instructions': 'own',
	'public.instruction_turns': 'own',
	'private.last_looks': { left: here },
	'public.notices': 'own',
	'public.notice_projects': 'own',
	'public.notice_rows': 'own',
	'public.notice_editions': 'own',
	'public.notice_objections': 'own',
	'public.objection_contacts': 'own',
	'public.notice_postings': 'own',
	'private.step_days': 'own',
	// Both end with an account, and no account goes along.
	'public.report_subscriptions': { left: secret },
	'public.report_sendings': { left: secret },
	'public.feeds': { left: secret },
	'private.feed_secrets': { left: secret },
	'public.open311': 'own',
	// Read by auditors, so not carried off by whoever plans.
	'public.refusals': { left: here },
	'private.refusal_heads': { left: here },
	'private.reveal_pace': { left: here },
	'public.erasures': 'own',
	'private.erasing': { left: here }
};

/** Columns that name people without a foreign key. */
export const peopleNamed: [table: string, expression: string][] = [
	['public.events', 'person_id'],
	['public.ops', 'person_id'],
	['public.check_rounds', 'unnest(checkers)']
];
