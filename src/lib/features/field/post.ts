import type { Op, Outcome } from '$lib/domain/op';
import type { Item, Settled } from '$lib/offline/outbox';
import type { Opened, ServerHas } from './postbox.svelte';
import type { Shot } from './shots.svelte';

/** One op on this phone, not yet settled by the server. */
export type Waiting = Item;

/** What the room needs of the off-line box. */
export type Post = {
	readonly online: boolean;
	readonly sending: boolean;
	readonly signedOut: boolean;
	/** False where the page was not opened over https: then nothing outlasts it. */
	readonly lasting: boolean;
	readonly waiting: readonly Waiting[];
	/** `oldest` in ms since 1970, by this phone's clock. */
	readonly counts: { waiting: number; oldest: number | null; failed: number };
	/** Ops that may still come true, in order: all but the refused and the conflicting. */
	readonly pending: readonly Op[];
	/** What was answered since the page was opened, latest first. */
	readonly sent: readonly Settled[];
	/** Opens the box; gives the day the phone kept, if it kept one. */
	open(): Promise<unknown>;
	keep(known: unknown): Promise<void>;
	/** Resolves when op and photos are on disk, and not before. */
	add(op: Op, shots: readonly Shot[]): Promise<void>;
	send(): Promise<void>;
	/** Sends without keeping; null when no answer came. */
	once(op: Op): Promise<Outcome | null>;
	retry(opId: string): Promise<void>;
	/** The same wish as a new op on top of what stands there now. */
	insist(opId: string, version: number): Promise<void>;
	discard(opId: string): Promise<void>;
	/** The queue as a file, and the code that opens it: shown once, said by mouth. */
	saveToFile(): Promise<{ file: Blob; code: string }>;
	look(file: Blob, code: string): Promise<Opened>;
	carryIn(opened: Opened): Promise<number>;
	compare(ops: readonly Op[]): Promise<ServerHas | null>;
	wipe(): Promise<void>;
	close(): void;
};
