/** Files on disk under the data folder, one per bucket and key. Lite's `version` differs between up- and download: ignored. */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { App } from '@supabase/lite';

export type StorageAdapter = NonNullable<App['_storageAdapter']>;
type Metadata = Awaited<ReturnType<StorageAdapter['headObject']>>;

export class Disk implements StorageAdapter {
	driver = null;

	constructor(private readonly root: string) {}

	/** Keys come from requests: whatever does not stay inside the folder is refused. */
	#file(bucket: string, key: string): string {
		const file = path.resolve(this.root, bucket, key);
		if (!file.startsWith(path.resolve(this.root) + path.sep) || /[\0\\]/.test(bucket + key))
			throw new Error('bad path');
		return file;
	}

	async #metadata(file: string): Promise<Metadata> {
		const { size, mtime } = await stat(file);
		return {
			cacheControl: 'no-store',
			contentLength: size,
			size,
			mimetype: 'application/octet-stream',
			lastModified: mtime,
			eTag: `"${size}-${mtime.getTime()}"`,
			httpStatusCode: 200
		};
	}

	async getObject(
		bucket: string,
		key: string
	): Promise<Awaited<ReturnType<StorageAdapter['getObject']>>> {
		const file = this.#file(bucket, key);
		return {
			metadata: await this.#metadata(file),
			httpStatusCode: 200,
			body: await readFile(file)
		};
	}

	async uploadObject(
		bucket: string,
		key: string,
		_version: string | undefined,
		body: ReadableStream | Buffer | Uint8Array
	): Promise<Metadata> {
		const file = this.#file(bucket, key);
		const bytes =
			body instanceof Uint8Array
				? body
				: Buffer.from(await new Response(body as ReadableStream).arrayBuffer());
		await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
		const fresh = `${file}.${createHash('sha256').update(`${process.hrtime.bigint()}`).digest('hex').slice(0, 8)}.new`;
		const handle = await open(fresh, 'w', 0o600);
		try {
			await handle.writeFile(bytes);
			await handle.sync();
		} finally {
			await handle.close();
		}
		await rename(fresh, file);
		return this.#metadata(file);
	}

	async deleteObject(bucket: string, key: string): Promise<void> {
		await rm(this.#file(bucket, key), { force: true });
	}

	async deleteObjects(bucket: string, prefixes: string[]): Promise<void> {
		for (const prefix of prefixes) await this.deleteObject(bucket, prefix);
	}

	async copyObject(
		fromBucket: string,
		from: string,
		_v: string | undefined,
		toBucket: string,
		to: string
	) {
		const target = this.#file(toBucket, to);
		await mkdir(path.dirname(target), { recursive: true, mode: 0o700 });
		await copyFile(this.#file(fromBucket, from), target, constants.COPYFILE_EXCL);
		const { eTag, lastModified } = await this.#metadata(target);
		return { httpStatusCode: 200, eTag, ...(lastModified ? { lastModified } : {}) };
	}

	async headObject(bucket: string, key: string): Promise<Metadata> {
		return this.#metadata(this.#file(bucket, key));
	}

	async privateAssetUrl(bucket: string, key: string): Promise<string> {
		return this.#file(bucket, key);
	}
}
