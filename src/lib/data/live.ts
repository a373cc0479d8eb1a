import { createClient, type RealtimeChannel } from '@supabase/supabase-js';

/** What changed, never how: the listener reads again under its own rights. */
export type Hint = { kind: string; id: string; version: number };

/** Listens to one township; `onhint` may come in bursts. Gives a function that stops it. */
export function listen(
	gate: { url: string; key: string; token: () => Promise<string | null> },
	townshipId: string,
	onhint: (hint: Hint) => void,
	onstate: (connected: boolean) => void
): () => void {
	const db = createClient(gate.url, gate.key, {
		accessToken: gate.token,
		auth: { persistSession: false, autoRefreshToken: false }
	});
	const channel: RealtimeChannel = db
		.channel(`township:${townshipId}`, { config: { private: true } })
		.on('broadcast', { event: 'hint' }, ({ payload }) => onhint(payload as Hint));
	let stopped = false;
	// The token first: a join without it is refused and tried again only a second later.
	void db.realtime.setAuth().then(() => {
		if (!stopped) channel.subscribe((status) => onstate(status === 'SUBSCRIBED'));
	});
	return () => {
		stopped = true;
		void db.removeChannel(channel);
		db.realtime.disconnect();
	};
}
