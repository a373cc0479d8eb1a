/** What passes between the main thread and the database's thread. */
export type Opening = { dataDir: string; loadFrom?: string; withTests?: boolean };

export type ToDatabase =
	| { kind: 'frames'; id: number; bytes: Uint8Array }
	| { kind: 'dump'; id: number }
	| { kind: 'close' };

export type FromDatabase =
	| { kind: 'open' }
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

/** Cuts whole messages off the front of a stream; the start-up packet has no type byte. */
export function cut(buffer: Buffer, started: boolean): { message: Buffer; rest: Buffer } | null {
	const head = started ? 1 : 0;
	if (buffer.length < head + 4) return null;
	const length = head + buffer.readUInt32BE(head);
	if (buffer.length < length) return null;
	return { message: buffer.subarray(0, length), rest: buffer.subarray(length) };
}
