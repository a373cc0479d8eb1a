import { z } from 'zod';
import { useQuota } from '$lib/data/accounts';
import { readFormFacts } from '$lib/data/forms';
import { fillingOf } from '$lib/geo/form/filling';
import { keyOf, propose } from '$lib/geo/form/propose';
import { refuse } from '$lib/server/answer';
import { Failure } from '$lib/data/client';
import { fillFormFile, readFormFile } from '$lib/server/forms/process';
import { periodOf } from '$lib/server/forms/period';
import { needTownship } from '$lib/server/guards';
import type { RequestHandler } from './$types';
import { chinaDay } from '$lib/domain/day';

const mappings = z.record(z.string().max(20), z.string().max(80)).nullable();

/** The same file with its cells filled: which code goes where is asked, what it is worth is looked up here. */
export const POST: RequestHandler = async (event) => {
	if (!event.locals.account) return refuse('signed_out', 401);
	const { township } = needTownship(event);
	const { db } = event.locals;
	if (!(await useQuota(db, 'form', 120))) return refuse('too_many', 429);
	const data = await event.request.formData().catch(() => null);
	const file = data?.get('file');
	const asked = mappings.safeParse(jsonOf(data?.get('mapping')));
	if (!(file instanceof File) || !asked.success) return refuse('bad_value', 400, 'form');
	const facts = await readFormFacts(
		db,
		{ id: township.id, name: township.name },
		periodOf(event.url.searchParams, chinaDay())
	);
	if (!facts) return refuse('not_found', 404);
	try {
		const bytes = new Uint8Array(await file.arrayBuffer());
		const form = await readFormFile(bytes);
		const mapping = asked.data ?? {};
		const fillings = propose(form, facts, mapping).blanks.map((b) => ({
			table: b.table,
			at: b.at,
			filling: fillingOf(b, mapping[keyOf(b)] ?? null, facts)
		}));
		const filled = await fillFormFile(bytes, fillings, data?.get('mark') === '1');
		const name = file.name.replace(/\.(xlsx|docx)$/i, '').slice(-120);
		return new Response(filled, {
			headers: {
				'Content-Type': types[form.kind],
				'Content-Disposition': `attachment; filename*=UTF-8''${encodeURIComponent(`${name}_已填.${form.kind}`)}`,
				'X-Content-Type-Options': 'nosniff',
				'Cache-Control': 'private, no-store'
			}
		});
	} catch (failure) {
		if (failure instanceof Failure) return refuse(failure.code, failure.status, failure.detail);
		throw failure;
	}
};

const types = {
	xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
	docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'
};

function jsonOf(value: unknown): unknown {
	try {
		return typeof value === 'string' ? JSON.parse(value) : undefined;
	} catch {
		return undefined;
	}
}
