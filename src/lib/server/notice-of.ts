import { error, type RequestEvent } from '@sveltejs/kit';
import { readPeople } from '$lib/data/accounts';
import { readRound } from '$lib/data/rounds';
import { noticeOf, type Notice } from '$lib/domain/notice';
import { needTownship } from './guards';

/** The notice of the address; there is none before the round is finished. */
export async function noticeFor(
	event: Pick<RequestEvent, 'locals' | 'url'> & { params: { township: string; round: string } }
): Promise<{ notice: Notice; back: string }> {
	const { township } = needTownship(event);
	const { db } = event.locals;
	const [round, people] = await Promise.all([
		readRound(db, township.id, event.params.round),
		readPeople(db, township.id)
	]);
	if (!round?.finishedOn) error(404, { message: 'not_found', code: 'not_found' });
	const order = event.url.searchParams.get('order') === 'score' ? 'score' : 'code';
	const names = people.map((p) => p.name);
	return {
		notice: noticeOf(round, township.name, names, order),
		back: `/t/${township.id}/rounds/${round.id}`
	};
}
