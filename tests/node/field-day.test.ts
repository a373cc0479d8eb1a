/**
 * A day in the field, simulated (security.md H-01…H-06, H-11): phones that die, a network that lies, clocks that
 * jump. The outbox and its HTTP wire are the real ones; a seed tells a day again. `SEED=7` one day, `SEEDS=1000` many.
 */
import { describe, expect, test } from 'vitest';
import { newId, type Op } from '../../src/lib/domain/op';
import { broken, liveADay } from './field-day/day';
import { ModelServer } from './field-day/model';
import { Device, township, World } from './field-day/world';

const seeds = process.env.SEED
	? [Number(process.env.SEED)]
	: Array.from({ length: Number(process.env.SEEDS ?? 50) }, (_, n) => n + 1);
const small = { devices: 12, captures: 6 };

describe('a day in the field', () => {
	test(`nothing is lost, doubled or overtaken in ${seeds.length} days (H-01, H-02, H-05, H-06, H-11)`, async () => {
		const sum = { ops: 0, photos: 0, exchanges: 0, faults: 0, conflicts: 0, refused: 0 };
		for (const seed of seeds) {
			const model = new ModelServer();
			const day = await liveADay(seed, small, model);
			expect([...day.trouble, ...(await broken(day))], `SEED=${seed}`).toEqual([]);
			// 7: nothing of somebody who left took effect afterwards, and it was shown.
			const ended = [...model.ended][0];
			const late = [...model.ops.values()].filter((o) => o.person === ended);
			const first = late.findIndex((o) => o.outcome.reason === 'not_allowed');
			if (first >= 0)
				expect(late.slice(first).every((o) => o.outcome.outcome !== 'applied')).toBe(true);
			sum.ops += [...day.devices].reduce((n, d) => n + d.said.size, 0);
			sum.photos += model.photos.size;
			sum.exchanges += day.world.exchanges;
			sum.faults += day.world.faults;
			for (const { outcome } of model.ops.values()) {
				if (outcome.outcome === 'conflict') sum.conflicts++;
				if (outcome.outcome === 'refused') sum.refused++;
			}

			// H-04: the backup of noon comes back and says everything again.
			const effects = new Map(model.effects);
			day.backup.boot();
			await day.backup.send();
			await day.world.until(day.world.now + 3_600_000);
			const twice = [...model.effects].filter(([id, n]) => n !== 1 || !effects.has(id));
			const unheard = twice.filter(([id]) => day.devices[0]!.said.has(id));
			expect(unheard, `SEED=${seed} restored phone`).toEqual([]);
		}
		console.log(`field days: ${JSON.stringify(sum)}`);
		// A day in which nothing went wrong would prove nothing.
		expect(sum.faults).toBeGreaterThan(seeds.length * 40);
		expect(sum.conflicts).toBeGreaterThan(0);
	});

	test('a full day of 20 phones, 3,000 ops and 600 photos (H-01)', async () => {
		const model = new ModelServer();
		const day = await liveADay(4711, { devices: 20, captures: 66 }, model);
		expect([...day.trouble, ...(await broken(day))]).toEqual([]);
		const said = day.devices.reduce((n, d) => n + d.said.size, 0);
		console.log(
			`full day: ${said} ops, ${model.photos.size} photos, ${day.world.exchanges} exchanges`
		);
		expect(said).toBeGreaterThan(2500);
		expect(model.photos.size).toBeGreaterThan(600);
	});

	test('a small day with everything sealed by Web Crypto', async () => {
		const day = await liveADay(7, { devices: 4, captures: 6 }, new ModelServer(), true);
		expect([...day.trouble, ...(await broken(day))]).toEqual([]);
	});

	test('the same id with other content is refused with both hashes and the first stays (H-03)', async () => {
		const model = new ModelServer();
		const world = new World(1, (...request) => model.handle(...request));
		world.calm = true;
		const d = new Device(world, { id: 'person-0', name: '李' });
		for (let n = 0; n < 100; n++) {
			const op = { op_id: newId(), kind: 'task.create', township_id: township, target: newId() };
			const first = { ...op, payload: { category: 'TRASH', title: '先' } } as Op;
			expect(model.apply('person-0', first).outcome).toBe('applied');
			await d.outbox.add({ op: { ...first, payload: { category: 'TRASH', title: '后' } } as Op });
		}
		await d.send();
		const all = await d.outbox.load();
		expect(all).toHaveLength(100);
		for (const { last, op } of all) {
			expect(last).toMatchObject({ outcome: 'refused', reason: 'op_id_reused' });
			expect(last!.detail).toMatch(/^[0-9a-f]{64} [0-9a-f]{64}$/);
			expect(model.tasks.get(op.target)!.title).toBe('先');
		}
	});
});
