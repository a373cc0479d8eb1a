/** What passes between the main thread and the database's thread. */
export type Opening = { dataDir: string; loadFrom?: string; withTests?: boolean };

export type ToDatabase =
	| { kind: 'frames'; id: number; bytes: Uint8Array }
	| { kind: 'dump'; id: number }
	| { kind: 'close' };

export type FromDatabase =
	// The thread's number in the system, where it has one: Linux.
	| { kind: 'open'; thread: string | null }
	| { kind: 'answer'; id: number; bytes: Uint8Array; ready: string }
	| { kind: 'notice'; channel: string; payload: string }
	| { kind: 'dumped'; id: number; bytes: Uint8Array }
	| { kind: 'closed' };

/** A message of the PostgreSQL protocol: type, length, body. */
export function frame(type: string, body: Buffer = Buffer.alloc(0)): Buffer {
	const out = Buffer.alloc(5 + body.length);
	out.write(type, 0, 'latin1');
	out.writeUInt32BE(4 + body.length, 1);
	body.copy(out, 5);
	return out;
}

const text = (...parts: string[]) => Buffer.from(parts.map((p) => p + '\0').join(''), 'utf8');

/** The answer to a start-up packet: no password inside one process, then ready. */
export const welcome: Buffer = Buffer.concat([
	frame('R', Buffer.from([0, 0, 0, 0])),
	...Object.entries({
		server_version: '18.3',
		server_encoding: 'UTF8',
		client_encoding: 'UTF8',
		DateStyle: 'ISO, MDY',
		IntervalStyle: 'postgres',
		TimeZone: 'UTC',
		integer_datetimes: 'on',
		standard_conforming_strings: 'on'
	}).map(([name, value]) => frame('S', text(name, value))),
	frame('K', Buffer.from([0, 0, 0, 1, 0, 0, 0, 1])),
	frame('Z', Buffer.from('I'))
]);

export const simpleQuery = (sql: string): Buffer => frame('Q', text(sql));

/** An error as the server would send it; code 57014 is "query_canceled". */
export const errorFrame = (code: string, message: string): Buffer =>
	frame(
		'E',
		Buffer.concat([text('SERROR', 'VERROR', `C${code}`, `M${message}`), Buffer.from([0])])
	);

/** How many ReadyForQuery a batch brings: one for each Sync and each simple query in it. */
export function expectedReady(bytes: Uint8Array): number {
	const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	let count = 0;
	for (let at = 0; at + 5 <= view.length; at += 1 + view.readUInt32BE(at + 1)) {
		if (view[at] === 0x53 || view[at] === 0x51) count++;
	}
	return count;
}

/** The whole answer to a batch that failed as one: an error and a state for each thing asked in it. */
export function refusal(
	batch: Uint8Array,
	code: string,
	message: string,
	state: 'I' | 'E'
): Buffer {
	const ready = frame('Z', Buffer.from(state));
	if (batch[0] === 0x53) return ready;
	const one = errorFrame(code, message);
	const n = expectedReady(batch);
	// Without a Sync (Parse, Describe, Flush) the client sends it after the error and waits for the state then.
	return n ? Buffer.concat(Array.from({ length: n }, () => [one, ready]).flat()) : one;
}

/** Cuts whole messages off the front of a stream; the start-up packet has no type byte. */
export function cut(buffer: Buffer, started: boolean): { message: Buffer; rest: Buffer } | null {
	const head = started ? 1 : 0;
	if (buffer.length < head + 4) return null;
	const length = head + buffer.readUInt32BE(head);
	if (buffer.length < length) return null;
	return { message: buffer.subarray(0, length), rest: buffer.subarray(length) };
}
