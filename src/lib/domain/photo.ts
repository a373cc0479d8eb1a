export const photoRoles = ['before', 'after', 'check', 'other'] as const;
export type PhotoRole = (typeof photoRoles)[number];

/** `small` and `large` are copies without metadata; `original` is the file as it came, for reviewers. */
export const photoSizes = ['small', 'large', 'original'] as const;
export type PhotoSize = (typeof photoSizes)[number];

/** Another photo that is the same file, the same picture in other bytes, or looks nearly the same. */
export type PhotoTwin = {
	photo: string;
	taskId: string;
	kind: 'same_file' | 'same_pixels' | 'like';
};

/** A photo of a task as the database tells it; pixels are of the upright original. */
export type PhotoLink = {
	id: string;
	role: PhotoRole;
	round: number;
	at: string;
	by: string | null;
	width: number;
	height: number;
	redacted: boolean;
	/** Only where the photo shown is a redacted copy and whoever asks may see what is under it. */
	originalId?: string;
	/** Only for whoever may accept. A clue, never an accusation. */
	twins?: PhotoTwin[];
};

/** What may be sent; the server measures it again. */
export const photoLimits = {
	/** Bytes of one file. */
	bytes: 25 * 1024 * 1024,
	/** Photos of one op; the database says the same. */
	perOp: 9,
	types: ['image/jpeg', 'image/png', 'image/webp']
} as const;

export function photoUrl(townshipId: string, id: string, size: PhotoSize): string {
	return `/t/${townshipId}/photo/${id}/${size}`;
}

export type PhotoFormat = 'jpeg' | 'png' | 'webp';

/** The format by the first bytes, never by name or type; null for what is no picture of ours. */
export function formatOf(b: Uint8Array): PhotoFormat | 'heic' | null {
	const ascii = (from: number, to: number) => String.fromCharCode(...b.subarray(from, to));
	if (b[0] === 0xff && b[1] === 0xd8 && b[2] === 0xff) return 'jpeg';
	if (ascii(0, 8) === '\x89PNG\r\n\x1a\n') return 'png';
	if (ascii(0, 4) === 'RIFF' && ascii(8, 12) === 'WEBP') return 'webp';
	// The family of ISO files that phones keep stills in.
	if (ascii(4, 8) === 'ftyp' && /^(hei|hev|mif|msf|avi)/.test(ascii(8, 12))) return 'heic';
	return null;
}

/** A part of a picture to burn over, as fractions of its upright width and height. */
export type Box = { x: number; y: number; width: number; height: number };

export const boxLimit = 40;

/** Boxes from outside, kept inside the picture; null where they are none. */
export function readBoxes(value: unknown): Box[] | null {
	if (!Array.isArray(value) || value.length === 0 || value.length > boxLimit) return null;
	const boxes: Box[] = [];
	for (const one of value as unknown[]) {
		const { x, y, width, height } = (one ?? {}) as Record<keyof Box, unknown>;
		if (![x, y, width, height].every((n) => typeof n === 'number' && Number.isFinite(n)))
			return null;
		const left = Math.max(0, x as number);
		const top = Math.max(0, y as number);
		const right = Math.min(1, (x as number) + (width as number));
		const bottom = Math.min(1, (y as number) + (height as number));
		if (right - left <= 0 || bottom - top <= 0) return null;
		boxes.push({ x: left, y: top, width: right - left, height: bottom - top });
	}
	return boxes;
}
