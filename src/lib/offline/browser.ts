import { httpWire } from './wire-http';
import { Outbox } from './outbox';
import type { Clock, Lock, Store } from './parts';
import { Snapshot } from './snapshot';
import { openIdbStore } from './store-idb';

export const browserClock: Clock = {
	wall: () => Date.now(),
	since: () => performance.now(),
	after(ms, run) {
		const timer = setTimeout(run, ms);
		return () => clearTimeout(timer);
	},
	random: Math.random
};

/**
 * One sender among all tabs and the service worker. Where the browser has no locks, two tabs may send the same
 * op: each keeps the order, and the server lets an op count once.
 */
export const browserLock: Lock = async (name, work) => {
	if (!globalThis.navigator?.locks) {
		await work();
		return true;
	}
	return navigator.locks.request(name, { ifAvailable: true }, async (lock) => {
		if (lock) await work();
		return lock !== null;
	});
};

/** Name of the wake-up that a browser sends when there is signal again, page or no page. */
export const syncTag = (township: string) => `xt-send:${township}`;

/** The outbox of a township on this device, and the day that it kept. */
export async function openOutbox(
	township: string,
	changed?: () => void,
	store?: Store
): Promise<{ outbox: Outbox; snapshot: Snapshot; close: () => void }> {
	const disk = store ?? (await openIdbStore());
	const snapshot = new Snapshot(disk, township);
	const outbox = new Outbox({
		township,
		store: disk,
		wire: httpWire(),
		clock: browserClock,
		lock: browserLock,
		me: (await snapshot.read())?.me ?? null,
		...(changed ? { changed } : {})
	});
	await outbox.load();
	return {
		outbox,
		snapshot,
		close: () => {
			outbox.stop();
			disk.close();
		}
	};
}

/** Sends at the start, when there is signal, when the phone is taken out of the pocket. Ends with the answer. */
export function watch(outbox: Outbox): () => void {
	const gone = new AbortController();
	const send = () => {
		if (document.visibilityState === 'visible') void outbox.send();
	};
	addEventListener('online', send, { signal: gone.signal });
	addEventListener('pageshow', send, { signal: gone.signal });
	document.addEventListener('visibilitychange', send, { signal: gone.signal });
	send();
	return () => gone.abort();
}

type SyncRegistration = ServiceWorkerRegistration & {
	sync?: { register(tag: string): Promise<void> };
};
/** After a capture: asks the browser to wake the service worker when there is signal (Chromium only). */
export async function askForSync(township: string): Promise<boolean> {
	const registration = (await globalThis.navigator?.serviceWorker?.getRegistration()) as
		SyncRegistration | undefined;
	if (!registration?.sync) return false;
	return registration.sync.register(syncTag(township)).then(
		() => true,
		() => false
	);
}
