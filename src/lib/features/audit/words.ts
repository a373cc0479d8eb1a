import type { ErasureReason, Purpose } from '$lib/domain/audit';
import { actionWord } from '$lib/features/things/words';
import * as m from '$lib/i18n/paraglide/messages';

const acts: Record<string, () => string> = {
	'session.open': m.audit_act_session_open,
	'session.end': m.audit_act_session_end,
	'account.on': m.audit_act_account_on,
	'account.off': m.audit_act_account_off,
	'membership.give': m.audit_act_membership_give,
	'membership.end': m.audit_act_membership_end,
	'invitation.make': m.audit_act_invitation_make,
	'invitation.revoke': m.audit_act_invitation_revoke,
	'invitation.accept': m.audit_act_invitation_accept,
	invite: m.audit_act_invite,
	'township.create': m.audit_act_township_create,
	'export.take': m.audit_act_export_take,
	'contact.reveal': m.audit_act_contact_reveal,
	'contact.pace': m.audit_act_contact_pace,
	'contact.expire': m.audit_act_contact_expire,
	'person.search': m.audit_act_person_search,
	'person.erase': m.audit_act_person_erase,
	'tries.locked': m.audit_act_tries_locked,
	'photo.put': m.audit_act_photo_put,
	'document.put': m.audit_act_document_put,
	'layer.load': m.audit_act_layer_load,
	'plan.contact': m.audit_act_plan_contact,
	'plan.money': m.audit_act_plan_money,
	'meeting.create': m.audit_act_meeting_create,
	'meeting.open': m.audit_act_meeting_open,
	'meeting.close': m.audit_act_meeting_close,
	'meeting.issue': m.audit_act_meeting_issue,
	'decision.make': m.audit_act_decision_make,
	'decision.chase': m.audit_act_decision_chase,
	'layer.switch': m.audit_act_layer_switch,
	'parcel.create': m.audit_act_parcel_create
};

/** An act in words; one that has none yet by its own name. */
export const actWord = (action: string): string =>
	Object.hasOwn(acts, action) ? acts[action]!() : actionWord(action);

export const purposeWords: Record<Purpose, () => string> = {
	call: m.audit_purpose_call,
	check: m.audit_purpose_check,
	visit: m.audit_purpose_visit,
	complaint: m.audit_purpose_complaint
};

export const reasonWords: Record<ErasureReason, () => string> = {
	asked: m.audit_reason_asked,
	wrong: m.audit_reason_wrong,
	expired: m.audit_reason_expired
};
