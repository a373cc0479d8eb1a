import { id, type Persona } from './cast';
import { chinaDay } from '../../src/lib/domain/day';

type Play = (who: Persona, kind: string, target: string, payload?: object) => Promise<void>;

/** A calendar of Finn's, layers of Pan's, and the public spots turned on. */
export async function makeFeeds(op: Play): Promise<void> {
	const more = (c: string) => ({ sha256: c.repeat(64), expires_on: chinaDay(30) });
	await op('finn', 'feed.create', 'feed of finn', {
		name: '手机日历',
		what: ['calendar'],
		mine: true,
		...more('1')
	});
	await op('pan', 'feed.create', 'feed of pan', {
		name: '自然资源所',
		what: ['features', 'tiles'],
		...more('2')
	});
	await op('pan', 'open311.set', 'yunxi', { on: true, kinds: ['TRASH'] });
}

/** Calls of the functions of feeds, with the hash of Pan's token. */
export const feedCalls = {
	feeds_page: () => ({ p_township: id('yunxi') }),
	feed_read: () => ({
		p_feed: id('feed of pan'),
		p_sha256: '2'.repeat(64),
		p_address: '10.0.0.1',
		p_what: 'features',
		p_part: 'layers'
	}),
	open311_read: () => ({ p_township: id('yunxi'), p_address: '10.0.0.1', p: { limit: 5 } })
};
