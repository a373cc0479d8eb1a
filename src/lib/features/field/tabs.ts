import { toCheck } from '$lib/domain/fieldlists';
import type { FieldRoom } from './room.svelte';

export const tabs = ['report', 'todo', 'check', 'out'] as const;
export type Tab = (typeof tabs)[number];

const key = 'xt-field-tab';

/** The tab of the address, else the one this phone was on last, else what this person is for. */
export function tabOf(asked: string | null, room: FieldRoom): Tab {
	const known = (value: string | null) => tabs.find((t) => t === value);
	const last = known(asked) ?? known(localStorage.getItem(key));
	if (last) return last;
	const inspects = room.me.memberships.some((m) => m.role === 'inspector');
	return inspects && toCheck(room.day, room.me, null).length ? 'check' : 'report';
}

/** The outbox is looked at, not lived in. */
export function rememberTab(tab: Tab): void {
	if (tab !== 'out') localStorage.setItem(key, tab);
}

/** `lon,lat` of an address; null where it is none. */
export function readPoint(text: string | null): [number, number] | null {
	const [lon, lat, ...more] = (text ?? '').split(',').map(Number);
	return text && !more.length && Math.abs(lon!) <= 180 && Math.abs(lat!) <= 90
		? [lon!, lat!]
		: null;
}
