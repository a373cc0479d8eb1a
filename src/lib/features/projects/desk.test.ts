import { afterEach, expect, test, vi } from 'vitest';
import { newId, newOp } from '$lib/domain/op';
import { ProjectDesk } from './desk.svelte';

const township = '01890000-0000-7000-8000-000000000001';
const desk = () =>
	new ProjectDesk(
		{
			account: {} as never,
			township: { id: township, districtId: null },
			villageId: null,
			people: []
		},
		() => {}
	);
afterEach(() => vi.unstubAllGlobals());

test('when the line breaks in the middle, what was stored is not said to be lost', async () => {
	let packs = 0;
	vi.stubGlobal('fetch', async (_: string, { body }: { body: string }) => {
		if (++packs === 2) throw new TypeError('offline');
		const { ops } = JSON.parse(body) as { ops: unknown[] };
		return Response.json({ outcomes: ops.map(() => ({ outcome: 'applied' })) });
	});
	const ops = Array.from({ length: 120 }, () => newOp('feature.archive', township, newId(), {}, 1));
	const outcomes = await desk().sendAll(ops);
	expect(outcomes).toHaveLength(120);
	expect(outcomes.slice(0, 50).every((o) => o.outcome === 'applied')).toBe(true);
	expect(outcomes.slice(50).every((o) => o.reason === 'offline')).toBe(true);
	// The rest is not tried on a dead line.
	expect(packs).toBe(2);
});
