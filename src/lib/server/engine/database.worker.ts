/**
 * PGlite in a thread of its own: frames of the PostgreSQL protocol in, frames out. The main thread can
 * end the thread when a query runs away (PGlite's own statement_timeout never fires) and open the folder
 * again; nothing acknowledged is lost, for the write-ahead log is synced before an answer leaves.
 */
import { readlinkSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { syncDirtyLog, watchWrites } from './durable';
import { expectedReady, type FromDatabase, type Opening, type ToDatabase } from './wire';

const { dataDir, loadFrom, withTests } = workerData as Opening;
watchWrites();

const { PGlite } = await import('@electric-sql/pglite');
const { postgis } = await import('@electric-sql/pglite-postgis');
const extensions: Record<string, unknown> = { postgis };
// The check of indexes after a crash (tests/node/embedded-kill.mjs); not worth its time at every start.
if (process.env.XT_AMCHECK)
	extensions.amcheck = (await import('@electric-sql/pglite/contrib/amcheck')).amcheck;
if (withTests) extensions.pgtap = (await import('@electric-sql/pglite-pgtap')).pgtap;

const port = parentPort!;
const say = (message: FromDatabase, transfer: ArrayBuffer[] = []) =>
	port.postMessage(message, transfer);

const loadDataDir = loadFrom
	? new Blob([new Uint8Array(await (await import('node:fs/promises')).readFile(loadFrom))])
	: undefined;
const db = await PGlite.create({
	dataDir,
	...(loadDataDir ? { loadDataDir } : {}),
	extensions: extensions as { postgis: typeof postgis },
	relaxedDurability: false
});
syncDirtyLog();
// PGlite 0.5.8 leaves 1,120 bytes on its C stack with every error it answers: after 1,873 of them nothing
// worked any more but "stack depth limit exceeded". Between two messages no C frame lives, so the stack
// starts from where it started.
const stack = (db as unknown as { Module: { ___stack_pointer: WebAssembly.Global } }).Module
	.___stack_pointer;
const bottom = stack.value as number;
say({ kind: 'open', thread: threadNumber() });

function threadNumber(): string | null {
	try {
		return readlinkSync('/proc/thread-self').split('/').at(-1) ?? null;
	} catch {
		return null;
	}
}

const N_NOTIFICATION = 0x41; // 'A'
const N_READY = 0x5a; // 'Z'

/**
 * Takes notifications out of an answer and says whether the session is idle again. After an error PGlite
 * sends ReadyForQuery at once and again at the Sync; a client expects it only at the Sync.
 */
function sort(
	bytes: Uint8Array,
	readies: number
): {
	bytes: Uint8Array<ArrayBuffer>;
	notices: { channel: string; payload: string }[];
	ready: string;
} {
	const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const kept: Uint8Array[] = [];
	const notices: { channel: string; payload: string }[] = [];
	let ready = '';
	let surplus = -readies;
	for (let i = 0; i + 5 <= view.length; i += 1 + view.readUInt32BE(i + 1))
		if (view[i] === N_READY) surplus++;
	let from = 0;
	let at = 0;
	while (at + 5 <= view.length) {
		const type = view[at];
		const end = at + 1 + view.readUInt32BE(at + 1);
		if (type === N_READY && surplus > 0) {
			surplus--;
			kept.push(view.subarray(from, at));
			from = end;
		} else if (type === N_READY) {
			ready = String.fromCharCode(view[at + 5]!);
		}
		if (type === N_NOTIFICATION) {
			kept.push(view.subarray(from, at));
			from = end;
			const text = view
				.subarray(at + 9, end)
				.toString('utf8')
				.split('\0');
			notices.push({ channel: text[0] ?? '', payload: text[1] ?? '' });
		}
		at = end;
	}
	kept.push(view.subarray(from));
	const out = Buffer.concat(kept);
	return {
		bytes: new Uint8Array(
			out.buffer.slice(out.byteOffset, out.byteOffset + out.byteLength) as ArrayBuffer
		),
		notices,
		ready
	};
}

let line: Promise<void> = Promise.resolve();
port.on('message', (message: ToDatabase) => {
	line = line.then(() => answer(message));
});

async function answer(message: ToDatabase): Promise<void> {
	if (message.kind === 'frames') {
		stack.value = bottom;
		const raw = await db.execProtocolRaw(message.bytes);
		const { bytes, notices, ready } = sort(raw, expectedReady(message.bytes));
		if (ready === 'I') syncDirtyLog();
		say({ kind: 'answer', id: message.id, bytes, ready }, [bytes.buffer]);
		for (const notice of notices) say({ kind: 'notice', ...notice });
	} else if (message.kind === 'dump') {
		const blob = await db.dumpDataDir('gzip');
		const bytes = new Uint8Array(await blob.arrayBuffer());
		say({ kind: 'dumped', id: message.id, bytes }, [bytes.buffer]);
	} else {
		await db.close();
		syncDirtyLog();
		say({ kind: 'closed' });
	}
}
