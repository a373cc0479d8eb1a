import { describe, expect, test } from 'vitest';
import { formatOf, readBoxes } from '$lib/domain/photo';
import { readClaims } from '$lib/geo/exif';
import { between, Boxes, byKey } from './boxes.svelte';
import { withClaims } from './exif-out';
import { measure } from './measure';

const bytes = (...parts: (number[] | string)[]) =>
	new Uint8Array(
		parts.flatMap((p) => (typeof p === 'string' ? [...p].map((c) => c.charCodeAt(0)) : p))
	);
/** The smallest JPEG head that says 40 × 30. */
const jpeg = bytes([0xff, 0xd8, 0xff, 0xc0, 0, 11, 8, 0, 30, 0, 40, 1, 1, 0x11, 0, 0xff, 0xd9]);

describe('what a file is, by its first bytes', () => {
	test('names and types do not count', () => {
		expect(formatOf(jpeg)).toBe('jpeg');
		expect(formatOf(bytes('\x89PNG\r\n\x1a\n'))).toBe('png');
		expect(formatOf(bytes('RIFF', [0, 0, 0, 0], 'WEBPVP8 '))).toBe('webp');
		expect(formatOf(bytes([0, 0, 0, 24], 'ftypheic'))).toBe('heic');
		expect(formatOf(bytes([0, 0, 0, 24], 'ftypmp42'))).toBe(null);
		expect(formatOf(bytes('GIF89a'))).toBe(null);
		expect(formatOf(bytes('<svg '))).toBe(null);
		expect(formatOf(bytes())).toBe(null);
	});

	test('its size is read without opening it', () => {
		expect(measure(jpeg, 'jpeg')).toEqual({ width: 40, height: 30 });
		const png = bytes('\x89PNG\r\n\x1a\n', [0, 0, 0, 13], 'IHDR', [0, 0, 1, 0, 0, 0, 0, 200]);
		expect(measure(png, 'png')).toEqual({ width: 256, height: 200 });
		const vp8x = bytes(
			'RIFF',
			[0, 0, 0, 0],
			'WEBPVP8X',
			[10, 0, 0, 0, 0, 0, 0, 0],
			[99, 0, 0, 49, 0, 0]
		);
		expect(measure(vp8x, 'webp')).toEqual({ width: 100, height: 50 });
		expect(measure(jpeg.subarray(0, 8), 'jpeg')).toBe(null);
		expect(measure(bytes([0xff, 0xd8, 0xff, 0xe1, 0xff, 0xff]), 'jpeg')).toBe(null);
	});

	test('a picture that lies on its side is measured upright', () => {
		const turned = withClaims(jpeg.buffer, { camera: 'x' });
		const view = new Uint8Array(turned);
		// The camera's name becomes the orientation: tag 0x0112, a short, 6.
		const at = view.findIndex((b, i) => b === 0x01 && view[i + 1] === 0x10);
		view.set([0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0], at);
		expect(measure(view, 'jpeg')).toEqual({ width: 30, height: 40 });
	});
});

describe('what a photo claims is carried over to the JPEG made of it', () => {
	test.each([
		[110.8123456, 32.6012345],
		[-0.0000123, -89.9999],
		[179.999999, 0.5]
	])('%d, %d', (lon, lat) => {
		const claims = {
			takenAt: '2026-11-20T10:11:12+08:00',
			lon,
			lat,
			accuracy: 4.5,
			camera: 'Apple iPhone 15'
		};
		const read = readClaims(new Uint8Array(withClaims(jpeg.buffer, claims)));
		expect(read).toMatchObject({ takenAt: claims.takenAt, camera: claims.camera, accuracy: 4.5 });
		// 3 mm.
		expect(read.lon).toBeCloseTo(lon, 7);
		expect(read.lat).toBeCloseTo(lat, 7);
	});

	test('nothing to say leaves the bytes alone; nonsense is no claim', () => {
		expect(withClaims(jpeg.buffer, {})).toBe(jpeg.buffer);
		expect(readClaims(jpeg)).toEqual({});
		expect(readClaims(bytes('not a picture'))).toEqual({});
		const zero = new Uint8Array(withClaims(jpeg.buffer, { lon: 0, lat: 0 }));
		expect(readClaims(zero)).toEqual({});
	});
});

describe('boxes to burn over', () => {
	test('stay inside the picture, whichever way they are drawn', () => {
		expect(between(0.5, 0.6, 0.2, 0.1)).toEqual({ x: 0.2, y: 0.1, width: 0.3, height: 0.5 });
		expect(between(-1, -1, 2, 2)).toEqual({ x: 0, y: 0, width: 1, height: 1 });
		const corner = { x: 0.75, y: 0.75, width: 0.25, height: 0.25 };
		expect(byKey(corner, 'ArrowRight', false)).toEqual(corner);
		expect(byKey(corner, 'ArrowDown', true)).toEqual(corner);
		expect(byKey(corner, 'Enter', false)).toBe(null);
	});

	test('every change can be undone', () => {
		const boxes = new Boxes();
		boxes.add(between(0.1, 0.1, 0.3, 0.3));
		boxes.add(between(0.1, 0.1, 0.101, 0.101));
		expect(boxes.now).toHaveLength(1);
		boxes.replace(0, between(0, 0, 1, 1));
		boxes.remove(0);
		expect(boxes.now).toEqual([]);
		boxes.undo();
		boxes.undo();
		expect(boxes.now).toEqual([between(0.1, 0.1, 0.3, 0.3)]);
		boxes.undo();
		expect([boxes.now, boxes.canUndo]).toEqual([[], false]);
	});

	test('from outside are checked', () => {
		expect(readBoxes([{ x: 0.9, y: -1, width: 5, height: 5 }])).toEqual([
			{ x: 0.9, y: 0, width: 1 - 0.9, height: 1 }
		]);
		for (const bad of [
			null,
			[],
			{},
			[{}],
			[null],
			[{ x: 0, y: 0, width: 0, height: 1 }],
			[{ x: 2, y: 0, width: 1, height: 1 }],
			[{ x: '0', y: 0, width: 1, height: 1 }],
			[{ x: NaN, y: 0, width: 1, height: 1 }],
			Array(41).fill({ x: 0, y: 0, width: 1, height: 1 })
		])
			expect(readBoxes(bad)).toBe(null);
	});
});
