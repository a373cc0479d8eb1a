import {
	codeOf,
	fits,
	readCode,
	type FormFacts,
	type Metric,
	type Subject,
	type Unit
} from '$lib/domain/form';
import { newId } from '$lib/domain/op';
import type { RememberedForm } from '$lib/data/forms';
import type { Form } from '$lib/geo/form/form';
import { keyOf, propose, type Blank } from '$lib/geo/form/propose';
import type { Desk } from '$lib/features/things/desk.svelte';

type Read = { form: Form; fingerprint: string; remembered: RememberedForm | null };
type Sheet = Read & { file: File; title: string; blanks: Blank[] };

/** One form on the desk: read, looked through, corrected, written, remembered. The file stays in this page. */
export class Answering {
	#sheet = $state.raw<Sheet | null>(null);
	/** What was chosen, by cell; what the map proposed until somebody changed it. */
	#codes = $state.raw<Record<string, string>>({});
	#touched = $state.raw<readonly string[]>([]);
	#busy = $state<'read' | 'fill' | null>(null);
	#reason = $state<{ code: string; detail: string } | null>(null);

	constructor(
		private readonly home: string,
		private readonly desk: Desk,
		private readonly facts: () => FormFacts,
		private readonly mayRemember: () => boolean
	) {}

	get sheet() {
		return this.#sheet;
	}
	get busy() {
		return this.#busy;
	}
	get reason() {
		return this.#reason;
	}
	get codes(): Readonly<Record<string, string>> {
		return this.#codes;
	}
	/** Whether a person chose this cell's answer here. */
	touched(key: string): boolean {
		return this.#touched.includes(key);
	}

	async read(file: File): Promise<void> {
		if (this.#busy) return;
		this.#busy = 'read';
		this.#reason = null;
		try {
			const answer = await fetch(`${this.home}/read`, { method: 'POST', body: file });
			if (!answer.ok) return await this.#refused(answer);
			const read = (await answer.json()) as Read;
			const { title, blanks } = propose(read.form, this.facts(), read.remembered?.mapping ?? null);
			this.#sheet = { ...read, file, title, blanks };
			this.#codes = Object.fromEntries(blanks.flatMap((b) => (b.code ? [[keyOf(b), b.code]] : [])));
			this.#touched = [];
		} catch {
			this.#reason = { code: 'offline', detail: '' };
		} finally {
			this.#busy = null;
		}
	}

	async #refused(answer: Response): Promise<void> {
		const body = (await answer.json().catch(() => ({}))) as { reason?: string; detail?: string };
		this.#reason = { code: body.reason ?? 'unavailable', detail: body.detail ?? '' };
	}

	close(): void {
		this.#sheet = null;
		this.#reason = null;
	}

	choose(blank: Blank, code: string | null): void {
		const { [keyOf(blank)]: _old, ...rest } = this.#codes;
		this.#codes = code ? { ...rest, [keyOf(blank)]: code } : rest;
		this.#touched = [...this.#touched, keyOf(blank)];
	}

	/** The same question for every line of this column, each of its own village, plan or project. */
	chooseColumn(blank: Blank, metric: Metric, unit: Unit | null): void {
		const { blanks } = this.#sheet!;
		const codes = { ...this.#codes };
		const touched = [...this.#touched];
		for (const b of blanks) {
			if (b.table !== blank.table || b.col !== blank.col) continue;
			const subject = this.subjectOf(b);
			if (!subject || !fits(metric, subject.kind)) continue;
			codes[keyOf(b)] = codeOf(subject, metric, unit);
			touched.push(keyOf(b));
		}
		this.#codes = codes;
		this.#touched = touched;
	}

	/** Of whom a cell speaks: as it says itself, else as its neighbours in the line do. */
	subjectOf(blank: Blank): Subject | null {
		const own = this.#codes[keyOf(blank)];
		const line = this.#sheet!.blanks.filter((b) => b.table === blank.table && b.row === blank.row);
		for (const code of [own, ...line.map((b) => b.code ?? this.#codes[keyOf(b)])]) {
			const read = code ? readCode(code) : null;
			if (read) return read.subject;
		}
		return null;
	}

	/** Writes the file, hands it to the browser, and remembers what goes where. */
	async fill(query: string, mark: boolean): Promise<void> {
		const sheet = this.#sheet;
		if (!sheet || this.#busy) return;
		this.#busy = 'fill';
		this.#reason = null;
		try {
			const body = new FormData();
			body.set('file', sheet.file);
			body.set('mapping', JSON.stringify(this.#codes));
			body.set('mark', mark ? '1' : '0');
			const answer = await fetch(`${this.home}/fill${query}`, { method: 'POST', body });
			if (!answer.ok) return await this.#refused(answer);
			const name = /filename\*=UTF-8''([^;]+)/.exec(
				answer.headers.get('content-disposition') ?? ''
			)?.[1];
			const url = URL.createObjectURL(await answer.blob());
			const link = document.createElement('a');
			link.href = url;
			link.download = name ? decodeURIComponent(name) : sheet.file.name;
			link.click();
			setTimeout(() => URL.revokeObjectURL(url), 60_000);
			await this.#remember(sheet);
		} catch {
			this.#reason = { code: 'offline', detail: '' };
		} finally {
			this.#busy = null;
		}
	}

	async #remember(sheet: Sheet): Promise<void> {
		const { remembered, fingerprint, title } = sheet;
		const same =
			JSON.stringify(sorted(remembered?.mapping)) === JSON.stringify(sorted(this.#codes));
		if (!this.mayRemember() || same || !Object.keys(this.#codes).length) return;
		const id = remembered?.id ?? newId();
		const mapping = { ...this.#codes };
		const outcome = await this.desk.play(
			'form.remember',
			id,
			{ fingerprint, title, mapping },
			remembered?.version
		);
		if (outcome.outcome !== 'applied' && outcome.outcome !== 'already') return;
		const version = outcome.version ?? (remembered?.version ?? 0) + 1;
		if (this.#sheet === sheet)
			this.#sheet = {
				...sheet,
				remembered: { id, title, version, madeOn: this.facts().today, mapping }
			};
	}
}

const sorted = (mapping: Readonly<Record<string, string>> | undefined) =>
	Object.entries(mapping ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
