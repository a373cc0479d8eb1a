/** Files made byte by byte: what a hostile or broken program would send as a photo. */
import { constants, crc32 as nodeCrc, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { crc32 as ourCrc } from '../../src/lib/geo/crc';

const crc = (b: Buffer): number => (nodeCrc ? nodeCrc(b) : ourCrc(b)) >>> 0;

export function chunk(type: string, data: Buffer): Buffer {
	const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
	const out = Buffer.alloc(8 + body.length);
	out.writeUInt32BE(data.length, 0);
	body.copy(out, 4);
	out.writeUInt32BE(crc(body), 4 + body.length);
	return out;
}

export const pngHead = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');

export function header(
	width: number,
	height: number,
	depth: number,
	colour: number,
	interlaced = 0
): Buffer {
	const b = Buffer.alloc(13);
	b.writeUInt32BE(width, 0);
	b.writeUInt32BE(height, 4);
	b.set([depth, colour, 0, 0, interlaced], 8);
	return chunk('IHDR', b);
}

const perPixel: Record<number, number> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/** A whole PNG of zeros: small to send, as large as it says when opened. */
export function png(width: number, height: number, depth = 1, colour = 0, interlaced = 0): Buffer {
	const line = (w: number) => (w ? 1 + Math.ceil((w * depth * perPixel[colour]!) / 8) : 0);
	// The seven passes of Adam7: start and step of columns and rows.
	const passes = [
		[0, 8, 0, 8],
		[4, 8, 0, 8],
		[0, 4, 4, 8],
		[2, 4, 0, 4],
		[0, 2, 2, 4],
		[1, 2, 0, 2],
		[0, 1, 1, 2]
	];
	const count = (size: number, from: number, step: number) =>
		Math.max(0, Math.ceil((size - from) / step));
	const bytes = interlaced
		? passes.reduce(
				(sum, [x, dx, y, dy]) => sum + line(count(width, x!, dx!)) * count(height, y!, dy!),
				0
			)
		: line(width) * height;
	const data = deflateSync(Buffer.alloc(bytes), { level: 1, strategy: constants.Z_RLE });
	return Buffer.concat([
		pngHead,
		header(width, height, depth, colour, interlaced),
		chunk('IDAT', data),
		chunk('IEND', Buffer.alloc(0))
	]);
}

/** The chunks of a PNG, to damage one. */
export function chunksOf(b: Buffer): { type: string; data: Buffer }[] {
	const all: { type: string; data: Buffer }[] = [];
	for (let i = 8; i < b.length;) {
		const n = b.readUInt32BE(i);
		all.push({ type: b.toString('latin1', i + 4, i + 8), data: b.subarray(i + 8, i + 8 + n) });
		i += 12 + n;
	}
	return all;
}

export function gif(frames: number): Buffer {
	const frame = Buffer.from([0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0]);
	return Buffer.concat([
		Buffer.from('GIF89a', 'latin1'),
		Buffer.from([1, 0, 1, 0, 0x80, 0, 0, 0, 0, 0, 255, 255, 255]),
		...Array.from({ length: frames }, () => frame),
		Buffer.from([0x3b])
	]);
}

/** Where each segment of a JPEG begins, up to the picture data of the last scan. */
export function segments(b: Buffer): { marker: number; from: number; to: number }[] {
	const all: { marker: number; from: number; to: number }[] = [];
	let i = 2;
	while (i + 3 < b.length) {
		if (b[i] !== 0xff || b[i + 1] === 0 || (b[i + 1]! & 0xf8) === 0xd0) {
			i++;
			continue;
		}
		if (b[i + 1] === 0xd9) break;
		const to = i + 2 + b.readUInt16BE(i + 2);
		all.push({ marker: b[i + 1]!, from: i, to });
		i = to;
	}
	return all;
}

/** A progressive JPEG whose last scan comes again and again. */
export async function manyScans(count: number, side = 1500): Promise<Buffer> {
	const plain = await sharp({
		create: {
			width: side,
			height: side,
			channels: 3,
			background: '#777',
			noise: { type: 'gaussian', mean: 128, sigma: 30 }
		}
	})
		.jpeg({ progressive: true })
		.toBuffer();
	const last = segments(plain).findLast((s) => s.marker === 0xda)!;
	const scan = plain.subarray(last.from, plain.length - 2);
	const have = segments(plain).filter((s) => s.marker === 0xda).length;
	return Buffer.concat([
		plain.subarray(0, plain.length - 2),
		...Array.from({ length: count - have }, () => scan),
		Buffer.from([0xff, 0xd9])
	]);
}

export const segment = (marker: number, body: Buffer): Buffer => {
	const b = Buffer.alloc(4);
	b.set([0xff, marker]);
	b.writeUInt16BE(body.length + 2, 2);
	return Buffer.concat([b, body]);
};

/** Puts segments right behind the beginning of a JPEG. */
export const withSegments = (jpeg: Buffer, ...more: Buffer[]): Buffer =>
	Buffer.concat([jpeg.subarray(0, 2), ...more, jpeg.subarray(2)]);

type Entry = [tag: number, type: 2 | 3 | 4 | 5, values: number[] | string];

/** EXIF by hand (little-endian): camera, serial number, place, and a thumbnail that shows what was cropped away. */
export function exif(orientation: number, thumbnail: Buffer, secret: string): Buffer {
	const out = Buffer.alloc(20_000 + thumbnail.length);
	let end = 8;
	const take = (n: number) => (end += n + (n % 2)) - n - (n % 2);
	const directory = (entries: Entry[], at: number, next: number) => {
		out.writeUInt16LE(entries.length, at);
		entries.forEach(([tag, type, values], n) => {
			const e = at + 2 + n * 12;
			const count =
				typeof values === 'string'
					? values.length + 1
					: type === 5
						? values.length / 2
						: values.length;
			const bytes = typeof values === 'string' ? count : values.length * (type === 3 ? 2 : 4);
			out.writeUInt16LE(tag, e);
			out.writeUInt16LE(type, e + 2);
			out.writeUInt32LE(count, e + 4);
			const to = bytes <= 4 ? e + 8 : take(bytes);
			if (bytes > 4) out.writeUInt32LE(to, e + 8);
			if (typeof values === 'string') out.write(values, to, 'latin1');
			else
				values.forEach((v, k) =>
					type === 3 ? out.writeUInt16LE(v, to + k * 2) : out.writeUInt32LE(v, to + k * 4)
				);
		});
		out.writeUInt32LE(next, at + 2 + entries.length * 12);
	};
	const size = (n: number) => 6 + n * 12;
	out.write('II*\0', 0, 'latin1');
	out.writeUInt32LE(8, 4);
	const [zero, inner, gps, one] = [take(size(5)), take(size(3)), take(size(4)), take(size(3))];
	const at = take(thumbnail.length);
	thumbnail.copy(out, at);
	directory(
		[
			[0x010f, 2, 'HUAWEI'],
			[0x0110, 2, 'HUAWEI P50'],
			[0x0112, 3, [orientation]],
			[0x8769, 4, [inner]],
			[0x8825, 4, [gps]]
		],
		zero,
		one
	);
	directory(
		[
			[0x9003, 2, '2026:11:20 10:11:12'],
			[0x9011, 2, '+08:00'],
			[0xa431, 2, `SN-${secret}`]
		],
		inner,
		0
	);
	directory(
		[
			[1, 2, 'N'],
			[2, 5, [32, 1, 36, 1, 0, 1]],
			[3, 2, 'E'],
			[4, 5, [110, 1, 48, 1, 0, 1]]
		],
		gps,
		0
	);
	directory(
		[
			[0x0103, 3, [6]],
			[0x0201, 4, [at]],
			[0x0202, 4, [thumbnail.length]]
		],
		one,
		0
	);
	return Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), out.subarray(0, end)]);
}
