import type { InputFile, Settings } from '$lib/geo/draft';
import { readFiles } from '$lib/geo/read';

/**
 * A process of its own for one import (security.md 3.7): it gets the bytes over IPC, reads, answers and
 * ends. It opens no file and no connection.
 */
process.once('message', async ({ files, settings }: { files: InputFile[]; settings: Settings }) => {
	const draft = await readFiles(files, settings);
	process.send?.(draft, undefined, undefined, () => process.exit(0));
});
// Without its parent there is nobody to answer.
process.once('disconnect', () => process.exit(0));
