import { fail, redirect, type RequestEvent } from '@sveltejs/kit';
import { Failure } from '$lib/data/client';
import { answerByShare } from '$lib/data/officials';
import { shareWords } from '$lib/domain/officialops';
import { isPublicId } from '$lib/domain/share';
import { backend } from '../backend';
import { doorOf } from './cookies';

const kept = ['do', 'id', 'about', 'text', 'name', 'office', 'due_on'] as const;

/** What a reader's plain form says, as the database takes it; null for nonsense. */
function read(values: Partial<Record<(typeof kept)[number], string>>) {
	const { about = '', due_on, ...rest } = values;
	const [what, kind, on] = about.split('.');
	const said =
		rest.do === 'leave'
			? { ...rest, what, kind, on, ...(due_on ? { due_on } : {}) }
			: { do: rest.do, id: rest.id, ...(rest.text ? { text: rest.text } : {}) };
	const read = shareWords.safeParse(said);
	return read.success ? read.data : null;
}

/** Which of the fields that a person fills is missing or too long; the database says the rest. */
function whyNot(values: Record<string, string>): string {
	if (values.do === 'return' && !values.text?.trim()) return 'reason_needed';
	if (values.do !== 'leave') return 'bad_value';
	if (!values.text?.trim()) return 'text_needed';
	if (values.text.length > 1000) return 'text_too_long';
	return values.name?.trim() && values.office?.trim() ? 'bad_value' : 'name_needed';
}

/** A reader leaves an instruction or answer behind an open door, or follows one up. */
export async function takeAnswer(event: RequestEvent & { params: { id: string } }) {
	const { id } = event.params;
	const form = await event.request.formData();
	const values = Object.fromEntries(
		kept.flatMap((name) => {
			const said = form.get(name);
			return typeof said === 'string' ? [[name, said.slice(0, 2000)]] : [];
		})
	);
	const words = read(values);
	try {
		if (!words) throw new Failure(whyNot(values), '', 400);
		if (!isPublicId(id)) throw new Failure('share_closed', '', 403);
		await answerByShare(backend().admin, id, doorOf(event, id), words);
	} catch (failure) {
		if (!(failure instanceof Failure) || failure.status >= 500) throw failure;
		// The gate says it: one answer for everything that is shut.
		if (failure.code === 'share_closed') redirect(303, `/s/${id}?closed`);
		return fail(failure.status, { code: failure.code, values });
	}
	redirect(303, `/s/${id}?answered#answers`);
}
