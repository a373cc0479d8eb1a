import * as m from '$lib/i18n/paraglide/messages';

/** Every reason with which the database, the server or the network refuses, in words. */
const words = {
	signed_out: m.reason_signed_out,
	not_allowed: m.reason_not_allowed,
	not_from_this_state: m.reason_not_from_this_state,
	own_work: m.reason_own_work,
	not_yours: m.reason_not_yours,
	own_asking: m.reason_own_asking,
	held_by_another: m.reason_held_by_another,
	reason_not_read: m.reason_reason_not_read,
	not_for_this_kind: m.reason_not_for_this_kind,
	cannot_merge_into: m.reason_cannot_merge_into,
	nothing_to_draw: m.reason_nothing_to_draw,
	account_off: m.reason_account_off,
	bad_import: m.reason_bad_import,
	bad_op: m.reason_bad_op,
	bad_value: m.reason_bad_value,
	due_out_of_range: m.reason_due_out_of_range,
	exists_already: m.reason_exists_already,
	geometry_crosses_itself: m.reason_geometry_crosses_itself,
	geometry_out_of_bounds: m.reason_geometry_out_of_bounds,
	geometry_too_large: m.reason_geometry_too_large,
	geometry_type: m.reason_geometry_type,
	geometry_unreadable: m.reason_geometry_unreadable,
	imported_before: m.reason_imported_before,
	ledger_only_by_import: m.reason_ledger_only_by_import,
	more_than_one_outline: m.reason_more_than_one_outline,
	no_such_import: m.reason_no_such_import,
	no_such_invitation: m.reason_no_such_invitation,
	no_such_op: m.reason_no_such_op,
	no_such_person: m.reason_no_such_person,
	no_such_village: m.reason_no_such_village,
	no_village_for_group: m.reason_no_village_for_group,
	not_for_yourself: m.reason_not_for_yourself,
	place_changed_since: m.reason_place_changed_since,
	place_in_use: m.reason_place_in_use,
	reason_needed: m.reason_reason_needed,
	session_ended: m.reason_session_ended,
	since_in_future: m.reason_since_in_future,
	too_many_rows: m.reason_too_many_rows,
	too_many_steps: m.reason_too_many_steps,
	who_needed: m.reason_who_needed,
	worked_on_since: m.reason_worked_on_since,
	changed_meanwhile: m.reason_changed_meanwhile,
	not_here_yet: m.reason_not_here_yet,
	op_of_another: m.reason_op_of_another,
	op_id_reused: m.reason_op_id_reused,
	too_large: m.reason_too_large,
	too_slow: m.reason_too_slow,
	too_many: m.reason_too_many,
	unavailable: m.reason_unavailable,
	offline: m.reason_offline,
	busy: m.reason_busy,
	cross_site: m.reason_cross_site,
	not_found: m.reason_not_found,
	bad_login: m.reason_bad_login,
	login_taken: m.reason_login_taken,
	too_short: m.reason_too_short,
	too_long: m.reason_too_long,
	too_common: m.reason_too_common,
	demo_op: m.reason_demo_op,
	nothing_to_import: m.reason_nothing_to_import,
	file_not_kept: m.reason_file_not_kept,
	wait: m.reason_wait
} as const;

/** A refusal in words; a code nobody foresaw is shown rather than hidden. */
export function reasonWord(code: string): string {
	return Object.hasOwn(words, code)
		? words[code as keyof typeof words]()
		: m.reason_other({ code });
}

export const knownReasons = Object.keys(words);
