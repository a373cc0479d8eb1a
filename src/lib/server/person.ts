import type { ErasureReason, Sought } from '$lib/domain/audit';
import { erasureReasons } from '$lib/domain/audit';

/** Whom somebody looks for, out of a form; null where it names nobody. */
export function readSought(form: FormData): Sought | null {
	const text = (name: string) => String(form.get(name) ?? '').trim();
	const name = text('name').slice(0, 40);
	const phone = text('phone').slice(0, 40);
	const reason = text('reason') as ErasureReason;
	const digits = phone.replace(/[^0-9０-９]/g, '').length;
	if (!erasureReasons.includes(reason) || (name.length < 2 && digits < 7)) return null;
	return { name, phone, reason };
}
