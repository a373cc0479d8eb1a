import type { ImportDone } from '$lib/domain/import';
import { newId } from '$lib/domain/op';
import type { Draft, Settings } from '$lib/geo/draft';
import { limits } from '$lib/geo/limits';

export type Phase = 'idle' | 'reading' | 'preview' | 'applying' | 'done' | 'failed';
export type ImportFailure = {
	code: string;
	detail: string;
	during: 'reading' | 'applying' | 'undoing';
};

type Options = {
	townshipId: string;
	/** West, south, east, north of what is known of the township. */
	box?: [number, number, number, number] | null;
	/** After something was stored or taken back. */
	onchanged?: () => unknown;
	fetch?: typeof fetch;
};

/** One import from drop to undo. The files stay here until they are stored: nothing is kept on the way. */
export class Importing {
	#phase = $state<Phase>('idle');
	#draft = $state.raw<Draft | null>(null);
	#failure = $state.raw<ImportFailure | null>(null);
	#done = $state.raw<{ id: string; counts: ImportDone['counts'] } | null>(null);
	#files: File[] = [];
	#settings: Settings = {};
	#importId = newId();
	#turn = 0;

	constructor(private readonly options: Options) {}

	get phase() {
		return this.#phase;
	}
	get draft() {
		return this.#draft;
	}
	get failure() {
		return this.#failure;
	}
	get done() {
		return this.#done;
	}

	/** Reads the files; the answer to an older question is thrown away. */
	async read(files: File[], settings: Settings): Promise<void> {
		const turn = ++this.#turn;
		const { box } = this.options;
		this.#files = files;
		this.#settings = { ...settings, ...(box ? { box } : {}) };
		this.#failure = null;
		if (files.length === 0) return this.reset();
		if (files.reduce((sum, f) => sum + f.size, 0) > limits.bytes)
			return this.#fail('too_large', '', 'reading');
		this.#phase = 'reading';
		try {
			const draft = await this.#post<Draft>('read', this.#form());
			if (turn !== this.#turn) return;
			this.#draft = draft;
			this.#phase = 'preview';
		} catch (failure) {
			if (turn === this.#turn) this.#caught(failure, 'reading');
		}
	}

	/** Stores what was read. The same id every time, so that a lost answer does not store twice. */
	async accept(selection: { skip: string[]; title: string }, more: { again?: boolean } = {}) {
		if (this.#phase === 'applying') return;
		this.#phase = 'applying';
		this.#failure = null;
		const layers = { ...this.#settings.layers };
		for (const id of selection.skip) layers[id] = { ...layers[id], skip: true };
		const form = this.#form({ ...this.#settings, layers });
		form.set('import_id', this.#importId);
		form.set('title', selection.title);
		if (more.again) form.set('again', 'true');
		try {
			const { counts } = await this.#post<ImportDone>('apply', form);
			this.#done = { id: this.#importId, counts };
			this.#phase = 'done';
			await this.options.onchanged?.();
		} catch (failure) {
			this.#caught(failure, 'applying');
		}
	}

	async undo(importId: string): Promise<boolean> {
		this.#failure = null;
		try {
			await this.#post('undo', JSON.stringify({ import_id: importId }));
			if (this.#done?.id === importId) this.reset();
			await this.options.onchanged?.();
			return true;
		} catch (failure) {
			const { code, detail } = toFailure(failure);
			this.#failure = { code, detail, during: 'undoing' };
			return false;
		}
	}

	back(): void {
		this.#failure = null;
		this.#phase = this.#draft ? 'preview' : 'idle';
	}

	reset(): void {
		this.#turn++;
		this.#files = [];
		this.#settings = {};
		this.#draft = null;
		this.#failure = null;
		this.#done = null;
		this.#importId = newId();
		this.#phase = 'idle';
	}

	#form(settings = this.#settings): FormData {
		const form = new FormData();
		for (const file of this.#files) form.append('file', file, file.name);
		form.set('settings', JSON.stringify(settings));
		return form;
	}

	async #post<T>(what: 'read' | 'apply' | 'undo', body: FormData | string): Promise<T> {
		const get = this.options.fetch ?? fetch;
		const answer = await get(`/t/${this.options.townshipId}/import/${what}`, {
			method: 'POST',
			body,
			...(typeof body === 'string' ? { headers: { 'Content-Type': 'application/json' } } : {})
		});
		const value: unknown = await answer.json();
		if (answer.ok) return value as T;
		throw value && typeof value === 'object' && 'code' in value ? value : { code: 'unavailable' };
	}

	#caught(failure: unknown, during: ImportFailure['during']) {
		const { code, detail } = toFailure(failure);
		this.#fail(code, detail, during);
	}
	#fail(code: string, detail: string, during: ImportFailure['during']): void {
		this.#failure = { code, detail, during };
		this.#phase = 'failed';
	}
}

function toFailure(failure: unknown): { code: string; detail: string } {
	if (
		failure &&
		typeof failure === 'object' &&
		'code' in failure &&
		typeof failure.code === 'string'
	)
		return { code: failure.code, detail: 'detail' in failure ? String(failure.detail ?? '') : '' };
	return { code: 'offline', detail: '' };
}
