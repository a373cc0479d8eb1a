import { createClient, type RealtimeChannel } from '@supabase/supabase-js';

/** What changed, never how: the listener reads again under its own rights. */
export type Hint = { kind: string; id: string; version: number };
export type Gate = {
	url: string;
	key: string;
	/** Asked before each join; `again` when the one before was refused. */
	token: (again: boolean) => Promise<string | null>;
};

/** What somebody shows of himself in a room; `person` is put there by the server, `tab` is one open page. */
export type Shown = { tab: string; person: string } & Record<string, unknown>;
export type RoomHandlers = {
	/** Everybody who is there now, oneself included. */
	onpresence: (here: Shown[]) => void;
	onsent: (event: string, payload: Shown) => void;
	onstate: (connected: boolean) => void;
};
export type RoomLine = {
	/** Dropped while there is no connection: what is sent so is worth nothing a moment later. */
	send: (event: string, payload: object) => void;
	show: (payload: object) => void;
	leave: () => void;
};

/** One socket. Channels are opened on it once it has a token: a join without one is refused and tried again late. */
export function openLine(gate: Gate) {
	let refused = false;
	const db = createClient(gate.url, gate.key, {
		// Once after a refusal: all channels ask.
		accessToken: () => {
			const again = refused;
			refused = false;
			return gate.token(again);
		},
		auth: { persistSession: false, autoRefreshToken: false },
		// A server that starts again is found within a second; the library would wait up to ten.
		realtime: { reconnectAfterMs: (tries: number) => Math.min(300 * tries, 1000) }
	});
	const ready = db.realtime.setAuth();
	const open = new Set<() => void>();
	const enter = (channel: RealtimeChannel, onstate: (connected: boolean) => void) => {
		let left = false;
		void ready.then(() => {
			if (!left)
				channel.subscribe((status) => {
					// A line that was lost says nothing about the token.
					if (status === 'CHANNEL_ERROR' && db.realtime.isConnected()) refused = true;
					onstate(status === 'SUBSCRIBED');
				});
		});
		const leave = () => {
			left = true;
			open.delete(leave);
			void db.removeChannel(channel);
		};
		open.add(leave);
		return leave;
	};
	return {
		/** Listens to one township; `onhint` may come in bursts. Gives a function that stops it. */
		hints(
			townshipId: string,
			onhint: (hint: Hint) => void,
			onstate: (connected: boolean) => void
		): () => void {
			return enter(
				db
					.channel(`township:${townshipId}`, { config: { private: true } })
					.on('broadcast', { event: 'hint' }, ({ payload }) => onhint(payload as Hint)),
				onstate
			);
		},
		/** Presence and passing events among those who are in a room: `meeting:…` or `township:…`. */
		room(topic: string, { onpresence, onsent, onstate }: RoomHandlers): RoomLine {
			let joined = false;
			let last: object | null = null;
			const channel = db.channel(topic, { config: { private: true } });
			channel
				.on('presence', { event: 'sync' }, () =>
					onpresence(latest(Object.values(channel.presenceState()).flat() as unknown as Shown[]))
				)
				.on('broadcast', { event: '*' }, ({ event, payload }) => onsent(event, payload as Shown));
			const leave = enter(channel, (connected) => {
				joined = connected;
				if (connected && last) void channel.track(last);
				onstate(connected);
			});
			return {
				send: (event, payload) => {
					if (joined) void channel.send({ type: 'broadcast', event, payload });
				},
				show: (payload) => {
					last = payload;
					if (joined) void channel.track(payload);
				},
				leave
			};
		},
		close() {
			for (const leave of [...open]) leave();
			db.realtime.disconnect();
		}
	};
}
/** realtime-js 2.109 keeps, behind Supabase's own server, also what an open page showed before. */
const latest = (shown: Shown[]): Shown[] => [...new Map(shown.map((p) => [p.tab, p])).values()];

export type Line = ReturnType<typeof openLine>;
