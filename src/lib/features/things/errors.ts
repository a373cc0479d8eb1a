import * as m from '$lib/i18n/paraglide/messages';
import type { FormError } from './drafts';

const words: Record<FormError, () => string> = {
	needed: m.things_err_needed,
	number: m.things_err_number,
	too_long: m.things_err_too_long,
	too_big: m.things_err_too_big,
	day: m.things_err_day,
	geometry: m.things_err_geometry,
	value: m.things_err_value
};
export const errorWord = (error: FormError | undefined): string | null =>
	error ? words[error]() : null;
