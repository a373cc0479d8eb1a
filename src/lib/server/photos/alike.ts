/**
 * Perceptual hash: the signs of the low frequencies of a small grey picture (DCT), 64 bits. Compressing,
 * resizing and light editing leave them; cutting off an edge moves them, so views without an edge are hashed too.
 */
const side = 32;
const low = 8;

const cosine = Array.from({ length: low + 1 }, (_, u) =>
	Float64Array.from({ length: side }, (_, x) => Math.cos(((2 * x + 1) * u * Math.PI) / (2 * side)))
);

export type Grey = { data: Uint8Array; width: number; height: number };

/** The part of a grey picture, as fractions, averaged down to 32 × 32. */
function shrink({ data, width, height }: Grey, x0: number, y0: number, x1: number, y1: number) {
	// Sums over rectangles from a running total: every view costs the same.
	const out = new Float64Array(side * side);
	const left = x0 * width;
	const top = y0 * height;
	const dx = ((x1 - x0) * width) / side;
	const dy = ((y1 - y0) * height) / side;
	for (let j = 0; j < side; j++) {
		const ya = top + j * dy;
		const yb = ya + dy;
		for (let i = 0; i < side; i++) {
			const xa = left + i * dx;
			const xb = xa + dx;
			let sum = 0;
			let weight = 0;
			for (let y = Math.floor(ya); y < yb && y < height; y++) {
				const wy = Math.min(y + 1, yb) - Math.max(y, ya);
				for (let x = Math.floor(xa); x < xb && x < width; x++) {
					const w = wy * (Math.min(x + 1, xb) - Math.max(x, xa));
					sum += w * data[y * width + x]!;
					weight += w;
				}
			}
			out[j * side + i] = sum / weight;
		}
	}
	return out;
}

/** 64 bits as 16 hexadecimal digits; null where the picture is too even to tell it from another. */
function hashOf(grey: Float64Array): string | null {
	const rows = new Float64Array((low + 1) * side);
	for (let y = 0; y < side; y++)
		for (let u = 0; u <= low; u++) {
			let sum = 0;
			for (let x = 0; x < side; x++) sum += grey[y * side + x]! * cosine[u]![x]!;
			rows[u * side + y] = sum;
		}
	const values: number[] = [];
	for (let v = 0; v < low; v++)
		for (let u = 0; u < low; u++) {
			// The mean says only how bright it is; the ninth frequency takes its place.
			const uu = u === 0 && v === 0 ? low : u;
			let sum = 0;
			for (let y = 0; y < side; y++) sum += rows[uu * side + y]! * cosine[v]![y]!;
			values.push(sum);
		}
	const sorted = [...values].sort((a, b) => a - b);
	const median = (sorted[31]! + sorted[32]!) / 2;
	const spread = values.reduce((sum, v) => sum + Math.abs(v - median), 0) / 64 / side;
	if (spread < flat) return null;
	// Every third frequency into each third: the database looks pictures up by thirds, and the lowest
	// frequencies alone would be much the same in all landscapes. The highest leads and is in none.
	let bits = values[63]! > median ? 1n : 0n;
	for (let n = 0; n < 63; n++)
		bits = (bits << 1n) | (values[(n % 21) * 3 + Math.floor(n / 21)]! > median ? 1n : 0n);
	return bits.toString(16).padStart(16, '0');
}

/** Below this the signs are noise: a hand over the lens, a white page. */
const flat = 1.2;

/** What is left of a picture when an edge is cut off; fractions of each side. */
const views = [
	[0, 0, 1, 1],
	[0.025, 0.025, 0.975, 0.975],
	[0.05, 0, 1, 1],
	[0, 0, 0.95, 1],
	[0, 0.05, 1, 1],
	[0, 0, 1, 0.95],
	[0.05, 0.05, 1, 1],
	[0, 0, 0.95, 0.95],
	[0.05, 0, 1, 0.95],
	[0, 0.05, 0.95, 1]
] as const;

/** The whole picture first, then its views; empty where the whole is too even. */
export function hashesOf(grey: Grey): string[] {
	const all = views.map(([x0, y0, x1, y1]) => hashOf(shrink(grey, x0, y0, x1, y1)));
	return all[0] ? [...new Set(all.filter((h): h is string => h !== null))] : [];
}

function differing(x: bigint): number {
	let n = 0;
	for (; x; x &= x - 1n) n++;
	return n;
}

/** How many of 64 bits differ; 64 where the database would not even look (no third within one bit). */
function distance(a: string, b: string): number {
	const x = BigInt(`0x${a}`) ^ BigInt(`0x${b}`);
	const thirds = [0n, 21n, 42n].map((from) => differing((x >> from) & 0x1fffffn));
	return Math.min(...thirds) <= 1 ? differing(x) : 64;
}

/** The database's measure (`private.find_twins`): one of the two is taken whole. */
export function nearest(a: string[], b: string[]): number {
	if (!a.length || !b.length) return 64;
	return Math.min(...b.map((h) => distance(a[0]!, h)), ...a.map((h) => distance(b[0]!, h)));
}
