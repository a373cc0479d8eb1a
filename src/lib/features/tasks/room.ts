import { createContext } from 'svelte';
import type { Account, Colleague } from '$lib/domain/account';
import { may, type Right } from '$lib/domain/place';
import type { TaskType } from '$lib/domain/tasks';
import { chainOf } from '$lib/features/desk/room';
import type { Desk } from '$lib/features/things/desk.svelte';

/** What every part of the task desk knows: where, who, and what things are called there. */
export type Room = {
	readonly township: { id: string; name: string; districtId: string | null };
	readonly account: Account;
	readonly people: Colleague[];
	readonly villages: { id: string; name: string }[];
	readonly types: TaskType[];
	/** ISO day in China. */
	readonly today: string;
	readonly desk: Desk;
};

export const [getRoom, setRoom] = createContext<Room>();

/** What this person may do at a village, or (null) in the whole township. */
export const mayAt = (
	room: Pick<Room, 'account' | 'township'>,
	right: Right,
	villageId: string | null
): boolean => may(room.account, right, chainOf(villageId, room.township));

/** Who usually answers for a village: its own person, else its contact cadre; the database picks the same. */
export function officerOf(people: readonly Colleague[], villageId: string | null, today: string) {
	if (!villageId) return null;
	const posts = people.flatMap((p) =>
		p.roles
			.filter(
				(r) =>
					r.placeId === villageId &&
					(r.role === 'field' || r.role === 'contact') &&
					r.from <= today &&
					(r.to === null || r.to > today)
			)
			.map((r) => ({ id: p.id, name: p.name, role: r.role, from: r.from, key: r.id }))
	);
	posts.sort(
		(a, b) =>
			Number(a.role !== 'field') - Number(b.role !== 'field') ||
			a.from.localeCompare(b.from) ||
			a.key.localeCompare(b.key)
	);
	return posts[0] ?? null;
}
