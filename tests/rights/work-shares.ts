import { createHash } from 'node:crypto';
import type { Backend } from '../../src/lib/server/engine/index';
import { id } from './cast';

type Play = (who: 'pan', kind: string, target: string, payload: object) => Promise<void>;

/** A link with a passcode that was opened once: a row in each of its tables. */
export async function makeShares(sql: Backend['sql'], op: Play): Promise<void> {
	const hex = (text: string) => createHash('sha256').update(text).digest('hex');
	const [photos] = await sql<
		{ ids: string[] }[]
	>`select coalesce(array_agg(id), '{}') as ids from public.photos where township_id = ${id('yunxi')}`;
	await sql`select public.share_seal(${sql.json({
		township_id: id('yunxi'),
		person: id('person pan'),
		id: id('seal'),
		sha256: hex('secret'),
		looked: photos!.ids
	})})`;
	await op('pan', 'share.create', 'share', {
		seal: id('seal'),
		kind: 'township',
		subject: id('yunxi'),
		title: '云溪镇',
		days: 7
	});
	await sql`select public.share_open(jsonb_build_object('public_id', public_id, 'sha256', ${hex('secret')}::text,
		'door', ${hex('door')}::text, 'reader', ${hex('reader')}::text, 'device', 'browser phone'))
		from public.shares where id = ${id('share')}`;
}
