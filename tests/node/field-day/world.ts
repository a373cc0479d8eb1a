import { newId, type Op, type OpKind } from '../../../src/lib/domain/op';
import { Outbox } from '../../../src/lib/offline/outbox';
import { NetworkFailure, type Clock, type Photo, type Store } from '../../../src/lib/offline/parts';
import { openVault, vaultOf } from '../../../src/lib/offline/vault';
import { httpWire } from '../../../src/lib/offline/wire-http';
import { sha } from './model';
import { MemoryStore } from './store-memory';

export type Handle = (
	person: string,
	method: string,
	at: string,
	body: string | Uint8Array,
	hash: string | null
) => Answer | Promise<Answer>;
type Answer = { status: number; body: unknown };

/** mulberry32: a day is told again from its seed alone. */
export function randomOf(seed: number): () => number {
	let a = seed * 2654435761;
	return () => {
		a = (a + 0x6d2b79f5) | 0;
		let t = Math.imul(a ^ (a >>> 15), 1 | a);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
	};
}

export const township = '0197a000-0000-7000-8000-000000000001';
export const hour = 3_600_000;
const dawn = Date.UTC(2026, 10, 23);
class Died extends Error {}

/** Time, chance and the network of one simulated day. */
export class World {
	now = dawn;
	calm = false;
	faults = 0;
	exchanges = 0;
	readonly random: () => number;
	#events: { at: number; run: () => Promise<void> | void }[] = [];

	constructor(
		seed: number,
		readonly handle: Handle,
		readonly sealed = false
	) {
		this.random = randomOf(seed);
	}
	chance(p: number): boolean {
		return this.random() < p;
	}
	pick<T>(some: readonly T[]): T {
		return some[Math.floor(this.random() * some.length)]!;
	}
	at(at: number, run: () => Promise<void> | void): () => void {
		const event = { at, run };
		this.#events.push(event);
		return () => {
			const n = this.#events.indexOf(event);
			if (n >= 0) this.#events.splice(n, 1);
		};
	}
	async until(end: number): Promise<void> {
		for (;;) {
			let first = -1;
			for (const [n, e] of this.#events.entries())
				if (first < 0 || e.at < this.#events[first]!.at) first = n;
			const event = this.#events[first];
			if (!event || event.at > end) break;
			this.#events.splice(first, 1);
			this.now = Math.max(this.now, event.at);
			await event.run();
		}
		this.now = Math.max(this.now, end);
	}
}

export type Said = { op: Op; photos: Record<string, string>; own: boolean };

/** A phone: what is in `store` outlives the program, all else dies with it. */
export class Device {
	store = new MemoryStore();
	outbox!: Outbox;
	online = true;
	skew = 0;
	/** What `add` promised to keep. */
	readonly said = new Map<string, Said>();
	readonly mine: string[] = [];
	#life = { alive: true };

	constructor(
		readonly world: World,
		readonly person: { id: string; name: string }
	) {
		this.boot();
	}

	/** Starts the program anew from what the disk has. */
	boot(): void {
		this.outbox?.stop();
		this.#life.alive = false;
		const life = (this.#life = { alive: true });
		const { world } = this;
		const born = world.now;
		const clock: Clock = {
			wall: () => world.now + this.skew,
			since: () => world.now - born,
			after: (ms, run) =>
				world.at(world.now + ms, async () => {
					if (!life.alive) return;
					run();
					await this.send();
				}),
			random: world.random
		};
		this.outbox = new Outbox({
			township,
			clock,
			me: this.person,
			store: this.#mortal(life),
			wire: httpWire(this.#fetch(life), () => new AbortController().signal),
			lock: async (_, work) => {
				await work();
				return true;
			},
			vault: world.sealed ? vaultOf : () => Promise.resolve(openVault)
		});
	}
	/** The battery dies: the running program never comes back. */
	#die(life: { alive: boolean }): never {
		life.alive = false;
		throw new Died();
	}
	#mortal(life: { alive: boolean }): Store {
		const { world } = this;
		return {
			all: (room) => this.store.all(room),
			get: (room, key) => this.store.get(room, key),
			keys: (room) => this.store.keys(room),
			close: () => undefined,
			write: async (changes) => {
				if (!life.alive) throw new Died();
				if (!world.calm && world.chance(0.01)) this.#die(life);
				const done = await this.store.write(changes);
				if (!world.calm && world.chance(0.01)) this.#die(life);
				return done;
			}
		};
	}

	#fetch(life: { alive: boolean }): typeof fetch {
		const { world } = this;
		return async (input, init = {}) => {
			if (!life.alive) throw new Died();
			world.exchanges++;
			const at = String(input);
			const method = init.method!;
			const raw = init.body as string | ArrayBuffer;
			const body = typeof raw === 'string' ? raw : new Uint8Array(raw.slice(0));
			const hash = (init.headers as Record<string, string>)['X-Sha256'] ?? null;
			const arrive = () => world.handle(this.person.id, method, at, body, hash);
			world.now += Math.floor(world.random() * 4000);
			if (world.calm) return reply(await arrive());
			if (!this.online) throw new TypeError('Failed to fetch');
			// A person goes on working while the phone sends.
			if (world.chance(0.1)) await this.capture?.();
			const fate = world.random();
			if (fate < 0.6) return reply(await arrive());
			world.faults++;
			if (fate < 0.66) throw new TypeError('dropped');
			if (fate < 0.72) return new Response('<html>请登录无线网</html>', { status: 200 });
			if (fate < 0.76) return new Response('Bad gateway', { status: 502 });
			if (fate < 0.79) return reply({ status: 401, body: { reason: 'signed_out' } });
			if (fate < 0.86) {
				await arrive();
				throw new TypeError('lost answer');
			}
			if (fate < 0.9) {
				const answer = await arrive();
				return new Response(JSON.stringify(answer.body).slice(0, -5), { status: 200 });
			}
			if (fate < 0.93) {
				await arrive();
				return new Response('{"message":"?"}', { status: 500 });
			}
			if (fate < 0.95) {
				await arrive();
				this.#die(life);
			}
			if (fate < 0.98) {
				// A copy that the network kept arrives again, much later and behind others.
				world.at(world.now + world.random() * 3 * hour, async () => void (await arrive()));
				return reply(await arrive());
			}
			if (method === 'PUT' && typeof body !== 'string') {
				const cut = body.slice(0, body.length >> 1);
				return reply(await world.handle(this.person.id, method, at, cut, hash));
			}
			world.now += 30_000;
			throw new TypeError('too late');
		};
	}
	/** What the person does next, given by the day. */
	capture?: () => Promise<void>;

	/** Says something. Only what `add` promised is in `said`; a death before that is no promise. */
	async say(
		kind: OpKind,
		target: string,
		payload: Record<string, unknown>,
		opts: { photos?: number; base?: number; own?: boolean } = {}
	): Promise<void> {
		const photos: Photo[] = Array.from({ length: opts.photos ?? 0 }, () => {
			const bytes = Uint8Array.from({ length: 200 }, () => this.world.random() * 256);
			return { id: newId(this.world.now + this.skew), type: 'image/jpeg', bytes: bytes.buffer };
		});
		const op: Op = {
			op_id: newId(this.world.now + this.skew),
			kind,
			township_id: township,
			target,
			payload: { ...payload, ...(photos.length ? { photos: photos.map((p) => p.id) } : {}) },
			...(opts.base ? { base_version: opts.base } : {}),
			device_time: new Date(this.world.now + this.skew).toISOString()
		} as Op;
		const sums = photos.map((p) => [p.id, sha(new Uint8Array(p.bytes))]);
		await this.outbox.add({ op, photos });
		this.said.set(op.op_id, {
			op,
			photos: Object.fromEntries(sums) as Record<string, string>,
			own: opts.own ?? false
		});
	}

	/** Runs something of the program; a death ends it and the phone is started again. */
	async run(work: () => Promise<unknown>): Promise<void> {
		const life = this.#life;
		try {
			await work();
		} catch (error) {
			if (error instanceof NetworkFailure || life.alive) throw error;
		}
		if (!this.#life.alive) this.boot();
	}
	send(): Promise<void> {
		return this.run(() => this.outbox.send());
	}
}

const reply = ({ status, body }: Answer) =>
	new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });
