/**
 * The embedded PostgreSQL: one session in a thread, shared by many virtual connections. A connection
 * owns the session from its first message until the session is idle again, so transactions never mix.
 */
import { readFileSync } from 'node:fs';
import { Duplex } from 'node:stream';
import { Worker } from 'node:worker_threads';
import { workerScript } from '../workers/script';
import {
	cut,
	refusal,
	simpleQuery,
	welcome,
	type FromDatabase,
	type Opening,
	type ToDatabase
} from './wire';

/** `owner` is the superuser of the folder; `api` owns nothing, so that no grant can be made through it. */
export type Who = 'owner' | 'api';

/** Frames of one connection; or, without a connection, work that needs the session for itself. */
type Job =
	| { socket: VirtualSocket; bytes: Buffer; deadline: number }
	| { socket: null; run: () => Promise<void> };
type Answer = { bytes: Uint8Array; ready: string };
type Waiting = { resolve: (answer: Answer) => void; reject: (error: Error) => void };

/** Longer than a query may take: a copy of everything, asked for by the server itself. */
const dumpLimit = 120_000;
/** A transaction nobody goes on with would keep everybody else waiting. */
const idleInTransaction = 15_000;

class Cut extends Error {
	constructor(
		readonly code: '57014' | '57P02',
		message: string
	) {
		super(message);
	}
}

export class Database {
	#worker: Worker | undefined;
	#thread: string | null = null;
	#opening: Promise<void> | undefined;
	#ending: Promise<void> = Promise.resolve();
	#waiting: Job[] = [];
	#owner: VirtualSocket | undefined;
	#busy = false;
	#who: Who = 'owner';
	#next = 1;
	#closed = false;
	#pending = new Map<number, Waiting>();
	#idle: NodeJS.Timeout | undefined;
	/** Called when the folder was opened again after a loss. */
	onReopen: (() => Promise<void>) | undefined;
	/** How often a runaway query made the thread start again. */
	restarts = 0;
	/** Milliseconds a batch may take; raised while a known long piece of work runs. */
	deadline: number;

	constructor(
		private readonly opening: Opening,
		private readonly options: {
			deadline: number;
			onNotice: (channel: string, payload: string) => void;
		}
	) {
		this.deadline = options.deadline;
	}

	open(): Promise<void> {
		this.#opening ??= this.#ending.then(() => this.#start());
		return this.#opening;
	}

	#start(): Promise<void> {
		return new Promise((resolve, reject) => {
			const worker = new Worker(workerScript('database'), { workerData: this.opening });
			this.#worker = worker;
			let open = false;
			worker.on('message', (message: FromDatabase) => {
				if (message.kind === 'open') {
					open = true;
					this.#thread = message.thread;
					// Only into a new folder; the next thread finds one.
					delete this.opening.loadFrom;
					resolve();
				} else this.#heard(message);
			});
			const ended = (why: string) => {
				reject(new Error(why));
				this.#lost(worker, new Cut('57P02', why), open);
			};
			worker.on('error', (error) => ended(`database thread: ${error.message}`));
			worker.on('exit', () => ended('the database thread ended'));
		});
	}

	/**
	 * A socket for postgres.js (`socket:` option); use it with `prepare: false`, for the session may change.
	 * `deadline`: milliseconds, for a connection whose batches may take longer than everybody's.
	 */
	socket(who: Who, deadline = 0): VirtualSocket {
		const socket = new VirtualSocket(
			who,
			(bytes) => this.#enqueue({ socket, bytes, deadline }),
			() => this.#gone(socket)
		);
		return socket;
	}

	/** A copy of the folder, taken between two transactions. */
	dump(): Promise<Uint8Array> {
		return new Promise((resolve, reject) => {
			const run = () =>
				this.#ask((id) => ({ kind: 'dump', id }), dumpLimit).then(
					({ bytes }) => resolve(bytes),
					reject
				);
			this.#enqueue({ socket: null, run });
		});
	}

	async close(): Promise<void> {
		if (this.#closed) return;
		this.#closed = true;
		const worker = this.#worker;
		if (!worker) return;
		await new Promise<void>((resolve) => {
			const timer = setTimeout(resolve, 5000);
			worker.on('message', (m: FromDatabase) => {
				if (m.kind === 'closed') {
					clearTimeout(timer);
					resolve();
				}
			});
			this.#tell({ kind: 'close' });
		});
		await worker.terminate();
	}

	#tell(message: ToDatabase): void {
		this.#worker?.postMessage(message);
	}

	#heard(message: FromDatabase): void {
		if (message.kind === 'notice') this.options.onNotice(message.channel, message.payload);
		if (message.kind === 'answer' || message.kind === 'dumped') {
			const waiting = this.#pending.get(message.id);
			this.#pending.delete(message.id);
			waiting?.resolve({
				bytes: message.bytes,
				ready: message.kind === 'answer' ? message.ready : ''
			});
		}
	}

	#enqueue(job: Job): void {
		this.#waiting.push(job);
		void this.#work();
	}

	/** A connection went away in the middle of a transaction: what it had begun is rolled back. */
	#gone(socket: VirtualSocket): void {
		this.#waiting = this.#waiting.filter((job) => job.socket !== socket);
		if (this.#owner === socket && !this.#busy) void this.#rollBack();
	}

	async #rollBack(): Promise<void> {
		this.#busy = true;
		await this.#query('rollback').catch(() => undefined);
		this.#owner = undefined;
		this.#busy = false;
		void this.#work();
	}

	async #work(): Promise<void> {
		if (this.#busy || this.#closed) return;
		const index = this.#owner ? this.#waiting.findIndex((job) => job.socket === this.#owner) : 0;
		const job = this.#waiting[index];
		if (!job) return;
		this.#busy = true;
		clearTimeout(this.#idle);
		this.#waiting.splice(index, 1);
		if (job.socket) await this.#serve(job.socket, job.bytes, job.deadline);
		else await this.open().then(job.run, () => undefined);
		this.#busy = false;
		if (this.#owner?.destroyed) await this.#rollBack();
		void this.#work();
	}

	async #serve(socket: VirtualSocket, bytes: Buffer, deadline: number): Promise<void> {
		// What it had begun went with the old session: only its rollback may pass.
		if (socket.lost && !/rollback/i.test(bytes.toString('latin1'))) {
			socket.push(
				refusal(bytes, '25P02', 'the transaction was lost with the database thread', 'E')
			);
			return;
		}
		socket.lost = false;
		try {
			await this.open();
			if (!this.#owner) await this.#become(socket.who);
			const { bytes: answer, ready } = await this.#ask(
				(id) => ({ kind: 'frames', id, bytes }),
				Math.max(deadline, this.deadline)
			);
			if (answer.length)
				socket.push(Buffer.from(answer.buffer, answer.byteOffset, answer.byteLength));
			if (ready) socket.inTransaction = ready !== 'I';
			this.#owner = ready === 'I' ? undefined : socket;
			if (this.#owner) {
				this.#idle = setTimeout(() => {
					if (this.#owner === socket && !this.#busy)
						socket.destroy(new Error('transaction left open'));
				}, idleInTransaction);
				this.#idle.unref();
			}
		} catch (error) {
			// In a transaction when the session ended? Then it stays failed until the client rolls back.
			socket.lost = socket.inTransaction;
			socket.inTransaction = false;
			this.#owner = undefined;
			const { code, message } = error instanceof Cut ? error : new Cut('57P02', String(error));
			socket.push(refusal(bytes, code, message, socket.lost ? 'E' : 'I'));
		}
	}

	async #become(who: Who): Promise<void> {
		if (this.#who === who) return;
		await this.#query(
			`set session authorization ${who === 'api' ? 'xiangtu_authenticator' : 'postgres'}`
		);
		this.#who = who;
	}

	#query(sql: string): Promise<Answer> {
		return this.#ask((id) => ({ kind: 'frames', id, bytes: simpleQuery(sql) }), this.deadline);
	}

	#ask(message: (id: number) => ToDatabase, limit: number): Promise<Answer> {
		const id = this.#next++;
		const worker = this.#worker;
		const before = this.#starved();
		let added = 0;
		return new Promise<Answer>((resolve, reject) => {
			// The time for which it wanted a core and got none is not the query's, but three times over is the end.
			const late = () => {
				if (!this.#pending.has(id)) return;
				const more = Math.min(this.#starved() - before, 2 * limit) - added;
				if (more >= 20) {
					added += more;
					timer = setTimeout(due, more);
					return;
				}
				this.restarts++;
				if (worker)
					this.#lost(worker, new Cut('57014', `canceled: took longer than ${limit} ms`), true);
			};
			// An answer that came while this thread was busy is read first.
			const due = () => setImmediate(late);
			let timer = setTimeout(due, limit);
			const settled = () => clearTimeout(timer);
			this.#pending.set(id, {
				resolve: (answer) => (settled(), resolve(answer)),
				reject: (error) => (settled(), reject(error))
			});
			this.#tell(message(id));
		});
	}

	/** Milliseconds for which the thread has waited for a core (proc(5), schedstat); 0 where the system does not say. */
	#starved(): number {
		if (!this.#thread) return 0;
		try {
			const said = readFileSync(`/proc/self/task/${this.#thread}/schedstat`, 'latin1');
			return Number(said.split(' ')[1]) / 1e6;
		} catch {
			return 0;
		}
	}

	/**
	 * The thread is gone. Only what was being answered fails; connections stay, those waiting go on in the
	 * new session. (Closing them instead makes postgres.js 3.4.8 hang until its connect timeout: a write
	 * that was scheduled when the socket closed is never scheduled again.)
	 */
	#lost(worker: Worker, cut: Cut, reopen: boolean): void {
		if (worker !== this.#worker) return;
		this.#worker = undefined;
		this.#opening = undefined;
		this.#who = 'owner';
		// The folder may be opened again only when the old thread is surely gone.
		this.#ending = worker.terminate().then(() => undefined);
		const pending = [...this.#pending.values()];
		this.#pending.clear();
		if (!this.#closed && reopen) {
			this.open()
				.then(() => this.onReopen?.())
				.catch(() => undefined);
		}
		for (const waiting of pending) waiting.reject(cut);
		// Between two of its statements: the next one finds out.
		if (!pending.length && this.#owner) {
			this.#owner.lost = this.#owner.inTransaction;
			this.#owner.inTransaction = false;
			this.#owner = undefined;
		}
	}
}

/** One virtual connection: answers the start-up packet itself, passes everything else on. */
export class VirtualSocket extends Duplex {
	#read: Buffer = Buffer.alloc(0);
	#started = false;
	inTransaction = false;
	/** Its transaction ended with the session it was begun in. */
	lost = false;
	readonly readyState = 'open';

	constructor(
		readonly who: Who,
		private readonly onbytes: (bytes: Buffer) => void,
		private readonly ongone: () => void
	) {
		super({ allowHalfOpen: false });
	}

	override _read(): void {}

	override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
		this.#read = Buffer.concat([this.#read, chunk]);
		const batch: Buffer[] = [];
		for (let next = cut(this.#read, this.#started); next; next = cut(this.#read, this.#started)) {
			this.#read = next.rest;
			if (!this.#started) {
				this.#started = true;
				// Later: an answer inside write() would be lost on a client that writes from its data handler.
				setImmediate(() => this.push(welcome));
			} else if (next.message[0] === 0x58) {
				this.end();
			} else {
				batch.push(next.message);
			}
		}
		if (batch.length) this.onbytes(Buffer.concat(batch));
		done();
	}

	override _final(done: (error?: Error | null) => void): void {
		this.push(null);
		done();
	}

	override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
		this.ongone();
		done(error);
	}

	override end(...args: unknown[]): this {
		if (args[0] instanceof Error) {
			this.push(null);
			this.destroy();
			return this;
		}
		return super.end(...(args as []));
	}

	setKeepAlive(): this {
		return this;
	}
	setNoDelay(): this {
		return this;
	}
}
