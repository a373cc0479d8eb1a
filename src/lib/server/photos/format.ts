import { formatOf, type PhotoFormat } from '$lib/domain/photo';

/** Why a file is not taken as a photo; each has words in `reasons.ts`. */
export type PhotoRefusal =
	| 'photo_empty'
	| 'photo_heic'
	| 'photo_type'
	| 'photo_damaged'
	| 'photo_animated'
	| 'photo_too_many_pixels'
	| 'photo_too_heavy'
	| 'photo_too_slow'
	| 'photo_crashed';

export class Refused extends Error {
	constructor(
		readonly code: PhotoRefusal,
		readonly detail = ''
	) {
		super(code);
	}
}

/** sharp's own limit; what must be held in memory as a whole is held to the smaller one. */
export const pixels = { most: 50_000_000, whole: 25_000_000 };
/** A phone's progressive JPEG has about ten; each costs a pass over the whole picture. */
const scansMost = 60;

/** The format by its first bytes. Throws `Refused`. */
export function needFormat(b: Uint8Array): PhotoFormat {
	if (b.length === 0) throw new Refused('photo_empty');
	const format = formatOf(b);
	if (format === 'heic') throw new Refused('photo_heic');
	if (!format) throw new Refused('photo_type');
	return format;
}

/**
 * What a JPEG says before any of it is decoded: whether it comes in passes, and in how many. Follows the lengths
 * of its segments and ends with the picture: phones append a film, whose bytes look like anything.
 */
export function jpegPasses(b: Uint8Array): { progressive: boolean; scans: number } {
	let progressive = false;
	let scans = 0;
	for (let i = 2; i + 3 < b.length;) {
		// In picture data 0xFF is followed by 0x00 or a restart mark.
		if (b[i] !== 0xff || b[i + 1] === 0 || b[i + 1] === 0xff || (b[i + 1]! & 0xf8) === 0xd0) {
			i++;
			continue;
		}
		const marker = b[i + 1]!;
		if (marker === 0xd9) break;
		if (marker === 0xc2) progressive = true;
		if (marker === 0xda) scans++;
		i += 2 + ((b[i + 2]! << 8) | b[i + 3]!);
	}
	return { progressive, scans };
}

type Head = { width: number; height: number; pages?: number | undefined; depth?: string };

/** Refuses by its measures what would cost too much to decode. */
export function checkCost(
	bytes: Uint8Array,
	format: PhotoFormat,
	{ width, height, pages, depth }: Head
): void {
	if ((pages ?? 1) > 1) throw new Refused('photo_animated');
	const count = width * height;
	const passes = format === 'jpeg' ? jpegPasses(bytes) : null;
	if (passes?.progressive && passes.scans > scansMost)
		throw new Refused('photo_too_heavy', `${passes.scans} scans`);
	// PNG and WebP, and JPEG in passes, are held whole; a plain JPEG is read line by line.
	const whole = format !== 'jpeg' || passes!.progressive;
	const most = whole ? pixels.whole / (depth === 'ushort' ? 2 : 1) : pixels.most;
	if (count > most) throw new Refused('photo_too_many_pixels', `${width}×${height}`);
}
