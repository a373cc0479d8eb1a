import type { Backend } from '../../src/lib/server/engine/index';
import { id, type Persona } from './cast';
import { chinaDay } from '../../src/lib/domain/day';

type Play = (who: Persona, kind: string, target: string, payload?: object) => Promise<void>;

/** A published notice with a row, an objection with its contact, a board, and the project it is about. */
export async function makeNotice(backend: Backend, op: Play): Promise<void> {
	await op('pan', 'notice.create', 'notice', {
		kind: 'list',
		title: '补助对象公示',
		unit: '农业农村办',
		phone: '0719-1234567',
		from_on: chinaDay(0),
		to_on: chinaDay(40)
	});
	await op('pan', 'notice.rows', 'notice', {
		from: 1,
		total: 1,
		rows: [{ no: '1', name: '张三丰', place: '白马村', item: '改厕' }]
	});
	await op('pan', 'notice.publish', 'notice');
	await op('pan', 'notice.receive', 'objection', {
		notice: id('notice'),
		via: 'phone',
		text: '人数不对',
		contact_name: '钱七'
	});
	await op('finn', 'notice.post', 'posting', { notice: id('notice'), place: '白马村公示栏' });
	// The notice phase of a project takes many hands; here only who sees the row is asked.
	await backend.sql`insert into public.notice_projects (township_id, notice_id, project_id, seq)
		values (${id('yunxi')}, ${id('notice')}, ${id('p')}, 1)`;
}
