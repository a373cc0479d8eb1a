/* eslint svelte/prefer-svelte-reactivity: off -- these are never changed, only replaced */
import type { RoomLine, Shown } from '$lib/data/live';
import type { Live } from '$lib/features/live/live.svelte';
import { newId } from '$lib/domain/op';
import type { Bounds } from '$lib/map/camera';

/** What a presenter shows: the ground that can be seen (never centre and zoom), the view's query, what is compared. */
export type Frame = { bounds: Bounds; query: string; compare: string | null };
export type Person = {
	tab: string;
	person: string;
	/** When this one began to present, ms; 0: does not. */
	presents: number;
	/** A projector is in the room, but it is nobody. */
	wall: boolean;
	/** What this one has open, `kind:id`. */
	open: string | null;
};
export type Passing = {
	id: number;
	person: string;
	/** A line that is drawn, or one place that is pointed at. */
	points: [number, number][];
	until: number;
};
/** At most ten frames and ten cursors a second. */
const beat = 100;
/** How long a sketch and a pointer stay, ms. */
const fades = { sketch: 8000, pointer: 4000 };

const isPlace = (v: unknown): v is [number, number] =>
	Array.isArray(v) && v.length === 2 && v.every((n) => typeof n === 'number' && Number.isFinite(n));

/**
 * Those who are in the room now, and what passes: cursors, frames of the presenter, sketches and pointers.
 * Nothing here is kept; what is kept are ops.
 */
export class Room {
	readonly tab = newId();
	#here = $state.raw<Person[]>([]);
	#following = $state(true);
	#presents = $state(0);
	#connected = $state(false);
	#passing = $state.raw<Passing[]>([]);
	#frame = $state.raw<Frame | null>(null);
	#line: RoomLine | null = null;
	#open: string | null = null;
	#wall = false;
	#mine: Frame | null = null;
	#frames = throttle(() => this.#mine && this.#line?.send('follow', { ...this.#mine }));
	#cursors = throttle(
		() => this.#at && this.#line?.send('cursor', { tab: this.tab, at: this.#at })
	);
	#at: [number, number] | null = null;
	#count = 0;
	/** Cursors move without anything being drawn anew: whoever shows them listens here. */
	oncursor: ((tab: string, person: string, at: [number, number]) => void) | null = null;

	get here(): Person[] {
		return this.#here;
	}
	/** People, not open pages. */
	get people(): string[] {
		return [...new Set(this.#here.filter((p) => !p.wall).map((p) => p.person))];
	}
	get connected(): boolean {
		return this.#connected;
	}
	get following(): boolean {
		return this.#following;
	}
	get presenting(): boolean {
		return this.#presents > 0 && this.presenter?.tab === this.tab;
	}
	/** Who took the lead last. */
	get presenter(): Person | null {
		const all = this.#here.filter((p) => p.presents > 0);
		return all.reduce<Person | null>((a, b) => (!a || b.presents > a.presents ? b : a), null);
	}
	/** What the presenter shows; null while nobody does, or while this one looks around alone. */
	get frame(): Frame | null {
		return this.#following && this.presenter && !this.presenting ? this.#frame : null;
	}
	get passing(): Passing[] {
		return this.#passing;
	}

	enter(live: Live, meetingId: string, wall: boolean): () => void {
		this.#wall = wall;
		this.#line = live.room(`meeting:${meetingId}`, {
			onpresence: (shown) => this.#seen(shown),
			onsent: (event, payload) => this.#heard(event, payload),
			onstate: (connected) => (this.#connected = connected)
		});
		this.#show();
		const sweep = setInterval(() => this.#fade(), 500);
		return () => {
			clearInterval(sweep);
			this.#line?.leave();
			this.#line = null;
		};
	}

	/** Takes the lead, or gives it back. */
	present(on: boolean): void {
		this.#presents = on ? Date.now() : 0;
		this.#show();
	}
	follow(on: boolean): void {
		this.#following = on;
	}
	look(open: string | null): void {
		if (open === this.#open) return;
		this.#open = open;
		this.#show();
	}
	/** What this one shows, if presenting. */
	frameOf(frame: Frame): void {
		this.#mine = frame;
		if (this.presenting) this.#frames();
	}
	cursor(at: [number, number]): void {
		this.#at = at;
		this.#cursors();
	}
	/** A line or a place that fades, for everybody and oneself. */
	pass(event: 'sketch' | 'pointer', points: [number, number][], me: string): void {
		const short = thin(points, 60).map(([x, y]): [number, number] => [six(x), six(y)]);
		this.#add(event, me, short);
		this.#line?.send(event, { tab: this.tab, points: short });
	}

	#show(): void {
		this.#line?.show({
			tab: this.tab,
			presents: this.#presents,
			wall: this.#wall,
			open: this.#open
		});
	}
	#seen(shown: Shown[]): void {
		const before = new Set(this.#here.map((p) => p.tab));
		this.#here = shown
			.filter((p) => typeof p.tab === 'string' && typeof p.person === 'string')
			.map((p) => ({
				tab: p.tab,
				person: p.person,
				presents: typeof p.presents === 'number' ? p.presents : 0,
				wall: p.wall === true,
				open: typeof p.open === 'string' ? p.open : null
			}));
		// Whoever came in just now has seen no frame yet.
		if (this.presenting && this.#here.some((p) => !before.has(p.tab))) this.#frames();
	}
	#heard(event: string, payload: Shown): void {
		if (event === 'cursor' && isPlace(payload.at)) {
			this.oncursor?.(payload.tab, payload.person, payload.at);
		} else if (event === 'follow' && payload.person === this.presenter?.person) {
			const { bounds, query, compare } = payload as unknown as Frame;
			if (
				Array.isArray(bounds) &&
				bounds.length === 4 &&
				bounds.every((n) => Number.isFinite(n)) &&
				typeof query === 'string'
			)
				this.#frame = { bounds, query, compare: typeof compare === 'string' ? compare : null };
		} else if ((event === 'sketch' || event === 'pointer') && Array.isArray(payload.points)) {
			this.#add(event, payload.person, payload.points.filter(isPlace).slice(0, 60));
		}
	}
	#add(event: 'sketch' | 'pointer', person: string, points: [number, number][]): void {
		if (!points.length) return;
		const id = ++this.#count;
		this.#passing = [
			...this.#passing.slice(-40),
			{ id, person, points, until: Date.now() + fades[event] }
		];
	}
	#fade(): void {
		const now = Date.now();
		if (this.#passing.some((p) => p.until < now))
			this.#passing = this.#passing.filter((p) => p.until >= now);
	}
}

/** Calls at most every `beat` ms, and once more with the last word. */
function throttle(send: () => void): () => void {
	let last = 0;
	let timer: ReturnType<typeof setTimeout> | undefined;
	return () => {
		timer ??= setTimeout(
			() => {
				timer = undefined;
				last = performance.now();
				send();
			},
			Math.max(0, beat - (performance.now() - last))
		);
	};
}

const six = (n: number) => Math.round(n * 1e6) / 1e6;

/** At most `most` points, first and last among them. */
export function thin<T>(points: readonly T[], most: number): T[] {
	if (points.length <= most) return [...points];
	return Array.from(
		{ length: most },
		(_, i) => points[Math.round((i * (points.length - 1)) / (most - 1))]!
	);
}
