import type { Claims } from '$lib/geo/exif';

/** One field of a TIFF directory: tag, type (2 text, 4 number, 5 fraction) and its bytes. */
type Field = [tag: number, type: 2 | 4 | 5, count: number, bytes: number[]];

const text = (value: string): [2, number, number[]] => {
	const bytes = [...new TextEncoder().encode(value), 0];
	return [2, bytes.length, bytes];
};
const long = (n: number) => [(n >>> 24) & 255, (n >>> 16) & 255, (n >>> 8) & 255, n & 255];
/** Degrees as EXIF keeps them: whole degrees, whole minutes, seconds in ten-thousandths (3 mm). */
const degrees = (value: number): number[] => {
	const parts = Math.round(Math.abs(value) * 36_000_000);
	const pairs = [
		[Math.floor(parts / 36_000_000), 1],
		[Math.floor(parts / 600_000) % 60, 1],
		[parts % 600_000, 10_000]
	];
	return pairs.flatMap(([a, b]) => [...long(a!), ...long(b!)]);
};

/** A directory at `at` (bytes from the TIFF head), with what does not fit behind it. */
function directory(fields: Field[], at: number): number[] {
	const head: number[] = [fields.length >> 8, fields.length & 255];
	const tail: number[] = [];
	const behind = at + 2 + fields.length * 12 + 4;
	for (const [tag, type, count, bytes] of [...fields].sort((a, b) => a[0] - b[0])) {
		head.push(tag >> 8, tag & 255, 0, type, ...long(count));
		if (bytes.length <= 4) head.push(...bytes, ...[0, 0, 0, 0].slice(bytes.length));
		else {
			head.push(...long(behind + tail.length));
			tail.push(...bytes);
			if (tail.length % 2) tail.push(0);
		}
	}
	return [...head, 0, 0, 0, 0, ...tail];
}

/**
 * Puts time, place and camera into a JPEG that a canvas made (Exif 2.32, big-endian): what HEIC said would
 * otherwise be lost on the way. The same bytes where there is nothing to say.
 */
export function withClaims(jpeg: ArrayBuffer, claims: Claims): ArrayBuffer {
	const inner: Field[] = [];
	const [day, offset] = [claims.takenAt?.slice(0, 19), claims.takenAt?.slice(19)];
	if (day) inner.push([0x9003, ...text(day.replaceAll('-', ':').replace('T', ' '))]);
	if (offset) inner.push([0x9011, ...text(offset)]);
	const gps: Field[] = [];
	if (claims.lat !== undefined && claims.lon !== undefined)
		gps.push(
			[1, ...text(claims.lat < 0 ? 'S' : 'N')],
			[2, 5, 3, degrees(claims.lat)],
			[3, ...text(claims.lon < 0 ? 'W' : 'E')],
			[4, 5, 3, degrees(claims.lon)]
		);
	if (gps.length && claims.accuracy !== undefined)
		gps.push([0x1f, 5, 1, [...long(Math.round(claims.accuracy * 100)), ...long(100)]]);
	const outer: Field[] = claims.camera ? [[0x0110, ...text(claims.camera)]] : [];
	if (!inner.length && !gps.length && !outer.length) return jpeg;
	// Pointers need a length that does not depend on them: four bytes each, in place.
	const place = (exif: number, where: number): Field[] => [
		...outer,
		...(inner.length ? [[0x8769, 4, 1, long(exif)] as Field] : []),
		...(gps.length ? [[0x8825, 4, 1, long(where)] as Field] : [])
	];
	const first = 8 + directory(place(0, 0), 8).length;
	const second = first + (inner.length ? directory(inner, first).length : 0);
	const tiff = [
		...[0x4d, 0x4d, 0, 42, 0, 0, 0, 8],
		...directory(place(first, second), 8),
		...(inner.length ? directory(inner, first) : []),
		...(gps.length ? directory(gps, second) : [])
	];
	const segment = [0x45, 0x78, 0x69, 0x66, 0, 0, ...tiff];
	const length = segment.length + 2;
	const all = new Uint8Array(jpeg.byteLength + length + 2);
	all.set([0xff, 0xd8, 0xff, 0xe1, length >> 8, length & 255, ...segment]);
	all.set(new Uint8Array(jpeg, 2), length + 4);
	return all.buffer;
}
