import { forget, type Taken } from '$lib/features/photos/taken';

/** A photo on this phone, on its way into an op. */
export type Shot = Taken;

const tenMinutes = 600_000;

/**
 * Taken a moment ago, as far as the file tells: then the phone stands where the photo was taken. EXIF may
 * be missing or without a time zone (then China's, where the photo was taken); the file's own time is the
 * second guess.
 */
export function isFresh(shot: Pick<Shot, 'takenAt' | 'lastModified'>, now = Date.now()): boolean {
	const zoned = shot.takenAt && /(Z|[+-]\d\d:?\d\d)$/.test(shot.takenAt);
	const taken = shot.takenAt
		? Date.parse(zoned ? shot.takenAt : `${shot.takenAt.replace(' ', 'T')}+08:00`)
		: shot.lastModified;
	return Math.abs(now - taken) < tenMinutes;
}

/** Photos of this visit, so that what is not yet sent can be seen. */
export class Previews {
	#shots = $state.raw<Record<string, Shot>>({});

	get(id: string): string | undefined {
		return this.#shots[id]?.url;
	}
	keep(shots: readonly Shot[]): void {
		this.#shots = { ...this.#shots, ...Object.fromEntries(shots.map((s) => [s.id, s])) };
	}
	clear(): void {
		Object.values(this.#shots).forEach(forget);
		this.#shots = {};
	}
}
