import { id } from './cast';

type Play = (who: 'olga' | 'pan', kind: string, target: string, payload?: object) => Promise<void>;

/** An instruction on project `p` that was answered: a row in each of its tables. */
export async function makeOfficials(op: Play): Promise<void> {
	await op('olga', 'instruction.leave', 'instruction', {
		what: 'instruction',
		kind: 'project',
		on: id('p'),
		text: '抓紧开工'
	});
	await op('pan', 'instruction.reply', 'instruction', { text: '下周开工' });
}
