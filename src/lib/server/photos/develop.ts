import { createHash } from 'node:crypto';
import sharp from 'sharp';
import type { Box, PhotoFormat } from '$lib/domain/photo';
import { readClaims, type Claims } from '$lib/geo/exif';
import { hashesOf } from './alike';
import { checkCost, needFormat, pixels, Refused } from './format';

sharp.cache(false);
sharp.concurrency(1);

/** From here on this process opens nothing but the three formats, whatever the bytes turn out to be inside. */
export function lockDown(): void {
	sharp.block({ operation: ['VipsForeignLoad'] });
	sharp.unblock({
		operation: [
			'VipsForeignLoadJpegBuffer',
			'VipsForeignLoadPngBuffer',
			'VipsForeignLoadWebpBuffer'
		]
	});
}

/** What the server measured of one photo, and its copies without metadata. */
export type Developed = {
	format: PhotoFormat;
	/** Upright. */
	width: number;
	height: number;
	sha256: string;
	pixelsSha256: string;
	hashes: string[];
	claims: Claims;
	/** JPEG, longest side 1600 and 320 pixels. */
	large: Uint8Array;
	small: Uint8Array;
	/** Only of a redaction: the new file. */
	file?: Uint8Array;
};

type Raw = { data: Buffer; info: { width: number; height: number; channels: 3 } };

const options = { limitInputPixels: pixels.most, failOn: 'error', sequentialRead: true } as const;
const side = { normal: 2560, large: 1600, small: 320 };

const open = ({ data, info }: Raw) =>
	sharp(data, { raw: { width: info.width, height: info.height, channels: 3 } });

const fit = (raw: Raw, longest: number) =>
	open(raw).resize(longest, longest, { fit: 'inside', withoutEnlargement: true });

const jpeg = (raw: Raw, longest: number, quality: number) =>
	fit(raw, longest).jpeg({ quality, mozjpeg: false, progressive: false }).toBuffer();

/** Upright, sRGB, on white, at most 2560 pixels a side: decoded once, everything else is made of it. */
async function normalise(
	bytes: Uint8Array
): Promise<Raw & { format: PhotoFormat; width: number; height: number }> {
	const format = needFormat(bytes);
	const head = await sharp(bytes, options)
		.metadata()
		.catch((error: unknown) => {
			throw refusal(error);
		});
	const { width, height, orientation = 1, pages, depth } = head;
	checkCost(bytes, format, { width, height, pages, depth });
	const { data, info } = await sharp(bytes, options)
		.rotate()
		.resize(side.normal, side.normal, { fit: 'inside', withoutEnlargement: true })
		.flatten({ background: '#ffffff' })
		.toColourspace('srgb')
		.removeAlpha()
		.raw({ depth: 'uchar' })
		.toBuffer({ resolveWithObject: true })
		.catch((error: unknown) => {
			throw refusal(error);
		});
	const turned = orientation >= 5;
	const raw = info.channels === 3 ? data : threeOf(data, info.channels);
	return {
		format,
		width: turned ? height : width,
		height: turned ? width : height,
		data: raw,
		info: { width: info.width, height: info.height, channels: 3 }
	};
}

/** Grey comes out as one channel. */
function threeOf(data: Buffer, channels: number): Buffer {
	const out = Buffer.allocUnsafe((data.length / channels) * 3);
	for (let i = 0, o = 0; i < data.length; i += channels, o += 3) out.fill(data[i]!, o, o + 3);
	return out;
}

function refusal(error: unknown): Refused {
	if (error instanceof Refused) return error;
	const words = error instanceof Error ? error.message : String(error);
	if (/pixel limit/i.test(words)) return new Refused('photo_too_many_pixels');
	return new Refused('photo_damaged');
}

async function measure(raw: Raw, width: number, height: number) {
	const grey = await fit(raw, 256).greyscale().raw().toBuffer({ resolveWithObject: true });
	return {
		pixelsSha256: createHash('sha256').update(`${width}×${height} `).update(raw.data).digest('hex'),
		hashes: hashesOf({ data: grey.data, width: grey.info.width, height: grey.info.height }),
		large: await jpeg(raw, side.large, 82),
		small: await jpeg(raw, side.small, 76)
	};
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** A photo as it came, looked at once. Throws `Refused` for what is not taken. */
export async function develop(bytes: Uint8Array): Promise<Developed> {
	const raw = await normalise(bytes);
	const { format, width, height } = raw;
	const measured = await measure(raw, width, height);
	return { format, width, height, sha256: sha256(bytes), claims: readClaims(bytes), ...measured };
}

/** The same photo with parts burnt over: a new file that holds nothing of what was there, and no metadata. */
export async function redact(bytes: Uint8Array, boxes: Box[]): Promise<Developed> {
	const { data, info } = await normalise(bytes);
	const raw: Raw = { data, info };
	for (const box of boxes) await burn(raw, box);
	const file = await jpeg(raw, side.normal, 88);
	// Measured on what will be read back, not on what it was made of.
	return { ...(await develop(file)), claims: {}, file };
}

/** A few big cells of the average colour, half covered by grey: nothing of a face or a number is left. */
async function burn(raw: Raw, box: Box): Promise<void> {
	const { width: w, height: h } = raw.info;
	const left = Math.max(0, Math.floor(box.x * w));
	const top = Math.max(0, Math.floor(box.y * h));
	const width = Math.min(w - left, Math.max(1, Math.ceil((box.x + box.width) * w) - left));
	const height = Math.min(h - top, Math.max(1, Math.ceil((box.y + box.height) * h) - top));
	const cell = Math.max(8, Math.ceil(Math.max(width, height) / 6));
	for (let y = top; y < top + height; y += cell)
		for (let x = left; x < left + width; x += cell)
			fillCell(raw, x, y, Math.min(x + cell, left + width), Math.min(y + cell, top + height));
}

function fillCell({ data, info }: Raw, x0: number, y0: number, x1: number, y1: number): void {
	const sum = [0, 0, 0];
	for (let y = y0; y < y1; y++)
		for (let i = (y * info.width + x0) * 3; i < (y * info.width + x1) * 3; i++)
			sum[i % 3]! += data[i]!;
	const count = (x1 - x0) * (y1 - y0);
	const mean = sum.map((s) => Math.round(s / count / 2 + 64));
	for (let y = y0; y < y1; y++)
		for (let i = (y * info.width + x0) * 3; i < (y * info.width + x1) * 3; i++)
			data[i] = mean[i % 3]!;
}
