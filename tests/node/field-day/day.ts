import { newId } from '../../../src/lib/domain/op';
import { needsPerson } from '../../../src/lib/offline/outbox';
import { sha, type ModelServer } from './model';
import { Device, hour, World } from './world';

export type Size = { devices: number; captures: number };
export type Day = { world: World; devices: Device[]; model: ModelServer };

/** What people do: report, edit, start and report done their own finds, and quarrel over shared ones. */
async function act(day: Day, d: Device, shared: string[]): Promise<void> {
	const { world } = day;
	const own = { own: true };
	const dice = world.random();
	const photos = world.chance(0.35) ? 1 + Math.floor(world.random() * 2) : 0;
	if (dice < 0.5 || !d.mine.length) {
		const id = newId(world.now);
		d.mine.push(id);
		await d.say('task.create', id, { category: 'TRASH', title: '初' }, { photos, ...own });
		if (world.chance(0.4)) await d.say('task.edit', id, { title: '改' }, own);
		if (world.chance(0.6)) await d.say('step.start', id, {}, own);
		else return;
		if (world.chance(0.7)) await d.say('step.do', id, {}, { photos, ...own });
	} else if (dice < 0.85) {
		const id = world.pick(shared);
		const base = day.model.tasks.get(id)?.version;
		await d.say(
			'task.edit',
			id,
			{ title: `${d.person.name}说` },
			{ photos: 0, ...(base && { base }) }
		);
	} else {
		// Something a colleague told of that is perhaps not here yet.
		const other = world.pick(day.devices);
		if (other.mine.length) await d.say('task.edit', world.pick(other.mine), { title: '听说' });
	}
}

/** A person settles what the server would not take: again on top of what stands there, or given up. */
async function settle(world: World, d: Device): Promise<void> {
	for (const item of await d.outbox.load()) {
		if (!needsPerson(item)) continue;
		const { last, op } = item;
		const version = Number(last!.now?.version);
		if (last!.outcome === 'conflict' && world.chance(0.5)) await d.outbox.resend(op.op_id, version);
		else await d.outbox.dismiss(op.op_id);
	}
}

export async function liveADay(
	seed: number,
	size: Size,
	model: ModelServer,
	sealed = false
): Promise<Day & { backup: Device; trouble: string[] }> {
	const world = new World(seed, (...request) => model.handle(...request), sealed);
	const devices = Array.from(
		{ length: size.devices },
		(_, n) => new Device(world, { id: `person-${n}`, name: `第${n}人` })
	);
	const day: Day = { world, devices, model };
	const start = world.now;
	const shared = Array.from({ length: 5 }, () => newId(world.now));
	for (const [n, id] of shared.entries()) {
		const d = devices[n % devices.length]!;
		world.at(start, () => d.run(() => d.say('task.create', id, { category: 'TRASH' })));
	}
	for (const d of devices) {
		d.skew = world.pick([0, 0, -3 * 24 * hour, 365 * 24 * hour, 10 * 60_000]);
		d.capture = () => act(day, d, shared);
		const some = (n: number, p: () => Promise<void> | void) => {
			for (let i = 0; i < n; i++) world.at(start + world.random() * 24 * hour, p);
		};
		some(size.captures, () => d.run(d.capture!).then(() => d.send()));
		some(30, () => {
			d.online = !d.online;
			return d.online ? d.send() : undefined;
		});
		some(4, () => d.boot());
		some(2, () => {
			d.skew = (world.random() - 0.5) * 800 * 24 * hour;
		});
		some(3, () => d.run(() => settle(world, d)));
	}
	// A backup of one phone at noon; one person leaves the township in the afternoon.
	const backup = new Device(world, devices[0]!.person);
	world.at(start + 12 * hour, () => {
		backup.store = devices[0]!.store.copy();
	});
	world.at(start + 15 * hour, () => void model.ended.add(devices.at(-1)!.person.id));
	await world.until(start + 24 * hour);

	world.calm = true;
	const trouble: string[] = [];
	for (let round = 0; round < 40; round++) {
		for (const d of devices) {
			d.capture = undefined;
			d.boot();
			await d.send();
			await settle(world, d);
		}
		await world.until(world.now + 2 * hour);
		if ((await left(devices)) === 0) break;
	}
	// A find may have died with its phone before it was kept; who spoke of it gives up, one after the other.
	for (let round = 0; round < 40 && (await left(devices)); round++)
		for (const d of devices) {
			for (const { op, last } of await d.outbox.load())
				if (last?.outcome === 'held') await d.outbox.dismiss(op.op_id);
			await d.send();
			await settle(world, d);
		}
	for (const d of devices)
		for (const { op, last } of await d.outbox.load())
			trouble.push(`still waiting: ${op.kind} ${last?.outcome ?? 'unanswered'}`);
	return { ...day, backup, trouble };
}
const left = async (devices: Device[]) => {
	let n = 0;
	for (const d of devices) n += (await d.outbox.load()).length;
	return n;
};

/** The seven invariants of security.md H; each broken one as a sentence. */
export async function broken({ devices, model }: Day): Promise<string[]> {
	const faults: string[] = [];
	const endedId = [...model.ended][0];
	for (const d of devices) {
		const past = new Map((await d.outbox.loadPast()).map((p) => [p.op.op_id, p]));
		// Saying it again must be another op: under the old id the server only repeats what it did then.
		for (const p of d.outbox.past)
			if (p.last?.reason === 'op_id_reused') faults.push(`2 id used twice: ${p.op.kind}`);
		for (const [id, said] of d.said) {
			const there = model.ops.get(id);
			const ended = past.get(id);
			// 1, 6: acknowledged means in the history, or given up by a person and readable as it was said.
			if (!ended) faults.push(`1 lost: ${said.op.kind} of ${d.person.name}`);
			else if (sha(JSON.stringify(ended.op.payload)) !== sha(JSON.stringify(said.op.payload)))
				faults.push(`6 not readable: ${said.op.kind}`);
			else if (ended.ended !== 'sent' && !ended.last)
				faults.push(`1 given up without an answer: ${said.op.kind}`);
			else if (ended.ended === 'resent' && !past.has(ended.instead!))
				faults.push(`1 resent and lost: ${said.op.kind}`);
			// 3: what the phone believes is what the server did.
			if (ended && (ended.ended === 'sent') !== (there?.outcome.outcome === 'applied'))
				faults.push(`3 ${ended.ended} here, ${there?.outcome.outcome} there: ${said.op.kind}`);
			// 4: nothing of one phone alone is overtaken, so nothing of it can be refused.
			if (said.own && there && d.person.id !== endedId && there.outcome.outcome === 'refused')
				faults.push(
					`4 out of order: ${said.op.kind} ${there.outcome.reason} ${there.outcome.detail}`
				);
			// 5: photos are there, bit by bit.
			if (there?.outcome.outcome === 'applied')
				for (const [photo, sum] of Object.entries(said.photos))
					if (model.photos.get(photo)?.sha256 !== sum)
						faults.push(`5 photo missing: ${said.op.kind}`);
		}
	}
	// 2: once.
	for (const [id, n] of model.effects) if (n !== 1) faults.push(`2 took effect ${n} times: ${id}`);
	return faults;
}
