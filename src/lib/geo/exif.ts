import ExifReader from 'exifreader';

/** What a photo's file says of itself (EXIF); anybody can write anything there. Degrees are WGS84, accuracy metres. */
export type Claims = {
	takenAt?: string;
	lon?: number;
	lat?: number;
	accuracy?: number;
	bearing?: number;
	camera?: string;
	software?: string;
};

/** Control characters and whatever a database would choke on are no part of a camera's name. */
const text = (value: unknown, most = 120): string =>
	typeof value === 'string'
		? value
				.replace(/[\p{Cc}\p{Co}\ufffd]/gu, '')
				.trim()
				.slice(0, most)
		: '';

const between = (value: unknown, least: number, most: number): number | undefined =>
	typeof value === 'number' && Number.isFinite(value) && value >= least && value <= most
		? value
		: undefined;

type Tag = { value?: unknown; description?: unknown } | undefined;

/** A fraction of two whole numbers, as EXIF keeps numbers. */
const ratio = (tag: Tag): number | undefined => {
	const value = tag?.value;
	if (!Array.isArray(value)) return undefined;
	const [a, b] = value as unknown[];
	return typeof a === 'number' && typeof b === 'number' && b !== 0 ? a / b : undefined;
};

/** A JPEG's EXIF stands at its beginning and fits into 64 KB; what else stands there is not read. */
const jpegHead = 512 * 1024;

/** Reads them from the file; never throws: a photo without EXIF is a photo. Serial numbers are left out. */
export function readClaims(bytes: Uint8Array): Claims {
	try {
		// An ArrayBuffer of its own: the library takes nothing else in a browser.
		const head = bytes[0] === 0xff ? bytes.slice(0, jpegHead) : bytes.slice();
		const { exif = {}, gps = {} } = ExifReader.load(head.buffer, {
			expanded: true,
			excludeTags: {
				xmp: true,
				iptc: true,
				icc: true,
				photoshop: true,
				makerNotes: true,
				thumbnail: true
			}
		} as never) as { exif?: Record<string, Tag>; gps?: Record<string, unknown> };
		const claims: Claims = {};
		const time = /^(\d{4}):(\d\d):(\d\d) (\d\d):(\d\d):(\d\d)/.exec(
			text(exif.DateTimeOriginal?.description ?? exif.DateTime?.description)
		);
		if (time) {
			const [, y, mo, d, h, mi, s] = time;
			const zone = /^[+-]\d\d:\d\d$/.exec(text(exif.OffsetTimeOriginal?.description))?.[0] ?? '';
			if (Number(y) > 1980) claims.takenAt = `${y}-${mo}-${d}T${h}:${mi}:${s}${zone}`;
		}
		const lon = between(gps.Longitude, -180, 180);
		const lat = between(gps.Latitude, -90, 90);
		// 0, 0 is what cameras without a fix write.
		if (lon !== undefined && lat !== undefined && (lon !== 0 || lat !== 0))
			Object.assign(claims, { lon, lat });
		const accuracy = between(ratio(exif.GPSHPositioningError), 0, 1e6);
		if (accuracy !== undefined) claims.accuracy = accuracy;
		const bearing = between(ratio(exif.GPSImgDirection), 0, 360);
		if (bearing !== undefined) claims.bearing = bearing;
		const camera = [text(exif.Make?.description, 60), text(exif.Model?.description, 60)];
		const name = camera[1]!.startsWith(camera[0]!) ? camera[1]! : camera.join(' ').trim();
		if (name) claims.camera = name.slice(0, 120);
		const software = text(exif.Software?.description);
		if (software) claims.software = software;
		return claims;
	} catch {
		return {};
	}
}
