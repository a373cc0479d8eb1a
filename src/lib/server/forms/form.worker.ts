import { fillForm, readForm } from '$lib/geo/form/file';
import type { Fillings } from '$lib/geo/form/form';
import { Refused } from '$lib/geo/problems';

type Ask = { bytes: Uint8Array; fill?: { fillings: Fillings; mark: boolean } };

/** A process of its own for one form: it gets the bytes over IPC, reads or fills, answers and ends. */
process.once('message', ({ bytes, fill }: Ask) => {
	let answer: object;
	try {
		answer = fill
			? { bytes: fillForm(bytes, fill.fillings, fill.mark) }
			: { form: readForm(bytes) };
	} catch (error) {
		answer =
			error instanceof Refused
				? { refused: error.code, detail: String(error.details.limit ?? error.details.name ?? '') }
				: { refused: 'form_broken' };
	}
	process.send?.(answer, undefined, undefined, () => process.exit(0));
});
process.once('disconnect', () => process.exit(0));
