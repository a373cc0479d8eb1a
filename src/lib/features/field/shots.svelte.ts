import { newId } from '$lib/domain/op';

/** A photo on this phone, on its way into an op. */
export type Shot = {
	id: string;
	bytes: ArrayBuffer;
	type: string;
	/** For showing it here; taken back when the page goes. */
	url: string;
	/** Where the file says it was taken: a claim, often missing. */
	at: [number, number] | null;
	/** Taken a moment ago, as far as the file tells: then the phone stands where the photo was taken. */
	fresh: boolean;
};

type Prepared = {
	bytes: ArrayBuffer;
	type: string;
	at: [number, number] | null;
	takenAt: string | null;
};

const tenMinutes = 600_000;

/** EXIF knows no time zone and editing strips it; then the file's own time is asked. */
export function isFresh(takenAt: string | null, lastModified: number, now = Date.now()): boolean {
	const taken = takenAt ? Date.parse(takenAt) : lastModified;
	return Math.abs(now - taken) < tenMinutes;
}

export const shotOf = (prepared: Prepared, lastModified: number): Shot => ({
	id: newId(),
	bytes: prepared.bytes,
	type: prepared.type,
	url: URL.createObjectURL(new Blob([prepared.bytes], { type: prepared.type })),
	at: prepared.at,
	fresh: isFresh(prepared.takenAt, lastModified)
});

/** Photos of this visit, so that what is not yet sent can be seen. */
export class Previews {
	#urls = $state.raw<Record<string, string>>({});

	get(id: string): string | undefined {
		return this.#urls[id];
	}
	keep(shots: readonly Shot[]): void {
		this.#urls = { ...this.#urls, ...Object.fromEntries(shots.map((s) => [s.id, s.url])) };
	}
	clear(): void {
		for (const url of Object.values(this.#urls)) URL.revokeObjectURL(url);
		this.#urls = {};
	}
}

/** Chosen files as photos ready to be kept; what is no picture is counted and left out. */
export async function prepareShots(
	files: readonly File[]
): Promise<{ shots: Shot[]; refused: number }> {
	const shots: Shot[] = [];
	let refused = 0;
	// One after the other: a phone has little memory and a photo has many pixels.
	for (const file of files.slice(0, 9)) {
		try {
			shots.push(shotOf(await prepare(file), file.lastModified));
		} catch {
			refused++;
		}
	}
	return { shots, refused };
}

async function prepare(file: File): Promise<Prepared> {
	return { bytes: await file.arrayBuffer(), type: file.type, at: null, takenAt: null };
}
