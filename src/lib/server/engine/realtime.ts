/**
 * The live endpoint of the embedded and PostgreSQL modes, in the protocol that supabase-js speaks. What
 * comes from the server are hints (topic, kind, id, version): whoever hears one reads again under his own
 * rights, so a forged or overheard hint is worth nothing. Clients send cursors and presence only.
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import type postgres from 'postgres';
import { decode, encode, type Message } from './phoenix';
import { readToken, type Claims } from './token';
import type { Secrets } from './secrets';

const limits = {
	/** Bytes of one message, and of what may wait for a client that does not read. */
	payload: 3072,
	backlog: 1_000_000,
	messagesASecond: 15,
	topics: 50,
	socketsAPerson: 20,
	/** Milliseconds without a word; supabase-js says something every 25 s. */
	idle: 75_000,
	/** Milliseconds until the first join. */
	strange: 15_000,
	/** Milliseconds after which people of another process that is silent are gone. */
	far: 80_000
};
/** What a client may broadcast; never `hint`. */
const clientEvents = ['cursor', 'pointer', 'follow', 'sketch', 'select'];

type Channel = {
	/** As the client calls it; `topic` is without the protocol's prefix. */
	key: string;
	topic: string;
	joinRef: string | null;
	claims: Claims;
	/** Whose account it is, as the database says. */
	person: string;
	expiry: NodeJS.Timeout;
	self: boolean;
	ack: boolean;
	presence: Record<string, unknown> | null;
	ref: string;
};
type Client = {
	socket: WebSocket;
	vsn: string;
	channels: Map<string, Channel>;
	sent: number;
	second: number;
	heard: number;
};

/** What passes between processes that stand behind one door; the database carries it. */
type Passing = { from: string; topic: string } & (
	| { what: 'cast'; event: string; payload: Record<string, unknown> }
	| { what: 'there'; key: string; meta: Record<string, unknown> | null }
	| { what: 'who' }
);

export class Realtime {
	#server = new WebSocketServer({
		noServer: true,
		maxPayload: limits.payload,
		handleProtocols: () => false
	});
	#clients = new Set<Client>();
	readonly #process = randomUUID();
	/** People who are connected to other processes, by topic and key. */
	#far = new Map<string, Map<string, { meta: Record<string, unknown>; seen: number }>>();
	/** Counts whom we showed out: whoever asked to join meanwhile is asked for his right again. */
	#kicks = 0;
	#sweep = setInterval(() => {
		this.#dropIdle();
		this.#dropFar();
		this.#announce();
	}, limits.idle / 3).unref();

	constructor(
		private readonly options: {
			secrets: Secrets;
			origin: string;
			sql: postgres.Sql;
			/** Tells the other processes; none where there can be no other. */
			share?: (text: string) => void;
		}
	) {}

	/** After this process hears its neighbours: asks who is with them. */
	greet(): void {
		this.#share({ what: 'who', topic: '' });
	}

	#share(message: Omit<Passing, 'from'> & Record<string, unknown>): void {
		this.options.share?.(JSON.stringify({ from: this.#process, ...message }));
	}

	/** Says again who is here, so that a process that came later, or missed it, knows. */
	#announce(): void {
		if (!this.options.share) return;
		for (const { channels } of this.#clients) {
			for (const c of channels.values())
				if (c.presence)
					this.#share({ what: 'there', topic: c.topic, key: this.#key(c), meta: c.presence });
		}
	}

	#hearFar(message: Passing): void {
		if (message.from === this.#process) return;
		if (message.what === 'who') return this.#announce();
		if (message.what === 'cast')
			return this.#broadcast(message.topic, message.event, message.payload);
		const { topic, key, meta } = message;
		const there = this.#far.get(topic) ?? new Map<string, { meta: object; seen: number }>();
		const old = there.get(key)?.meta;
		if (meta) there.set(key, { meta, seen: Date.now() });
		else there.delete(key);
		if (there.size) this.#far.set(topic, there as never);
		else this.#far.delete(topic);
		if (JSON.stringify(old) !== JSON.stringify(meta ?? undefined))
			this.#turn(topic, key, meta, old ?? null);
	}

	#dropFar(): void {
		for (const [topic, there] of this.#far) {
			for (const [key, { meta, seen }] of there) {
				if (Date.now() - seen < limits.far) continue;
				there.delete(key);
				this.#diff(topic, {}, { [key]: { metas: [meta] } });
			}
			if (!there.size) this.#far.delete(topic);
		}
	}

	/** The HTTP server's `upgrade`: our own pages only, with our key. */
	upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
		const url = new URL(request.url ?? '/', this.options.origin);
		const { origin } = request.headers;
		const ours = !origin || origin === new URL(this.options.origin).origin;
		if (
			url.pathname !== '/realtime/v1/websocket' ||
			!ours ||
			url.searchParams.get('apikey') !== this.options.secrets.publishableKey
		) {
			socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
			return;
		}
		this.#server.handleUpgrade(request, socket, head, (ws) =>
			this.#welcome(ws, url.searchParams.get('vsn') ?? '1.0.0')
		);
	};

	/** A notification of the database: a hint for a topic, or somebody to be shown out. */
	hear(channel: string, text: string): void {
		let payload: Record<string, unknown>;
		try {
			payload = Object(JSON.parse(text)) as Record<string, unknown>;
		} catch {
			return; // Not one of ours.
		}
		if (channel === 'xiangtu_hint') {
			const { topic, ...hint } = payload;
			this.#broadcast(String(topic), 'hint', hint);
		} else if (channel === 'xiangtu_passing') {
			this.#hearFar(payload as Passing);
		} else if (channel === 'xiangtu_kick') {
			this.#kicks++;
			for (const client of this.#clients) {
				for (const c of [...client.channels.values()]) {
					if (
						c.claims.session_id === payload.session_id ||
						(!payload.session_id && c.claims.sub === payload.user_id)
					)
						this.#leave(client, c, 'ended');
				}
			}
		}
	}

	close(): void {
		clearInterval(this.#sweep);
		for (const { socket } of this.#clients) socket.close(1001);
		this.#server.close();
	}

	#welcome(socket: WebSocket, vsn: string): void {
		const client: Client = {
			socket,
			vsn,
			channels: new Map(),
			sent: 0,
			second: 0,
			heard: Date.now()
		};
		this.#clients.add(client);
		// Whatever a client sends, only its own socket may suffer.
		socket.on(
			'message',
			(data: Buffer, binary: boolean) =>
				void this.#read(client, data, binary).catch(() => socket.close(1003, 'not understood'))
		);
		socket.on('close', () => {
			for (const c of [...client.channels.values()]) this.#leave(client, c, null);
			this.#clients.delete(client);
		});
		socket.on('error', () => socket.terminate());
		setTimeout(() => {
			if (!client.channels.size) socket.close(1008, 'nothing joined');
		}, limits.strange).unref();
	}

	/** A telephone that lost its network says no goodbye. */
	#dropIdle(): void {
		for (const client of this.#clients) {
			if (Date.now() - client.heard > limits.idle) client.socket.terminate();
		}
	}

	async #read(client: Client, data: Buffer, binary: boolean): Promise<void> {
		const second = Math.floor(Date.now() / 1000);
		client.sent = client.second === second ? client.sent + 1 : 1;
		client.second = second;
		client.heard = Date.now();
		if (client.sent > limits.messagesASecond * 2)
			return client.socket.close(1008, 'too many messages');
		const message = decode(data, binary);
		if (!message) return client.socket.close(1003, 'not of the protocol');
		if (message.event === 'heartbeat') return this.#reply(client, message, 'ok');
		if (message.event === 'phx_join') return this.#join(client, message);
		const channel = client.channels.get(message.topic);
		if (!channel) return;
		if (message.event === 'phx_leave') {
			this.#leave(client, channel, null);
			return this.#reply(client, message, 'ok');
		}
		if (message.event === 'access_token')
			return this.#renew(client, channel, String(message.payload.access_token ?? ''));
		if (message.event === 'broadcast') return this.#fromClient(client, channel, message);
		if (message.event === 'presence') return this.#presence(client, channel, message);
	}

	async #join(client: Client, message: Message): Promise<void> {
		const { config: wanted, access_token } = message.payload as {
			config?: { private?: boolean; broadcast?: { self?: boolean; ack?: boolean } };
			access_token?: string;
		};
		const config = Object(wanted ?? {}) as {
			private?: boolean;
			broadcast?: { self?: boolean; ack?: boolean };
		};
		const topic = message.topic.replace(/^realtime:/, '');
		const refuse = (reason: string) => this.#reply(client, message, 'error', { reason });
		if (!config.private) return refuse('only private channels');
		if (client.channels.size >= limits.topics) return refuse('too many channels');
		const claims = readToken(String(access_token ?? ''), this.options.secrets.jwtSecret);
		const kicks = this.#kicks;
		const ask = async () => claims && this.#mayJoin(topic, claims);
		let person = await ask();
		if (person && kicks !== this.#kicks) person = await ask();
		if (!claims || !person) return refuse('Unauthorized: you may not join this channel');
		if (client.socket.readyState !== client.socket.OPEN) return;
		const others = [...this.#clients].filter((c) =>
			[...c.channels.values()].some((x) => x.claims.sub === claims.sub)
		);
		if (!client.channels.size && others.length >= limits.socketsAPerson)
			return refuse('too many connections');
		const old = client.channels.get(message.topic);
		if (old) this.#leave(client, old, null);
		const channel: Channel = {
			key: message.topic,
			topic,
			claims,
			person,
			joinRef: message.join_ref ?? message.ref,
			expiry: setTimeout(() => undefined, 0),
			self: config.broadcast?.self === true,
			ack: config.broadcast?.ack === true,
			presence: null,
			ref: Math.random().toString(36).slice(2)
		};
		client.channels.set(message.topic, channel);
		this.#expire(client, channel);
		this.#reply(client, message, 'ok', { postgres_changes: [] });
		this.#send(client, channel, 'presence_state', this.#state(topic));
	}

	/** The person who asks where he may join, else null. */
	async #mayJoin(topic: string, claims: Claims): Promise<string | null> {
		if (topic.length > 120) return null;
		try {
			// One statement, which is a transaction of its own: twenty screens that come back ask forty times at once.
			const [row] = await this.options.sql<{ person: string | null }[]>`
				with asker as materialized (
					select set_config('request.jwt.claims', ${JSON.stringify(claims)}, true),
						set_config('request.jwt.claim.sub', ${claims.sub}, true)
				)
				select case when private.may_join(${topic}) then private.my_person() end as person from asker`;
			return row?.person ?? null;
		} catch {
			return null;
		}
	}

	async #renew(client: Client, channel: Channel, token: string): Promise<void> {
		const claims = readToken(token, this.options.secrets.jwtSecret);
		if (
			!claims ||
			claims.sub !== channel.claims.sub ||
			!(await this.#mayJoin(channel.topic, claims))
		) {
			return this.#leave(client, channel, 'token refused');
		}
		channel.claims = claims;
		this.#expire(client, channel);
	}

	#expire(client: Client, channel: Channel): void {
		clearTimeout(channel.expiry);
		channel.expiry = setTimeout(
			() => this.#leave(client, channel, 'token expired'),
			// More than a timer can count would end it at once.
			Math.min(2 ** 31 - 1, Math.max(0, channel.claims.exp * 1000 - Date.now()))
		);
		channel.expiry.unref();
	}

	#leave(client: Client, channel: Channel, why: string | null): void {
		clearTimeout(channel.expiry);
		client.channels.delete(channel.key);
		if (channel.presence) {
			const key = this.#key(channel);
			this.#diff(channel.topic, {}, { [key]: { metas: [channel.presence] } });
			this.#share({ what: 'there', topic: channel.topic, key, meta: null });
		}
		if (why) {
			this.#send(client, channel, 'system', {
				status: 'error',
				message: why,
				extension: 'system',
				channel: channel.topic
			});
			this.#send(client, channel, 'phx_close', {});
		}
	}

	#fromClient(client: Client, channel: Channel, message: Message): void {
		const { event, payload } = message.payload as {
			event?: string;
			payload?: Record<string, unknown>;
		};
		if (!event || !clientEvents.includes(event)) {
			if (channel.ack)
				this.#reply(client, message, 'error', { reason: 'this event is not for clients' });
			return;
		}
		// Whose it is, the server says.
		const signed = { ...payload, user: channel.claims.sub, person: channel.person };
		this.#broadcast(channel.topic, event, signed, channel.self ? undefined : client);
		this.#share({ what: 'cast', topic: channel.topic, event, payload: signed });
		if (channel.ack) this.#reply(client, message, 'ok');
	}

	#presence(client: Client, channel: Channel, message: Message): void {
		const { event, payload } = message.payload as {
			event?: string;
			payload?: Record<string, unknown>;
		};
		const key = this.#key(channel);
		const old = channel.presence;
		channel.presence =
			event === 'track'
				? {
						...payload,
						user: channel.claims.sub,
						person: channel.person,
						phx_ref: channel.ref
					}
				: null;
		this.#turn(channel.topic, key, channel.presence, old);
		this.#share({ what: 'there', topic: channel.topic, key, meta: channel.presence });
		this.#reply(client, message, 'ok');
	}

	#key = (channel: Channel): string => `${channel.claims.sub}:${channel.ref}`;

	#state(topic: string): Record<string, unknown> {
		const state: Record<string, unknown> = {};
		for (const { channels } of this.#clients) {
			for (const c of channels.values())
				if (c.topic === topic && c.presence) state[this.#key(c)] = { metas: [c.presence] };
		}
		for (const [key, { meta }] of this.#far.get(topic) ?? []) state[key] = { metas: [meta] };
		return state;
	}

	/**
	 * Somebody came, left, or shows something else. For the last the old is not told as a leaving: clients put in what
	 * came first, by its reference in the place of the old, and would take it away again.
	 */
	#turn(topic: string, key: string, now: object | null, old: object | null): void {
		if (now) this.#diff(topic, { [key]: { metas: [now] } }, {});
		else if (old) this.#diff(topic, {}, { [key]: { metas: [old] } });
	}

	#diff(topic: string, joins: object, leaves: object): void {
		for (const client of this.#clients) {
			for (const c of client.channels.values())
				if (c.topic === topic) this.#send(client, c, 'presence_diff', { joins, leaves });
		}
	}

	#broadcast(
		topic: string,
		event: string,
		payload: Record<string, unknown>,
		except?: Client
	): void {
		for (const client of this.#clients) {
			if (client === except) continue;
			for (const c of client.channels.values())
				if (c.topic === topic)
					this.#send(client, c, 'broadcast', { type: 'broadcast', event, payload });
		}
	}

	#send(client: Client, channel: Channel, event: string, payload: Record<string, unknown>): void {
		if (client.socket.readyState !== client.socket.OPEN) return;
		if (client.socket.bufferedAmount > limits.backlog) return client.socket.terminate();
		client.socket.send(
			encode(
				{
					join_ref: channel.joinRef,
					ref: null,
					topic: channel.key,
					event,
					payload
				},
				client.vsn
			)
		);
	}

	#reply(
		client: Client,
		message: Message,
		status: 'ok' | 'error',
		response: Record<string, unknown> = {}
	): void {
		const { join_ref, ref, topic } = message;
		client.socket.send(
			encode(
				{ join_ref, ref, topic, event: 'phx_reply', payload: { status, response } },
				client.vsn
			)
		);
	}
}
