import type { MultiPolygon } from 'geojson';

export const levels = ['district', 'township', 'village', 'group'] as const;
export type Level = (typeof levels)[number];

/** A place of the administrative tree. Lengths in metres, areas in m², coordinates lon/lat (EPSG:4326). */
export type Place = {
	id: string;
	townshipId: string | null;
	parentId: string | null;
	level: Level;
	code: string | null;
	name: string;
	people: number | null;
	households: number | null;
	area: number | null;
	/** Simplified for drawing; `null` where no boundary has been brought in yet. */
	shape: MultiPolygon | null;
	/** A point inside the shape, for its label. */
	label: [number, number] | null;
};

export const roles = [
	'observer',
	'field',
	'contact',
	'inspector',
	'planner',
	'admin',
	'auditor'
] as const;
export type Role = (typeof roles)[number];

/** What a role may do at its place; the table `role_rights` says the same (a test compares the two). */
export const rights = ['see', 'report', 'plan', 'prove', 'manage', 'audit'] as const;
export type Right = (typeof rights)[number];

export const rightsOf: Record<Role, readonly Right[]> = {
	observer: ['see'],
	field: ['see', 'report'],
	contact: ['see', 'report'],
	inspector: ['see', 'report', 'prove'],
	planner: ['see', 'report', 'plan', 'prove'],
	admin: ['see', 'manage'],
	auditor: ['see', 'audit']
};

/** A role for a place and a period; `to` is the first day it no longer holds, `null` while open. */
export type Membership = {
	id: string;
	placeId: string;
	role: Role;
	from: string;
	to: string | null;
};

/** Who is signed in: one person may have several accounts and several memberships. */
export type Person = {
	id: string;
	accountId: string;
	name: string;
	memberships: Membership[];
};

/** May this person do this at `placeId`, given the chain of its parents (nearest first, itself included)? */
export function may(person: Person | null, right: Right, chain: readonly string[]): boolean {
	if (!person) return false;
	return person.memberships.some(
		(m) => chain.includes(m.placeId) && rightsOf[m.role].includes(right)
	);
}
