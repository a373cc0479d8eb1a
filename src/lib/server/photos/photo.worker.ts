import { readFile } from 'node:fs/promises';
import type { Box } from '$lib/domain/photo';
import { develop, lockDown, redact } from './develop';
import { Refused } from './format';

/**
 * A process of its own for one photo (security.md 3.8): it reads the one file it is named, decodes, answers
 * and ends. It watches its own size, because a picture's cost cannot always be told from its first bytes.
 */
export type Order = { file: string; boxes?: Box[]; memoryMb: number };

lockDown();
process.once('message', async ({ file, boxes, memoryMb }: Order) => {
	const answer = (value: unknown) =>
		process.send?.(value, undefined, undefined, () => process.exit(0));
	setInterval(() => {
		if (process.memoryUsage.rss() > memoryMb * 1024 * 1024)
			answer({ refused: 'photo_too_heavy', detail: '' });
	}, 25).unref();
	try {
		const bytes = await readFile(file);
		answer({ developed: boxes ? await redact(bytes, boxes) : await develop(bytes) });
	} catch (error) {
		answer(
			error instanceof Refused
				? { refused: error.code, detail: error.detail }
				: { refused: 'photo_damaged', detail: '' }
		);
	}
});
// Without its parent there is nobody to answer.
process.once('disconnect', () => process.exit(0));
