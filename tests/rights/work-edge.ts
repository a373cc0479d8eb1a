import { id, type Ask } from './cast';

/** An op that was refused, and an erasure of somebody of whom nothing is kept. */
export async function makeAudit(ask: Ask): Promise<void> {
	const refused = await ask('finn', 'POST', '/rest/v1/rpc/apply_op', {
		p_op: {
			op_id: id('refused op'),
			kind: 'task.create',
			township_id: id('yunxi'),
			target: id('refused task'),
			payload: { village_id: id('guqing'), category: 'TRASH' }
		}
	});
	if ((refused.body as { outcome?: string }).outcome !== 'refused')
		throw new Error(JSON.stringify(refused));
	const erased = await ask('adam', 'POST', '/rest/v1/rpc/person_erase', {
		p_township: id('yunxi'),
		p: { id: id('erasure'), name: '无此人', phone: '', reason: 'asked' }
	});
	if (erased.status !== 200) throw new Error(JSON.stringify(erased));
}
