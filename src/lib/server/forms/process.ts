import { Failure } from '$lib/data/client';
import { formLimits, type Fillings, type Form } from '$lib/geo/form/form';
import { askChild } from '../workers/child';
import { workerScript } from '../workers/script';

type Answer = { form: Form } | { bytes: Uint8Array } | { refused: string; detail?: string };

const ask = (message: object) =>
	askChild<Answer>(message, { script: workerScript('form') }, (why) => ({
		refused: why === 'timeout' ? 'too_slow' : 'form_broken'
	}));

/** Reads a form beside this process. Throws `Failure` with what is wrong with the file. */
export async function readFormFile(bytes: Uint8Array): Promise<Form> {
	if (bytes.length > formLimits.bytes)
		throw new Failure('file_too_large', String(formLimits.bytes), 413);
	const answer = await ask({ bytes });
	if ('form' in answer) return answer.form;
	throw refusal(answer);
}

export async function fillFormFile(
	bytes: Uint8Array,
	fillings: Fillings,
	mark: boolean
): Promise<Uint8Array<ArrayBuffer>> {
	const answer = await ask({ bytes, fill: { fillings, mark } });
	if ('bytes' in answer) return new Uint8Array(answer.bytes);
	throw refusal(answer);
}

const refusal = (answer: Answer): Failure =>
	'refused' in answer
		? new Failure(answer.refused, answer.detail ?? '', 422)
		: new Failure('form_broken', '', 422);
