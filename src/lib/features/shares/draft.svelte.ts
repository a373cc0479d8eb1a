import { newId } from '$lib/domain/op';
import { newPasscode, passcodeRules } from '$lib/domain/share';
import type { Finding } from '$lib/domain/sharelint';
import {
	shareDefaults,
	shareOptionNames,
	type ShareKind,
	type ShareOption,
	type ShareOptions,
	type SharedPhoto
} from '$lib/domain/shared';
import type { ShareWish } from '$lib/domain/shareops';
import { ask } from './ask';

const inDays = (n: number): string => new Date(Date.now() + n * 864e5).toISOString();

export type Stage =
	| { at: 'choose' }
	| { at: 'look'; findings: Finding[]; photos: SharedPhoto[] }
	| { at: 'made'; publicId: string; secret: string; expiresAt: string };

/** A link on its way out: chosen, looked at, made. */
export class ShareDraft {
	stage = $state.raw<Stage>({ at: 'choose' });
	busy = $state(false);
	/** Why it did not go on. */
	refusal = $state<string | null>(null);
	title = $state('');
	days = $state('30');
	live = $state(false);
	answers = $state(false);
	protect = $state(false);
	passcode = $state(newPasscode());
	picture = $state<string | null>(null);
	#options = $state<Required<ShareOptions>>({ ...shareDefaults });
	#looked = $state<Record<string, boolean>>({});
	/** The same for all tries: sent twice, the link is made once. */
	#id = newId();

	constructor(
		readonly townshipId: string,
		readonly kind: ShareKind,
		readonly subject: string,
		title: string
	) {
		this.title = title.slice(0, 120);
	}

	/** Those that differ from what is shown where nobody chose. */
	get options(): ShareOptions {
		return Object.fromEntries(
			shareOptionNames
				.filter((n) => this.#options[n] !== shareDefaults[n])
				.map((n) => [n, this.#options[n]])
		);
	}
	shows(name: ShareOption): boolean {
		return this.#options[name];
	}
	show(name: ShareOption, on: boolean): void {
		this.#options[name] = on;
	}
	looked(key: string): boolean {
		return this.#looked[key] ?? false;
	}
	look(key: string, on: boolean): void {
		this.#looked[key] = on;
		if (!on && key === `photo:${this.picture}`) this.picture = null;
	}
	get badPasscode(): boolean {
		return this.protect && this.passcode.trim().length < passcodeRules.least;
	}
	/** Nothing stops it and everything was looked at. */
	get ready(): boolean {
		return (
			this.stage.at === 'look' &&
			this.stage.findings.every((f) => f.level === 'look' && this.looked(f.key))
		);
	}

	back(): void {
		this.stage = { at: 'choose' };
		this.refusal = null;
	}
	/** Reads what would leave and what in it must be looked at. */
	async check(): Promise<void> {
		const { kind, subject, options } = this;
		const read = await this.#ask<{ findings: Finding[]; photos: SharedPhoto[] }>('lint', {
			kind,
			subject,
			options
		});
		if (!read) return;
		if (!read.photos.some((p) => p.id === this.picture)) this.picture = null;
		this.stage = { at: 'look', ...read };
	}
	async make(): Promise<void> {
		const days = Number(this.days);
		const wish: ShareWish = {
			id: this.#id,
			kind: this.kind,
			subject: this.subject,
			title: this.title.trim(),
			options: this.options,
			live: this.live,
			answers: this.answers,
			picture: this.picture,
			days,
			passcode: this.protect ? this.passcode.trim() : null,
			looked: Object.keys(this.#looked).filter((key) => this.#looked[key])
		};
		const made = await this.#ask<{ publicId: string; secret: string } | { findings: Finding[] }>(
			'make',
			wish
		);
		if (!made) return;
		// Something was written meanwhile: it is looked at, too.
		if ('findings' in made) return this.check();
		this.stage = { at: 'made', ...made, expiresAt: inDays(days) };
	}

	async #ask<T>(what: string, body: object): Promise<T | null> {
		this.busy = true;
		this.refusal = null;
		const got = await ask<T>(`/t/${this.townshipId}/shares/${what}`, body);
		this.busy = false;
		if ('answer' in got) return got.answer;
		this.refusal = got.reason;
		return null;
	}
}
