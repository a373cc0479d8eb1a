import type { Op, Outcome } from '$lib/domain/op';
import type { Kept, Photo } from './keep';

export type Waiting = Kept;
export type Sent = { op: Op; outcome: Outcome; at: number };
export type CarriedIn =
	{ ops: Op[] } | { fault: 'not_a_box' | 'other_township' } | { fault: 'of_another'; name: string };

/** What the room needs of the off-line box. */
export type Post = {
	readonly online: boolean;
	readonly sending: boolean;
	readonly waiting: readonly Waiting[];
	/** `oldest` in ms since 1970, by this phone's clock. */
	readonly counts: { waiting: number; oldest: number | null; failed: number };
	/** Ops that may still come true, in order: all but the refused and the conflicting. */
	readonly pending: readonly Op[];
	/** What was answered since the page was opened, latest first. */
	readonly sent: readonly Sent[];
	/** Opens the box; gives the day the phone kept, if it kept one. */
	open(): Promise<unknown>;
	keep(known: { me: { id: string; name: string } }): Promise<void>;
	/** Resolves when op and photos are on disk, and not before. */
	add(op: Op, photos: readonly Photo[]): Promise<void>;
	/** A photo that was not sent yet. */
	photo(id: string): Promise<ArrayBuffer | null>;
	send(): Promise<void>;
	/** Sends without keeping; null when no answer came. */
	once(op: Op): Promise<Outcome | null>;
	retry(opId: string): Promise<void>;
	/** The same wish as a new op on top of what stands there now. */
	insist(opId: string, version: number): Promise<void>;
	discard(opId: string): Promise<void>;
	saveToFile(): Promise<Blob>;
	carryIn(file: Blob): Promise<CarriedIn>;
	wipe(): Promise<void>;
	close(): void;
};
