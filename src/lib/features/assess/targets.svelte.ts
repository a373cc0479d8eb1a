import type { Payload } from '$lib/domain/op';
import type { Target } from '$lib/domain/project';
import { tabKeep, type Keep } from './draft.svelte';

/** What is typed for an item's target: still text, empty where nothing is said. */
export type Aim = { points: string; cost: string; readyOn: string; answers: string };
/** The same, read; `undefined` where the text means nothing. */
export type Read = {
	points: number | null | undefined;
	cost: number | null | undefined;
	readyOn: string | null;
	answers: string | null;
};
type Line = Payload<'project.target'>['items'][number];

const fields = ['points', 'cost', 'readyOn', 'answers'] as const;

export const aimOf = (target: Target | undefined): Aim => ({
	points: target?.points == null ? '' : String(target.points),
	cost: target?.cost == null ? '' : String(target.cost),
	readyOn: target?.readyOn ?? '',
	answers: target?.answers ?? ''
});

/** Yuan as typed: 12000, 12,000, 1.2万. */
export function yuanOf(text: string): number | null | undefined {
	const plain = text.normalize('NFKC').replace(/[,，\s元]/g, '');
	if (!plain) return null;
	const found = /^(\d{1,11}(?:\.\d{1,4})?)(万)?$/.exec(plain);
	if (!found) return undefined;
	return Math.round(Number(found[1]) * (found[2] ? 10_000 : 1) * 100) / 100;
}
export function pointsIn(text: string, max: number): number | null | undefined {
	const plain = text.normalize('NFKC').trim();
	if (!plain) return null;
	const n = Number(plain);
	const fine = /^\d{1,5}(\.\d{1,2})?$/.test(plain) && n <= max;
	return fine ? n : undefined;
}
export const readAim = (aim: Aim, max: number): Read => ({
	points: pointsIn(aim.points, max),
	cost: yuanOf(aim.cost),
	readyOn: aim.readyOn || null,
	answers: aim.answers || null
});

/** Targets that were typed and not saved; kept for the tab like the draft of the scores. */
export class TargetDraft {
	#aims = $state<Record<string, Aim>>({});
	readonly #key: string;
	readonly #keep: Keep | null;
	readonly #stored: (code: string) => Target | undefined;

	constructor(key: string, stored: (code: string) => Target | undefined, keep = tabKeep()) {
		this.#key = key;
		this.#stored = stored;
		this.#keep = keep;
		try {
			const known = JSON.parse(keep?.getItem(key) ?? '{}') as Record<string, Partial<Aim>>;
			for (const [code, aim] of Object.entries(known))
				this.#aims[code] = Object.fromEntries(
					fields.map((f) => [f, String(aim[f] ?? '').slice(0, 60)])
				) as Aim;
		} catch {
			// Not ours, or damaged: there is no draft.
		}
	}

	aim(code: string): Aim {
		return this.#aims[code] ?? aimOf(this.#stored(code));
	}
	touched(code: string): boolean {
		return code in this.#aims;
	}
	get codes(): string[] {
		return Object.keys(this.#aims);
	}
	get count(): number {
		return this.codes.length;
	}
	set(code: string, change: Partial<Aim>): void {
		const next = { ...this.aim(code), ...change };
		const was = aimOf(this.#stored(code));
		if (fields.every((f) => next[f].trim() === was[f])) delete this.#aims[code];
		else this.#aims[code] = next;
		this.#write();
	}
	drop(codes: readonly string[] = this.codes): void {
		for (const code of codes) delete this.#aims[code];
		this.#write();
	}
	wrong(code: string, max: number): boolean {
		const read = readAim(this.aim(code), max);
		return read.points === undefined || read.cost === undefined;
	}

	/** Only the fields that differ, so that nothing another person said is said again. */
	lines(maxOf: (code: string) => number): Line[] {
		return this.codes.flatMap((code): Line[] => {
			const max = maxOf(code);
			if (this.wrong(code, max)) return [];
			const [now, was] = [
				readAim(this.aim(code), max),
				readAim(aimOf(this.#stored(code)), Infinity)
			];
			return [
				{
					item: code,
					...(now.points !== was.points && { points: now.points ?? null }),
					...(now.cost !== was.cost && { cost: now.cost ?? null }),
					...(now.readyOn !== was.readyOn && { ready_on: now.readyOn }),
					...(now.answers !== was.answers && { answers: now.answers })
				}
			];
		});
	}

	#write(): void {
		try {
			if (this.count) this.#keep?.setItem(this.#key, JSON.stringify(this.#aims));
			else this.#keep?.removeItem(this.#key);
		} catch {
			// As with scores: the draft then lives as long as the page.
		}
	}
}

/** What puts targets back to where they were. */
export const backTo = (codes: readonly string[], stored: readonly Target[]): Line[] =>
	codes.map((code) => {
		const was = stored.find((t) => t.item === code);
		return {
			item: code,
			points: was?.points ?? null,
			cost: was?.cost ?? null,
			ready_on: was?.readyOn ?? null,
			answers: was?.answers ?? null
		};
	});
