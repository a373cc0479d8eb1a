import { error, fail } from '@sveltejs/kit';
import { erasePerson, searchPerson } from '$lib/data/audit';
import { Failure } from '$lib/data/client';
import { newId } from '$lib/domain/op';
import { backend } from '$lib/server/backend';
import { needRight, needTownship } from '$lib/server/guards';
import { eraseFiles, searchFiles } from '$lib/server/personfiles';
import { readSought } from '$lib/server/person';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = (event) => {
	const { account, township } = needTownship(event);
	needRight(account, 'manage', township);
	return {};
};

export const actions: Actions = {
	search: async (event) => {
		const { township } = needTownship(event);
		const sought = readSought(await event.request.formData());
		if (!sought) return fail(400, { code: 'bad_value' });
		try {
			const traces = await backend().relaxed(60_000, () =>
				searchPerson(event.locals.db, township.id, sought)
			);
			return { sought, traces: [...traces, ...(await searchFiles(township.id, sought))] };
		} catch (failure) {
			if (failure instanceof Failure) return fail(failure.status, { code: failure.code });
			throw failure;
		}
	},
	erase: async (event) => {
		const { account, township } = needTownship(event);
		needRight(account, 'manage', township);
		const form = await event.request.formData();
		const sought = readSought(form);
		const cells = form.getAll('cell').map(String).slice(0, 5000);
		if (!sought || !cells.length) return fail(400, { code: 'bad_value' });
		const { relaxed, tombstones } = backend();
		const id = newId();
		const all = form.get('all') === String(cells.length);
		// First the tombstone: what fails half-way is carried through at the next start.
		await tombstones.add(id, township.id, sought.name, sought.phone, all ? null : cells);
		try {
			const done = await relaxed(60_000, () =>
				erasePerson(event.locals.db, township.id, { ...sought, id, cells })
			);
			const files = await eraseFiles(township.id, cells);
			return { erased: (done.cells ?? 0) + files };
		} catch (failure) {
			await tombstones.withdraw(id);
			if (failure instanceof Failure) return fail(failure.status, { code: failure.code });
			error(503, { message: 'unavailable', code: 'unavailable' });
		}
	}
};
