/**
 * The embedded PostgreSQL: one session in a thread, shared by many virtual connections. A connection
 * owns the session from its first message until the session is idle again, so transactions never mix.
 */
import { Duplex } from 'node:stream';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import {
	cut,
	errorFrame,
	frame,
	simpleQuery,
	welcome,
	type FromDatabase,
	type Opening,
	type ToDatabase
} from './wire';

/** `owner` is the superuser of the folder; `api` owns nothing, so that no grant can be made through it. */
export type Who = 'owner' | 'api';

type Job = { socket: VirtualSocket; bytes: Buffer };

export class Database {
	#worker: Worker | undefined;
	#opening: Promise<void> | undefined;
	#ending: Promise<void> = Promise.resolve();
	#waiting: Job[] = [];
	#owner: VirtualSocket | undefined;
	#busy = false;
	#who: Who = 'owner';
	#next = 1;
	#timer: NodeJS.Timeout | undefined;
	#closed = false;
	#pending = new Map<number, (bytes: Uint8Array, ready: string) => void>();
	#sockets = new Set<VirtualSocket>();
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
			const worker = new Worker(
				path.resolve(process.env.XT_WORKERS ?? 'build/workers', 'database.js'),
				{ workerData: this.opening }
			);
			this.#worker = worker;
			worker.on('message', (message: FromDatabase) => {
				if (message.kind === 'open') resolve();
				else this.#heard(message);
			});
			worker.on('error', (error) => {
				reject(error);
				this.#lost(worker, `database thread: ${error.message}`);
			});
			worker.on('exit', () => {
				reject(new Error('the database thread ended'));
				this.#lost(worker, 'the database thread ended');
			});
		});
	}

	/** A socket for postgres.js (`socket:` option). */
	socket(who: Who): VirtualSocket {
		const socket = new VirtualSocket(
			who,
			(bytes) => this.#enqueue(socket, bytes),
			() => this.#gone(socket)
		);
		this.#sockets.add(socket);
		return socket;
	}

	async dump(): Promise<Uint8Array> {
		await this.open();
		const id = this.#next++;
		return new Promise((resolve) => {
			this.#pending.set(id, (bytes) => resolve(bytes));
			this.#tell({ kind: 'dump', id });
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
			const then = this.#pending.get(message.id);
			this.#pending.delete(message.id);
			then?.(message.bytes, message.kind === 'answer' ? message.ready : '');
		}
	}

	#enqueue(socket: VirtualSocket, bytes: Buffer): void {
		this.#waiting.push({ socket, bytes });
		void this.#work();
	}

	/** A connection went away in the middle of a transaction: what it had begun is rolled back. */
	#gone(socket: VirtualSocket): void {
		this.#sockets.delete(socket);
		this.#waiting = this.#waiting.filter((job) => job.socket !== socket);
		if (this.#owner === socket && !this.#busy) void this.#rollBack();
	}

	async #rollBack(): Promise<void> {
		this.#busy = true;
		await this.#ask(simpleQuery('rollback')).catch(() => undefined);
		this.#owner = undefined;
		this.#busy = false;
		void this.#work();
	}

	async #work(): Promise<void> {
		if (this.#busy) return;
		const index = this.#owner ? this.#waiting.findIndex((job) => job.socket === this.#owner) : 0;
		const job = this.#waiting[index];
		if (!job) return;
		this.#busy = true;
		clearTimeout(this.#idle);
		this.#waiting.splice(index, 1);
		try {
			await this.open();
			if (!this.#owner) {
				if (this.#who !== job.socket.who) {
					await this.#ask(
						simpleQuery(
							job.socket.who === 'api'
								? 'set session authorization xiangtu_authenticator'
								: 'set session authorization postgres'
						)
					);
					this.#who = job.socket.who;
				}
				this.#owner = job.socket;
			}
			const { bytes, ready } = await this.#ask(job.bytes);
			if (bytes.length)
				job.socket.push(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
			if (ready === 'I') this.#owner = undefined;
			else {
				// Held open by somebody who asks no more: everybody else would wait for ever.
				this.#idle = setTimeout(
					() =>
						this.#owner === job.socket &&
						!this.#busy &&
						job.socket.destroy(new Error('transaction left open')),
					15_000
				);
				this.#idle.unref();
			}
			this.#busy = false;
			if (job.socket.destroyed && this.#owner === job.socket) void this.#rollBack();
		} catch {
			this.#busy = false;
		}
		void this.#work();
	}

	#ask(bytes: Buffer): Promise<{ bytes: Uint8Array; ready: string }> {
		const id = this.#next++;
		return new Promise((resolve, reject) => {
			const worker = this.#worker;
			this.#timer = setTimeout(() => {
				this.restarts++;
				this.#owner?.push(
					Buffer.concat([
						errorFrame('57014', `canceled: took longer than ${this.deadline} ms`),
						frame('Z', Buffer.from('I'))
					])
				);
				if (worker) this.#lost(worker, 'the database thread was stopped');
				reject(new Error('deadline'));
			}, this.deadline);
			this.#pending.set(id, (answer, ready) => {
				clearTimeout(this.#timer);
				resolve({ bytes: answer, ready });
			});
			this.#tell({ kind: 'frames', id, bytes });
		});
	}

	/** The thread is gone: connections break (postgres.js reconnects) and the folder is opened again. */
	#lost(worker: Worker, why: string): void {
		if (worker !== this.#worker || this.#closed) return;
		clearTimeout(this.#timer);
		// The folder may be opened again only when the old thread is surely gone.
		this.#ending = worker.terminate().then(() => undefined);
		this.#worker = undefined;
		this.#opening = undefined;
		this.#pending.clear();
		this.#owner = undefined;
		this.#who = 'owner';
		this.#busy = false;
		const sockets = [...this.#sockets];
		this.#waiting = [];
		this.#sockets.clear();
		for (const socket of sockets) setImmediate(() => socket.end(new Error(why)));
		this.open()
			.then(() => this.onReopen?.())
			.catch(() => undefined);
	}
}

/** One virtual connection: answers the start-up packet itself, passes everything else on. */
export class VirtualSocket extends Duplex {
	#read: Buffer = Buffer.alloc(0);
	#started = false;
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
