import type { Op, Outcome } from '$lib/domain/op';
import type { Cargo } from '$lib/offline/carry';
import type { Kept, Known, Past, Photo } from '$lib/offline/parts';

/** One op on this phone, not yet settled by the server. */
export type Waiting = Kept;
export type ServerHas = Known;
/** A saved queue, opened: what this person may send of it and what waits for its author. */
export type Opened = { cargo: Cargo; take: Op[]; left: Op[] };

/** What the room needs of the off-line box. */
export type Post = {
	readonly online: boolean;
	readonly sending: boolean;
	/** The server asked to sign in again: nothing is lost, nothing leaves until then. */
	readonly signedOut: boolean;
	/** False where the page was not opened over https: then nothing on the phone is sealed. */
	readonly lasting: boolean;
	readonly waiting: readonly Waiting[];
	/** `oldest` in ms since 1970, by this phone's clock. */
	readonly counts: { waiting: number; oldest: number | null; failed: number };
	/** Ops that may still come true, in order: all but the refused and the conflicting. */
	readonly pending: readonly Op[];
	/** What was answered since the page was opened, latest first. */
	readonly sent: readonly Past[];
	/** Opens the box; gives the day the phone kept, if it kept one. */
	open(): Promise<unknown>;
	keep(known: unknown): Promise<void>;
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
	/** The queue as a file, and the code that opens it: shown once, said by mouth. */
	saveToFile(): Promise<{ file: Blob; code: string }>;
	/** Opens a saved queue; nothing is taken over yet. Throws a `Fault`. */
	look(file: Blob, code: string): Promise<Opened>;
	carryIn(file: Blob, code: string): Promise<number>;
	compare(ops: readonly Op[]): Promise<ServerHas | null>;
	wipe(): Promise<void>;
	close(): void;
};
