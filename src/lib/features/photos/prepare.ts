import { formatOf, photoLimits, type PhotoFormat } from '$lib/domain/photo';
import type { Claims } from '$lib/geo/exif';
import { withClaims } from './exif-out';
import { measure } from './measure';

/** A photo ready to be kept and sent. `at` (lon, lat, WGS84) and `takenAt` are what the file claims; often null. */
export type Prepared = {
	bytes: ArrayBuffer;
	type: string;
	width: number;
	height: number;
	at: [number, number] | null;
	takenAt: string | null;
};

/** Why a chosen file cannot be used; the code has words in `features/things/reasons.ts`. */
export class Unusable extends Error {
	constructor(readonly code: string) {
		super(code);
		this.name = 'Unusable';
	}
}

/** Longest side of what we make ourselves: of HEIC, and of pictures the server would refuse. */
const longest = 4096;
const pixelsMost = { jpeg: 50e6, png: 25e6, webp: 25e6 };

/**
 * Reads a chosen file without a server. JPEG, PNG and WebP are kept byte for byte: the original is the evidence.
 * HEIC becomes JPEG, with its time and place carried over. Throws `Unusable`.
 */
export async function prepare(file: File): Promise<Prepared> {
	const bytes = await file.arrayBuffer().catch(() => {
		throw new Unusable('photo_cut');
	});
	const head = new Uint8Array(bytes);
	if (!head.length) throw new Unusable('photo_empty');
	const format = formatOf(head);
	if (!format) throw new Unusable('photo_type');
	const claims = await claimsOf(head);
	if (format === 'heic') return convert(file, bytes, claims);
	const size = measure(head, format);
	if (!size) throw new Unusable('photo_damaged');
	if (head.length > photoLimits.bytes || size.width * size.height > pixelsMost[format])
		return smaller(file, claims);
	return { bytes, type: `image/${format satisfies PhotoFormat}`, ...size, ...told(claims) };
}

/** EXIF is read by a library that is fetched only now; without it (off-line) there are no claims. */
async function claimsOf(bytes: Uint8Array): Promise<Claims> {
	try {
		const { readClaims } = await import('$lib/geo/exif');
		return readClaims(bytes);
	} catch {
		return {};
	}
}

const told = ({ lon, lat, takenAt }: Claims): Pick<Prepared, 'at' | 'takenAt'> => ({
	at: lon === undefined || lat === undefined ? null : [lon, lat],
	takenAt: takenAt ?? null
});

async function convert(file: File, bytes: ArrayBuffer, claims: Claims): Promise<Prepared> {
	// Where the browser itself opens HEIC (Safari), it is fastest and needs nothing fetched.
	const native = await smaller(file, claims).catch(() => null);
	if (native) return native;
	const { decodeHeic } = await import('./heic');
	const picture = await decodeHeic(bytes, longest);
	return finish(picture.jpeg, picture.width, picture.height, claims);
}

/** Drawn anew as JPEG: upright, at most 4096 pixels a side. */
async function smaller(file: File, claims: Claims): Promise<Prepared> {
	const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' }).catch(() => {
		throw new Unusable('photo_damaged');
	});
	const scale = Math.min(1, longest / Math.max(bitmap.width, bitmap.height));
	const canvas = document.createElement('canvas');
	canvas.width = Math.round(bitmap.width * scale);
	canvas.height = Math.round(bitmap.height * scale);
	canvas.getContext('2d')!.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
	bitmap.close();
	return finish(await toJpeg(canvas), canvas.width, canvas.height, claims);
}

/** A canvas as JPEG bytes. */
export async function toJpeg(canvas: HTMLCanvasElement): Promise<ArrayBuffer> {
	const blob = await new Promise<Blob | null>((resolve) =>
		canvas.toBlob(resolve, 'image/jpeg', 0.9)
	);
	if (!blob) throw new Unusable('photo_damaged');
	return blob.arrayBuffer();
}

/** What the file claimed goes into the new one, so that the reviewer still finds it. */
export function finish(jpeg: ArrayBuffer, width: number, height: number, claims: Claims): Prepared {
	return {
		bytes: withClaims(jpeg, claims),
		type: 'image/jpeg',
		width,
		height,
		...told(claims)
	};
}
