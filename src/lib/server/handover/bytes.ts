import { createReadStream } from 'node:fs';

export type Chunks = AsyncIterable<Uint8Array>;

/** Takes so many bytes at a time from pieces of any size. */
export class Bytes {
	#source: AsyncIterator<Uint8Array>;
	#have: Uint8Array = new Uint8Array();
	#ended = false;

	constructor(source: Chunks) {
		this.#source = source[Symbol.asyncIterator]();
	}

	/** Exactly `n` bytes; fewer only where the source ends. */
	async take(n: number): Promise<Uint8Array> {
		if (this.#have.length >= n) {
			const out = this.#have.subarray(0, n);
			this.#have = this.#have.subarray(n);
			return out;
		}
		const parts = [this.#have];
		let length = this.#have.length;
		while (length < n && !this.#ended) {
			const { done, value } = await this.#source.next();
			if (done) this.#ended = true;
			else {
				parts.push(value);
				length += value.length;
			}
		}
		const all = Buffer.concat(parts);
		this.#have = all.subarray(n);
		return all.subarray(0, n);
	}

	/** Whoever makes the pieces may stop. */
	async close(): Promise<void> {
		this.#ended = true;
		await this.#source.return?.();
	}

	async atEnd(): Promise<boolean> {
		while (!this.#have.length && !this.#ended) {
			const { done, value } = await this.#source.next();
			if (done) this.#ended = true;
			else this.#have = value;
		}
		return !this.#have.length;
	}
}

export const fileChunks = (file: string): Chunks =>
	createReadStream(file, { highWaterMark: 1024 * 1024 }) as Chunks;
