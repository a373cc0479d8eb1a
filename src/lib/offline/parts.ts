import type { Op, Outcome } from '$lib/domain/op';

/** Bytes at rest. Without an `iv` they lie open: a page without https has no Web Crypto. */
export type Sealed = { iv: Uint8Array<ArrayBuffer> | null; data: ArrayBuffer };

/** One op of the queue (or of its past) as it lies on disk: only ids are in clear. */
export type Row = { seq: number; id: string; owner: string; township: string; sealed: Sealed };
export type Numbered = 'ops' | 'past';
export type Keyed = 'photos' | 'things';

/** `was` and `putNew` are conditions: where one fails, nothing of the whole list is written. */
export type Change =
	| { act: 'add'; room: Numbered; row: Omit<Row, 'seq'> }
	| { act: 'replace'; room: 'ops'; row: Row; was: string }
	| { act: 'remove'; room: Numbered; seq: number; was: string }
	| { act: 'put' | 'putNew'; room: Keyed; key: string; value: unknown }
	| { act: 'drop'; room: Keyed; key: string };

/** What stays when the tab, the battery or the browser dies. */
export interface Store {
	/** In the order of `seq`, which only grows and is never given twice. */
	all(room: Numbered): Promise<Row[]>;
	get(room: Keyed, key: string): Promise<unknown>;
	keys(room: Keyed): Promise<string[]>;
	/**
	 * All or none, on disk before it resolves. False where a condition failed: an op id that is here already, a
	 * row that another tab changed. Throws `Fault('storage_full')`.
	 */
	write(changes: readonly Change[]): Promise<boolean>;
	close(): void;
}

export type Known = { ops: Record<string, Outcome['outcome']>; photos: Record<string, string> };
export type PhotoAnswer = { sha256: string } | { refused: Outcome };

/** The way to the server. Whatever is not an answer of our own server is a `NetworkFailure`. */
export interface Wire {
	/** One outcome for each op, in their order. */
	sendOps(township: string, ops: readonly Op[]): Promise<Outcome[]>;
	putPhoto(township: string, photo: PhotoPart, bytes: ArrayBuffer): Promise<PhotoAnswer>;
	/** Which of one's own ops and which photos the server has. */
	known(township: string, ask: { ops: string[]; photos: string[] }): Promise<Known>;
}

export interface Clock {
	/** What the device shows: a claim, only ever displayed. */
	wall(): number;
	/** Milliseconds since the program began; never jumps. Delays are counted on it. */
	since(): number;
	after(ms: number, run: () => void): () => void;
	/** 0 … 1, for jitter: phones that lost one mast at once do not come back at once. */
	random(): number;
}

/** Runs `work` while nobody else of this device does; false when somebody does. */
export type Lock = (name: string, work: () => Promise<void>) => Promise<boolean>;

export type Person = { id: string; name: string };
export type Photo = { id: string; type: string; bytes: ArrayBuffer };
/** `sent`: the server read back this very sha-256. */
export type PhotoPart = {
	id: string;
	type: string;
	size: number;
	sha256: string | null;
	sent?: boolean;
};

/** One op as it waits, with the person who said it: nobody's word is sent as another's. */
export type Kept = {
	/** The order of this device; its clock says nothing about order. */
	seq: number;
	device: string;
	by: Person;
	op: Op;
	addedAt: number;
	photos: PhotoPart[];
	/** The last answer; none when there was never one. */
	last?: Outcome;
	/** Of whom it was carried in. */
	carriedFor?: Person;
};

/** How an op ended: sent, given up by a person, or said anew under another id. */
export type Past = Omit<Kept, 'seq'> & {
	at: number;
	ended: 'sent' | 'dismissed' | 'resent';
	/** The op that took its place. */
	instead?: string;
};

/** Not sent, for all we know: an op is tried again, and the server tells whether it was there already. */
export class NetworkFailure extends Error {
	constructor(
		readonly why: 'no_answer' | 'not_ours' | 'busy' | 'signed_out',
		readonly waitMs = 0
	) {
		super(why);
		this.name = 'NetworkFailure';
	}
}

export type FaultCode =
	| 'storage_full'
	| 'storage_closed'
	| 'unsent'
	| 'nobody'
	| 'no_secure_context'
	| 'not_a_box'
	| 'wrong_passphrase'
	| 'box_damaged'
	| 'other_township';

/** A code that the page puts into words; `detail` is a number or a name. */
export class Fault extends Error {
	constructor(
		readonly code: FaultCode,
		readonly detail = ''
	) {
		super(detail ? `${code}: ${detail}` : code);
		this.name = 'Fault';
	}
}
