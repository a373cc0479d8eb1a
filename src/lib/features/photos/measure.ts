/** Width and height of an upright picture, read from its first bytes: decoding 12 million pixels to know them is too much for a phone. */
export type Measures = { width: number; height: number };

const jpegFrames = new Set([
	0xc0, 0xc1, 0xc2, 0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf
]);

function jpeg(v: DataView): Measures | null {
	let turned = false;
	for (let i = 2; i + 9 < v.byteLength;) {
		if (v.getUint8(i) !== 0xff) return null;
		const marker = v.getUint8(i + 1);
		if (marker === 0xff) {
			i++;
			continue;
		}
		const length = v.getUint16(i + 2);
		if (marker === 0xe1) turned ||= isTurned(v, i + 4, Math.min(i + 2 + length, v.byteLength));
		if (jpegFrames.has(marker)) {
			const [height, width] = [v.getUint16(i + 5), v.getUint16(i + 7)];
			return turned ? { width: height, height: width } : { width, height };
		}
		i += 2 + length;
	}
	return null;
}

/** Whether EXIF says that the picture lies on its side (orientation 5 to 8). */
function isTurned(v: DataView, from: number, to: number): boolean {
	if (to - from < 20 || v.getUint32(from) !== 0x45786966) return false;
	const tiff = from + 6;
	const little = v.getUint16(tiff) === 0x4949;
	const directory = tiff + v.getUint32(tiff + 4, little);
	if (directory + 2 > to) return false;
	const count = v.getUint16(directory, little);
	for (let n = 0; n < count; n++) {
		const at = directory + 2 + n * 12;
		if (at + 12 > to) return false;
		if (v.getUint16(at, little) === 0x0112) return v.getUint16(at + 8, little) >= 5;
	}
	return false;
}

const png = (v: DataView): Measures | null =>
	v.byteLength < 24 ? null : { width: v.getUint32(16), height: v.getUint32(20) };

function webp(v: DataView): Measures | null {
	if (v.byteLength < 30) return null;
	const kind = v.getUint32(12);
	const three = (at: number) => v.getUint16(at, true) | (v.getUint8(at + 2) << 16);
	// VP8X, VP8L and VP8 (RFC 9649).
	if (kind === 0x56503858) return { width: three(24) + 1, height: three(27) + 1 };
	if (kind === 0x5650384c) {
		const bits = v.getUint32(21, true);
		return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
	}
	return { width: v.getUint16(26, true) & 0x3fff, height: v.getUint16(28, true) & 0x3fff };
}

/** Null where the bytes do not say. */
export function measure(bytes: Uint8Array, format: 'jpeg' | 'png' | 'webp'): Measures | null {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	try {
		const found = { jpeg, png, webp }[format](view);
		return found && found.width > 0 && found.height > 0 ? found : null;
	} catch {
		return null;
	}
}
