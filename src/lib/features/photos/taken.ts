import { newId } from '$lib/domain/op';
import { photoLimits } from '$lib/domain/photo';
import { prepare, Unusable, type Prepared } from './prepare';

/** A photo on this device, with the id it keeps for ever. */
export type Taken = Prepared & {
	id: string;
	/** For showing it here; `forget` takes it back. */
	url: string;
	/** When the device says the file was written: EXIF is often missing. */
	lastModified: number;
};

export const takenOf = (prepared: Prepared, lastModified: number): Taken => ({
	...prepared,
	id: newId(),
	url: URL.createObjectURL(new Blob([prepared.bytes], { type: prepared.type })),
	lastModified
});

export const forget = (photo: Taken): void => URL.revokeObjectURL(photo.url);

/** Chosen files as photos, at most `room` of them; what cannot be used is named with its reason. */
export async function takeFiles(
	files: readonly File[],
	room: number = photoLimits.perOp
): Promise<{ taken: Taken[]; refused: { name: string; code: string }[] }> {
	const taken: Taken[] = [];
	const refused: { name: string; code: string }[] = [];
	// One after the other: a phone has little memory and a photo has many pixels.
	for (const file of files) {
		if (taken.length >= room) {
			refused.push({ name: file.name, code: 'too_many_photos' });
			continue;
		}
		try {
			taken.push(takenOf(await prepare(file), file.lastModified));
		} catch (error) {
			const code = error instanceof Unusable ? error.code : 'photo_damaged';
			refused.push({ name: file.name, code });
		}
	}
	return { taken, refused };
}

/** Pictures among what was pasted or dropped; names and types are only a first guess. */
export function picturesOf(data: DataTransfer | null): File[] {
	return [...(data?.files ?? [])].filter(
		(f) => f.type.startsWith('image/') || /\.(jpe?g|png|webp|hei[cf])$/i.test(f.name)
	);
}
