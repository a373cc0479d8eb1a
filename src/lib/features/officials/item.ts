import type { Instruction } from '$lib/domain/official';

/** Where the item of an instruction is shown; null: only in the register. */
export function hrefOf(
	townshipId: string,
	i: Pick<Instruction, 'kind' | 'onId' | 'thingKind' | 'thingId' | 'meetingId'>
): string | null {
	const home = `/t/${townshipId}`;
	if (i.meetingId) return `${home}/meetings/${i.meetingId}`;
	if (i.thingKind && i.thingId)
		return `${home}?kind=${i.thingKind}&open=${i.thingKind}:${i.thingId}`;
	if (i.kind === 'scheme') return `${home}/schemes/${i.onId}`;
	return i.kind === 'place' ? home : null;
}
