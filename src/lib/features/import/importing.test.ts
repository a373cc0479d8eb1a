import { expect, test, vi } from 'vitest';
import { Importing } from './importing.svelte';

const file = new File(['x'], 'a/台账.csv');
const answer = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status });
const draft = { files: [], layers: [], problems: [] };

test('reads, stores under one id, and says when it is done', async () => {
	const sent: { url: string; form: FormData }[] = [];
	const onchanged = vi.fn();
	const work = new Importing({
		townshipId: 't',
		box: [106, 30, 107, 31],
		onchanged,
		fetch: (async (url: string, init: RequestInit) => {
			sent.push({ url, form: init.body as FormData });
			if (url.endsWith('read')) return answer(draft);
			return sent.length === 2
				? answer({ code: 'imported_before', detail: '2026-11-01' }, 403)
				: answer({ outcome: 'applied', counts: {} });
		}) as typeof fetch
	});
	await work.read([file], {});
	expect(work.phase).toBe('preview');
	expect(JSON.parse(String(sent[0]!.form.get('settings'))).box).toEqual([106, 30, 107, 31]);
	await work.accept({ skip: ['l'], title: '台账' });
	expect(work).toMatchObject({
		phase: 'failed',
		failure: { code: 'imported_before', during: 'applying' }
	});
	await work.accept({ skip: ['l'], title: '台账' }, { again: true });
	expect(work.phase).toBe('done');
	expect(sent[2]!.form.get('import_id')).toBe(sent[1]!.form.get('import_id'));
	expect(sent[2]!.form.get('again')).toBe('true');
	expect(JSON.parse(String(sent[2]!.form.get('settings'))).layers.l.skip).toBe(true);
	expect(onchanged).toHaveBeenCalledOnce();
});

test('no answer is a failure in words, and the preview stays', async () => {
	let cable = true;
	const work = new Importing({
		townshipId: 't',
		fetch: (async () => {
			if (cable) return answer(draft);
			throw new TypeError('failed to fetch');
		}) as typeof fetch
	});
	await work.read([file], {});
	cable = false;
	await work.accept({ skip: [], title: '' });
	expect(work.failure?.code).toBe('offline');
	work.back();
	expect(work.phase).toBe('preview');
});

test('the answer to an older question is thrown away', async () => {
	const answers: ((r: Response) => void)[] = [];
	const work = new Importing({
		townshipId: 't',
		fetch: (() => new Promise<Response>((resolve) => answers.push(resolve))) as typeof fetch
	});
	const first = work.read([file], {});
	const second = work.read([file], { today: '2026-01-01' });
	answers[1]!(answer({ ...draft, problems: ['new'] }));
	await second;
	answers[0]!(answer({ ...draft, problems: ['old'] }));
	await first;
	expect(work.draft?.problems).toEqual(['new']);
});
