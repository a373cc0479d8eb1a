import type { MeetingKind } from '$lib/domain/meetingfacts';
import * as m from '$lib/i18n/paraglide/messages';

/** Apart from the meetings' own words, which bring icons along. */
export const kindWords: Record<MeetingKind, () => string> = {
	planning: m.meetings_kind_planning,
	party: m.meetings_kind_party,
	joint: m.meetings_kind_joint,
	other: m.meetings_kind_other
};
