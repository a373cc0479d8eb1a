import { homeVillage } from '$lib/domain/fieldlists';
import { sameNear, villageAt, type Near } from '$lib/domain/fieldplace';
import { newId } from '$lib/domain/op';
import * as m from '$lib/i18n/paraglide/messages';
import type { FieldRoom } from './room.svelte';
import { isFresh, type Shot } from './shots.svelte';

export type Place = { at: [number, number]; method: 'device' | 'map' | 'photo'; accuracy?: number };

/** A report while it is being made: photos, type, place; all else is optional. */
export class Report {
	shots = $state.raw<Shot[]>([]);
	/** Going on without a photo is a choice, never an error. */
	bare = $state(false);
	category = $state('');
	note = $state('');
	placeText = $state('');
	campaign = $state('');
	#village = $state<string | null>(null);
	#set = $state.raw<Place | null>(null);
	#captured = $state.raw<Place | null>(null);
	#busy = $state(false);

	constructor(private readonly room: FieldRoom) {}

	get begun(): boolean {
		return this.shots.length > 0 || this.bare;
	}
	get busy(): boolean {
		return this.#busy;
	}

	take(shots: Shot[]): void {
		const first = this.shots.length === 0;
		this.shots = [...this.shots, ...shots].slice(0, 9);
		// The phone stands where it took the photo, not where an old photo is looked at.
		if (first && shots.some((s) => isFresh(s))) this.capture();
	}
	remove(id: string): void {
		this.shots = this.shots.filter((s) => s.id !== id);
	}
	startBare(): void {
		this.bare = true;
		this.capture();
	}
	private capture(): void {
		const fix = this.room.where.fix();
		if (fix) this.#captured = { at: fix.at, method: 'device', accuracy: Math.round(fix.accuracy) };
	}

	/** Set by hand, else from the device, else from the photo's own claim. */
	readonly place: Place | null = $derived.by(() => {
		if (this.#set) return this.#set;
		if (this.#captured) return this.#captured;
		const claim = this.shots.find((s) => s.at)?.at;
		const fresh = this.bare || this.shots.some((s) => isFresh(s));
		// A fix that came after the photo was taken a moment ago is still of this place.
		const at = fresh ? this.room.where.at : null;
		if (at) return { at, method: 'device', accuracy: this.room.where.accuracy };
		return claim ? { at: claim, method: 'photo' } : null;
	});
	setPlace(at: [number, number], method: 'map' | 'device' = 'map'): void {
		this.#set = { at, method };
		this.#village = null;
	}
	/** Back to what the device or the photo says. */
	forgetPlace(): void {
		this.#set = null;
	}
	setVillage(id: string | null): void {
		this.#village = id;
	}
	readonly village = $derived.by(() => {
		const { day, me } = this.room;
		const found = this.place && villageAt(day.villages, this.place.at);
		const id = this.#village ?? (this.place ? null : homeVillage(day, me));
		return found ?? day.villages.find((v) => v.id === id) ?? null;
	});
	readonly near: Near[] = $derived.by(() =>
		this.category && this.place ? sameNear(this.room.day, this.category, this.place.at) : []
	);

	async send(): Promise<boolean> {
		if (!this.category || this.#busy) return false;
		this.#busy = true;
		const { place, village } = this;
		const texts = {
			note: this.note.trim(),
			place_text: this.placeText.trim(),
			campaign: this.campaign
		};
		const sent = await this.room.play(
			'task.create',
			newId(),
			{
				category: this.category,
				...Object.fromEntries(Object.entries(texts).filter(([, v]) => v)),
				...(place && {
					geometry: { type: 'Point', coordinates: place.at },
					method: place.method
				}),
				// Where a place is known the server finds the village by the true boundary.
				...(!place && village ? { village_id: village.id } : {})
			},
			this.shots,
			m.field_reported()
		);
		this.#busy = false;
		if (sent) this.reset();
		return sent;
	}

	/** The same place: the photos go to the task that is there already. */
	async join(near: Near): Promise<boolean> {
		if (this.#busy) return false;
		this.#busy = true;
		const note = this.note.trim();
		const sent = near.again
			? await this.room.play(
					'step.reopen',
					near.task.id,
					{ why: 'came_back', ...(note ? { note } : {}) },
					this.shots,
					m.field_reopened()
				)
			: this.shots.length === 0 ||
				(await this.room.play(
					'step.photo',
					near.task.id,
					{ role: near.task.stage === 'reported' ? 'other' : 'before' },
					this.shots,
					m.field_joined()
				));
		this.#busy = false;
		if (sent) this.reset();
		return sent;
	}

	reset(): void {
		this.shots = [];
		this.bare = false;
		this.category = this.note = this.placeText = this.campaign = '';
		this.#village = null;
		this.#set = this.#captured = null;
	}
}
