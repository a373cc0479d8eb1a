import { createHash } from 'node:crypto';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Failure } from '$lib/data/client';

export type Spooled = { file: string; bytes: number; sha256: string; remove: () => Promise<void> };

/**
 * A body written to a file of its own as it comes, hashed on the way: many slow phones at once cost disk, not
 * memory. Throws `Failure`: `too_large` where it is longer than `most`, `cut` where the line broke.
 */
export async function spool(
	body: ReadableStream<Uint8Array> | null,
	most: number,
	cut: 'photo_cut' | 'document_cut'
): Promise<Spooled> {
	const { file, remove } = await place();
	const hash = createHash('sha256');
	let bytes = 0;
	try {
		const handle = await open(file, 'wx', 0o600);
		try {
			if (body)
				for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
					bytes += chunk.byteLength;
					// What is too long is read on without being kept, so that the answer arrives.
					if (bytes > most) continue;
					hash.update(chunk);
					await handle.write(chunk);
				}
			if (bytes > most) throw new Failure('too_large', String(most), 413);
		} finally {
			await handle.close();
		}
	} catch (error) {
		await remove();
		if (error instanceof Failure) throw error;
		// The line was cut, or SvelteKit's own limit.
		if ((error as { status?: number }).status === 413) throw new Failure('too_large', '', 413);
		throw new Failure(cut, '', 400);
	}
	return { file, bytes, sha256: hash.digest('hex'), remove };
}

/** Reads a refused body to its end, keeping nothing: an answer given before that reaches a browser as a broken line. */
export async function drain(body: ReadableStream<Uint8Array> | null): Promise<void> {
	if (!body || body.locked) return;
	try {
		for await (const _ of body as unknown as AsyncIterable<Uint8Array>);
	} catch {
		// Cut off, or longer than anything we take: nobody is listening then.
	}
}

/** Bytes we hold already, for the process that reads files. */
export async function spoolBytes(bytes: Uint8Array): Promise<Pick<Spooled, 'file' | 'remove'>> {
	const at = await place();
	await writeFile(at.file, bytes, { mode: 0o600, flag: 'wx' });
	return at;
}

async function place() {
	const folder = await mkdtemp(path.join(tmpdir(), 'xt-body-'));
	return {
		file: path.join(folder, 'body'),
		remove: () => rm(folder, { recursive: true, force: true })
	};
}
