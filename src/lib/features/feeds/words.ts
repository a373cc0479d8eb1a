import type { FeedState } from '$lib/domain/feed';
import type { FeedWhat } from '$lib/domain/feedops';
import * as m from '$lib/i18n/paraglide/messages';

export const whatWords: Record<FeedWhat, { long: () => string; short: () => string }> = {
	calendar: { long: m.feeds_what_calendar, short: m.feeds_what_short_calendar },
	features: { long: m.feeds_what_features, short: m.feeds_what_short_features },
	tiles: { long: m.feeds_what_tiles, short: m.feeds_what_short_tiles }
};

export const stateWords: Record<FeedState, () => string> = {
	open: m.feeds_state_open,
	expired: m.feeds_state_expired,
	revoked: m.feeds_state_revoked,
	stopped: m.feeds_state_stopped
};
