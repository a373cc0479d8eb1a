/**
 * GCJ-02 ("Mars") and BD-09. The formulas are the public ones; they differ from the real service by
 * 0.4–3.4 m on average (domain.md E.1), so what comes out of them never counts as measured.
 */
const a = 6378245;
const ee = 0.006693421622965943;
const pi = Math.PI;

function outside(lon: number, lat: number): boolean {
	return lon < 72.004 || lon > 137.8347 || lat < 0.8293 || lat > 55.8271;
}

function offset(lon: number, lat: number): [number, number] {
	const x = lon - 105;
	const y = lat - 35;
	const common = (20 * Math.sin(6 * x * pi) + 20 * Math.sin(2 * x * pi)) * (2 / 3);
	const root = Math.sqrt(Math.abs(x));
	const north =
		-100 +
		2 * x +
		3 * y +
		0.2 * y * y +
		0.1 * x * y +
		0.2 * root +
		common +
		(20 * Math.sin(y * pi) + 40 * Math.sin((y / 3) * pi)) * (2 / 3) +
		(160 * Math.sin((y / 12) * pi) + 320 * Math.sin((y * pi) / 30)) * (2 / 3);
	const east =
		300 +
		x +
		2 * y +
		0.1 * x * x +
		0.1 * x * y +
		0.1 * root +
		common +
		(20 * Math.sin(x * pi) + 40 * Math.sin((x / 3) * pi)) * (2 / 3) +
		(150 * Math.sin((x / 12) * pi) + 300 * Math.sin((x / 30) * pi)) * (2 / 3);
	const phi = (lat / 180) * pi;
	const magic = 1 - ee * Math.sin(phi) ** 2;
	return [
		(east * 180) / ((a / Math.sqrt(magic)) * Math.cos(phi) * pi),
		(north * 180) / (((a * (1 - ee)) / (magic * Math.sqrt(magic))) * pi)
	];
}

export function toGcj02([lon, lat]: readonly number[]): [number, number] {
	if (outside(lon!, lat!)) return [lon!, lat!];
	const [dx, dy] = offset(lon!, lat!);
	return [lon! + dx, lat! + dy];
}

/** Iterates the forward formula; ten steps agree with it to less than a millimetre. */
export function fromGcj02(p: readonly number[]): [number, number] {
	if (outside(p[0]!, p[1]!)) return [p[0]!, p[1]!];
	let lon = p[0]!;
	let lat = p[1]!;
	for (let i = 0; i < 10; i++) {
		const [x, y] = toGcj02([lon, lat]);
		lon += p[0]! - x;
		lat += p[1]! - y;
		if (Math.abs(p[0]! - x) + Math.abs(p[1]! - y) < 1e-11) break;
	}
	return [lon, lat];
}

const k = (pi * 3000) / 180;

export function toBd09(p: readonly number[]): [number, number] {
	const [x, y] = toGcj02(p);
	const z = Math.hypot(x, y) + 0.00002 * Math.sin(y * k);
	const theta = Math.atan2(y, x) + 0.000003 * Math.cos(x * k);
	return [z * Math.cos(theta) + 0.0065, z * Math.sin(theta) + 0.006];
}

export function fromBd09(p: readonly number[]): [number, number] {
	let [lon, lat] = p as [number, number];
	for (let i = 0; i < 12; i++) {
		const [x, y] = toBd09([lon, lat]);
		lon += p[0]! - x;
		lat += p[1]! - y;
		if (Math.abs(p[0]! - x) + Math.abs(p[1]! - y) < 1e-11) break;
	}
	return [lon, lat];
}
