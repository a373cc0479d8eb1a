import { expect, test } from 'vitest';
import { opKinds } from '$lib/domain/op';
import { actWord } from './words';

test('every act that can be asked for has words of its own', () => {
	const unknown = actWord('no.such');
	expect(unknown).toContain('no.such');
	for (const kind of opKinds) expect(actWord(kind), kind).not.toContain(kind);
});
