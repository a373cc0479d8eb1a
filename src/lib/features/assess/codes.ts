import type { Standard } from '$lib/domain/standard';

/** The first number after the prefix that no item and no veto has. */
export function freeCode(body: Standard, prefix: string): string {
	const taken = new Set([
		...body.sections.flatMap((s) => s.items.map((i) => i.code)),
		...(body.bonus ?? []).map((i) => i.code),
		...(body.vetoes ?? []).map((v) => v.code)
	]);
	for (let n = 1; ; n++) if (!taken.has(`${prefix}${n}`)) return `${prefix}${n}`;
}

/** With `one` in or out, in the order of all that are known. */
export const toggled = <T>(known: readonly T[], held: readonly T[], one: T): T[] =>
	known.filter((k) => held.includes(k) !== (k === one));
