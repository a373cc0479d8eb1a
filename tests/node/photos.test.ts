/**
 * E-09 (hashes), E-10, E-11 and E-13 of security.md over what decodes photos. PngSuite and exif-samples are not to
 * be had as packages here: the files are made byte by byte instead (photos-bytes.ts), with the same faults.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import ExifReader from 'exifreader';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { developInProcess, inTurn } from '../../src/lib/server/photos/darkroom';
import { develop, redact, type Developed } from '../../src/lib/server/photos/develop';
import { nearest } from '../../src/lib/server/photos/alike';
import { Refused } from '../../src/lib/server/photos/format';
import {
	chunk,
	chunksOf,
	exif,
	gif,
	header,
	manyScans,
	png,
	pngHead,
	segment,
	segments,
	withSegments
} from './photos-bytes';
import { changes, photo, random } from './photos-pictures';

const refusal = (work: Promise<unknown>): Promise<string> =>
	work.then(
		() => 'taken',
		(error: unknown) => (error instanceof Refused ? error.code : String(error))
	);

describe('E-09 the same picture is found again', () => {
	it('by the pixels where only the bytes differ, and by its look where it was changed a little', async () => {
		const r = random(9);
		const count = 60;
		const pictures = await Promise.all(Array.from({ length: count }, (_, i) => photo(1000 + i)));
		const known: Developed[] = [];
		for (const p of pictures) known.push(await develop(p));

		const tagged = withSegments(pictures[0]!, segment(0xfe, Buffer.from('sent twice')));
		const again = await develop(tagged);
		expect(again.sha256).not.toBe(known[0]!.sha256);
		expect(again.pixelsSha256).toBe(known[0]!.pixelsSha256);

		const lines: string[] = [];
		let [found, all] = [0, 0];
		for (const [name, change] of Object.entries(changes)) {
			let hits = 0;
			for (const [i, p] of pictures.entries())
				if (nearest(known[i]!.hashes, (await develop(await change(p, r))).hashes) <= 7) hits++;
			lines.push(`${name} ${hits}/${count}`);
			found += hits;
			all += count;
			expect(hits / count, name).toBeGreaterThanOrEqual(0.95);
		}
		let alarms = 0;
		const pairs = 2000;
		for (let n = 0; n < pairs; n++) {
			const a = Math.floor(r() * count);
			const b = (a + 1 + Math.floor(r() * (count - 1))) % count;
			if (nearest(known[a]!.hashes, known[b]!.hashes) <= 7) alarms++;
		}
		console.log(
			`E-09: found ${found}/${all} (${lines.join(', ')}), false alarms ${alarms}/${pairs}`
		);
		expect(alarms / pairs).toBeLessThanOrEqual(0.01);
	});

	it('does not call every flat picture the twin of every other', async () => {
		const flat = await sharp({
			create: { width: 600, height: 400, channels: 3, background: '#e8e8e8' }
		})
			.jpeg()
			.toBuffer();
		expect((await develop(flat)).hashes).toEqual([]);
	});
});

describe('E-10 EXIF leaves nowhere', () => {
	const secret = 'K7Q2-SECRET';
	let picture: Buffer;
	beforeAll(async () => (picture = await photo(4242)));

	/** Everything that could carry something: markers of a JPEG, strings, what libraries read. */
	async function clean(bytes: Uint8Array): Promise<void> {
		const b = Buffer.from(bytes);
		expect(
			segments(b)
				.map((s) => s.marker)
				.filter((m) => (m > 0xe0 && m <= 0xef) || m === 0xfe)
		).toEqual([]);
		// With the zero that ends a segment's name: three letters alone come about in pixels by chance.
		for (const word of [secret, 'Exif\0', 'xpacket', 'HUAWEI', 'ICC_PROFILE', 'Photoshop', 'MPF\0'])
			expect(b.includes(word), word).toBe(false);
		expect(b.lastIndexOf(Buffer.from([0xff, 0xd9]))).toBe(b.length - 2);
		const m = await sharp(b).metadata();
		expect([m.exif, m.xmp, m.iptc, m.icc, m.orientation]).toEqual([
			undefined,
			undefined,
			undefined,
			undefined,
			undefined
		]);
		const read = ExifReader.load(b, { expanded: true }) as Record<string, unknown>;
		expect(Object.keys(read).filter((k) => !['file', 'jfif', 'Thumbnail'].includes(k))).toEqual([]);
	}

	it('whatever a JPEG carries', async () => {
		const thumbnail = await sharp(await photo(77))
			.resize(160)
			.jpeg()
			.toBuffer();
		let files = 0;
		for (let orientation = 1; orientation <= 8; orientation++) {
			const carrying = Buffer.concat([
				withSegments(
					picture,
					segment(0xe1, exif(orientation, thumbnail, secret)),
					segment(
						0xe1,
						Buffer.from(
							`http://ns.adobe.com/xap/1.0/\0<?xpacket begin=""?><x:xmpmeta xmlns:x="adobe:ns:meta/">${secret}</x:xmpmeta>`
						)
					),
					segment(0xe2, Buffer.from(`ICC_PROFILE\0\x01\x01${secret}`)),
					segment(0xed, Buffer.from(`Photoshop 3.0\x008BIM${secret}`)),
					segment(0xfe, Buffer.from(secret))
				),
				// Phones append a film, hostile programs an archive.
				Buffer.from(`PK\x03\x04${secret}`)
			]);
			const d = await develop(carrying);
			expect([d.width, d.height]).toEqual(orientation >= 5 ? [600, 800] : [800, 600]);
			expect(d.claims).toMatchObject({
				takenAt: '2026-11-20T10:11:12+08:00',
				camera: 'HUAWEI P50'
			});
			expect(d.claims.lon).toBeCloseTo(110.8, 6);
			expect(d.claims.lat).toBeCloseTo(32.6, 6);
			expect(JSON.stringify(d.claims)).not.toContain(secret);
			const covered = await redact(carrying, [{ x: 0.1, y: 0.1, width: 0.2, height: 0.2 }]);
			for (const copy of [d.large, d.small, covered.file!, covered.large, covered.small]) {
				await clean(copy);
				files++;
			}
			expect(covered.claims).toEqual({});
		}
		console.log(`E-10: ${files} copies, 0 with anything but the picture`);
	});

	it('and a PNG or WebP', async () => {
		const rich = sharp(picture)
			.withExif({
				IFD0: { Make: 'HUAWEI', Copyright: secret },
				IFD3: {
					GPSLatitude: '32/1 36/1 0/1',
					GPSLatitudeRef: 'N',
					GPSLongitude: '110/1 48/1 0/1',
					GPSLongitudeRef: 'E'
				}
			})
			.withXmp(`<x:xmpmeta xmlns:x="adobe:ns:meta/">${secret}</x:xmpmeta>`)
			.withIccProfile('p3');
		for (const bytes of [
			await rich.clone().png().toBuffer(),
			await rich.clone().webp().toBuffer()
		]) {
			expect(bytes.includes(secret)).toBe(true);
			const d = await develop(bytes);
			await clean(d.large);
			await clean(d.small);
			expect(d.claims.lat).toBeCloseTo(32.6, 6);
		}
	});

	it('and what was covered is gone', async () => {
		const white = await sharp({
			create: { width: 400, height: 400, channels: 3, background: '#ffffff' }
		})
			.composite([
				{
					input: Buffer.from(
						'<svg width="120" height="40"><text x="0" y="30" font-size="30">K7Q2</text></svg>'
					),
					left: 140,
					top: 180
				}
			])
			.jpeg()
			.toBuffer();
		const box = { x: 0.3, y: 0.4, width: 0.4, height: 0.2 };
		const { file } = await redact(white, [box]);
		// sharp's stats() looks at its input, so what was cut out is written first.
		const part = async (left: number, top: number, width: number, height: number) =>
			(
				await sharp(
					await sharp(file).extract({ left, top, width, height }).png().toBuffer()
				).stats()
			).channels[0]!;
		const inside = await part(128, 168, 144, 64);
		const outside = await part(0, 0, 400, 150);
		// A few even cells: no stroke of a letter is left in them.
		expect(inside.stdev).toBeLessThan(25);
		expect(inside.max).toBeLessThan(200);
		expect(outside.min).toBeGreaterThan(250);
	});
});

describe('E-11 pictures that cost too much', () => {
	const folder = mkdtempSync(path.join(tmpdir(), 'xt-bombs-'));
	afterAll(() => {
		rmSync(folder, { recursive: true, force: true });
	});

	/** The most memory that children of this process held together, and each alone, in MB. */
	function watch() {
		const most = { each: 0, together: 0 };
		const timer = setInterval(() => {
			let sum = 0;
			for (const thread of readdirSync('/proc/self/task'))
				for (const pid of children(thread)) {
					const kb = Number(/VmRSS:\s+(\d+)/.exec(readStatus(pid))?.[1] ?? 0);
					if (!readStatus(pid).includes('node')) continue;
					most.each = Math.max(most.each, kb / 1024);
					sum += kb / 1024;
				}
			most.together = Math.max(most.together, sum);
		}, 15);
		return () => {
			clearInterval(timer);
			return { each: Math.round(most.each), together: Math.round(most.together) };
		};
	}
	const readOr = (file: string) => {
		try {
			return readFileSync(file, 'utf8');
		} catch {
			return '';
		}
	};
	const children = (thread: string) =>
		readOr(`/proc/self/task/${thread}/children`).split(' ').filter(Boolean);
	const readStatus = (pid: string) => readOr(`/proc/${pid}/status`);

	async function send(name: string, bytes: Buffer): Promise<string> {
		const file = path.join(folder, name);
		writeFileSync(file, bytes);
		return refusal(inTurn(() => developInProcess(file)));
	}

	it('are refused or opened within two seconds and 300 MB', async () => {
		const small = await sharp({
			create: { width: 64, height: 64, channels: 3, background: '#777' }
		})
			.webp()
			.toBuffer();
		const moving = await sharp([small, await sharp(small).negate().webp().toBuffer()], {
			join: { animated: true }
		})
			.webp()
			.toBuffer();
		const lying = Buffer.from(await photo(5));
		lying.writeUInt32BE(0xffffffff, segments(lying).find((s) => s.marker === 0xc0)!.from + 5);
		const bombs: [string, Buffer, string[]][] = [
			['png16000', png(16_000, 16_000), ['photo_too_many_pixels']],
			['png30000', png(30_000, 30_000), ['photo_too_many_pixels']],
			['png200mp', png(20_000, 10_000), ['photo_too_many_pixels']],
			['png65535x1', png(65_535, 1), ['taken']],
			['png1x65535', png(1, 65_535), ['taken']],
			['png16bit', png(5000, 4990, 16, 6, 1), ['photo_too_many_pixels']],
			['png16bit-less', png(4000, 3100, 16, 6, 1), ['taken']],
			['png8bit-most', png(5000, 4990, 8, 6, 1), ['taken']],
			[
				'pngtext',
				Buffer.concat([
					...splice(
						png(64, 64, 8, 2),
						chunk(
							'zTXt',
							Buffer.concat([
								Buffer.from('k\0\0', 'latin1'),
								(await import('node:zlib')).deflateSync(Buffer.alloc(100e6))
							])
						)
					)
				]),
				['taken', 'photo_damaged']
			],
			['gif', gif(10_000), ['photo_type']],
			['webp-moving', moving, ['photo_animated']],
			['jpeg1000', await manyScans(1000, 600), ['photo_too_heavy']],
			['jpeg60', await manyScans(60), ['taken', 'photo_damaged']],
			['jpeg48mp', await flatJpeg(8000, 6000, false), ['taken']],
			['jpeg25mp-passes', await flatJpeg(5770, 4330, true), ['taken']],
			['jpeg48mp-passes', await flatJpeg(8000, 6000, true), ['photo_too_many_pixels']],
			['jpeg-lying', lying, ['photo_too_many_pixels', 'photo_damaged']],
			[
				'svg',
				Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="1e9" height="1e9"/>'),
				['photo_type']
			],
			['heic', Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1'), ['photo_heic']],
			['empty', Buffer.alloc(0), ['photo_empty']]
		];
		const lines: string[] = [];
		for (const [name, bytes, allowed] of bombs) {
			const stop = watch();
			const began = performance.now();
			const what = await send(name, bytes);
			const ms = Math.round(performance.now() - began);
			const { each } = stop();
			lines.push(`${name} ${bytes.length} B: ${what}, ${ms} ms, ${each} MB`);
			expect(allowed, name).toContain(what);
			expect(each, name).toBeLessThanOrEqual(300);
			// Two seconds on a quiet machine; this one may be busy.
			expect(ms, name).toBeLessThan(6000);
		}
		console.log(`E-11:\n  ${lines.join('\n  ')}`);
	});

	it('twenty at once stay under 1 GB and are all answered', async () => {
		const big = await sharp(await photo(31, 4000))
			.jpeg({ quality: 92, progressive: true })
			.toBuffer();
		const stop = watch();
		const began = performance.now();
		const answers = await Promise.all(
			Array.from({ length: 20 }, (_, i) => send(`at-once-${i}`, big))
		);
		const { each, together } = stop();
		console.log(
			`E-11: 20 × 12 MP progressive at once: ${Math.round(performance.now() - began)} ms, ${each} MB each, ${together} MB together`
		);
		expect(answers).toEqual(Array(20).fill('taken'));
		expect(together).toBeLessThan(1024);
	});

	it('a picture cut off anywhere is refused', async () => {
		const jpeg = await photo(11);
		const whole: Record<string, Buffer> = {
			jpeg,
			progressive: await sharp(jpeg).jpeg({ progressive: true }).toBuffer(),
			png: await sharp(jpeg).png().toBuffer(),
			webp: await sharp(jpeg).webp().toBuffer()
		};
		const wrong: string[] = [];
		for (const [name, bytes] of Object.entries(whole))
			for (let n = 1; n < 20; n++) {
				const what = await refusal(develop(bytes.subarray(0, Math.floor((bytes.length * n) / 20))));
				if (!['photo_damaged', 'photo_type'].includes(what))
					wrong.push(`${name} ${n * 5} %: ${what}`);
			}
		expect(wrong).toEqual([]);
	});

	it('a process that hangs or dies is a refusal', async () => {
		const bad = (code: string) => {
			const file = path.join(folder, `bad${code.length}.mjs`);
			writeFileSync(file, `process.once('message', () => { ${code} })`);
			return refusal(developInProcess('x', undefined, { script: file, timeoutMs: 1500 }));
		};
		expect(await bad('for (;;);')).toBe('photo_too_slow');
		expect(await bad('process.exit(3)')).toBe('photo_crashed');
	});
});

/** The chunks of a PNG with one more before the picture. */
function splice(b: Buffer, more: Buffer): Buffer[] {
	return [b.subarray(0, 33), more, b.subarray(33)];
}

const flatJpeg = (width: number, height: number, progressive: boolean) =>
	sharp({ create: { width, height, channels: 3, background: '#69a' } })
		.jpeg({ progressive, chromaSubsampling: '4:4:4' })
		.toBuffer();

describe('E-13 damaged files', () => {
	it('are refused, each kind of damage; whole ones of every kind are taken', async () => {
		const base = await sharp(await photo(21, 200))
			.png({ compressionLevel: 6 })
			.toBuffer();
		const parts = chunksOf(base);
		const join = (list: { type: string; data: Buffer }[]) =>
			Buffer.concat([pngHead, ...list.map((c) => chunk(c.type, c.data))]);
		const ihdr = (change: (b: Buffer) => void) =>
			join(
				parts.map((c) =>
					c.type === 'IHDR' ? { ...c, data: ((b) => (change(b), b))(Buffer.from(c.data)) } : c
				)
			);
		const flip = (b: Buffer, at: number) => {
			const copy = Buffer.from(b);
			copy[at]! ^= 0xff;
			return copy;
		};
		const idat = base.indexOf('IDAT');
		// After PngSuite's x* files: signature, header, missing data, checksums; then damage inside the data.
		const damaged: Record<string, Buffer> = {
			'signature byte 1': flip(base, 0),
			'signature without CR LF': Buffer.concat([
				Buffer.from('\x89PNG\n\x1a\n', 'latin1'),
				base.subarray(8)
			]),
			'signature as text': flip(base, 5),
			'IHDR checksum': flip(base, 29),
			'IDAT checksum': flip(base, idat + 4 + base.readUInt32BE(idat - 4)),
			'colour type 1': ihdr((b) => (b[9] = 1)),
			'colour type 9': ihdr((b) => (b[9] = 9)),
			'bit depth 0': ihdr((b) => (b[8] = 0)),
			'bit depth 3': ihdr((b) => (b[8] = 3)),
			'bit depth 99': ihdr((b) => (b[8] = 99)),
			'width 0': ihdr((b) => b.writeUInt32BE(0, 0)),
			'compression 7': ihdr((b) => (b[10] = 7)),
			'no picture data': join(parts.filter((c) => c.type !== 'IDAT')),
			'no header': join(parts.filter((c) => c.type !== 'IHDR')),
			'data is not zlib': join(
				parts.map((c) =>
					c.type === 'IDAT' ? { ...c, data: Buffer.alloc(c.data.length, 0x41) } : c
				)
			),
			'zlib damaged': join(
				parts.map((c) => (c.type === 'IDAT' ? { ...c, data: flip(c.data, c.data.length >> 1) } : c))
			),
			'height too large for the data': ihdr((b) => b.writeUInt32BE(9999, 4)),
			'palette missing': Buffer.concat([
				pngHead,
				header(8, 8, 8, 3),
				...chunksOf(png(8, 8, 8, 0))
					.filter((c) => c.type === 'IDAT')
					.map((c) => chunk(c.type, c.data)),
				chunk('IEND', Buffer.alloc(0))
			]),
			'JPEG head only': Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16]),
			'JPEG without tables': ((j) =>
				Buffer.concat([
					j.subarray(0, 2),
					...segments(j)
						.filter((s) => ![0xdb, 0xc4].includes(s.marker))
						.map((s) => j.subarray(s.from, s.to)),
					Buffer.from([0xff, 0xd9])
				]))(await photo(3, 200)),
			'WebP head only': Buffer.from('RIFF\x20\0\0\0WEBPVP8 ', 'latin1'),
			text: Buffer.from('not a picture'),
			zip: Buffer.from('PK\x03\x04', 'latin1')
		};
		const wrong: string[] = [];
		for (const [name, bytes] of Object.entries(damaged)) {
			const what = await refusal(develop(bytes));
			if (!['photo_damaged', 'photo_type', 'photo_too_many_pixels'].includes(what))
				wrong.push(`${name}: ${what}`);
		}
		expect(wrong).toEqual([]);

		const taken: Buffer[] = [];
		for (const [colour, depths] of [
			[0, [1, 2, 4, 8, 16]],
			[2, [8, 16]],
			[4, [8, 16]],
			[6, [8, 16]]
		] as const)
			for (const depth of depths)
				for (const interlaced of [0, 1]) taken.push(png(33, 17, depth, colour, interlaced));
		const jpeg = await photo(3, 200);
		taken.push(
			await sharp(jpeg).toColourspace('cmyk').jpeg().toBuffer(),
			await sharp(jpeg).greyscale().jpeg().toBuffer(),
			await sharp(jpeg).jpeg({ progressive: true, chromaSubsampling: '4:4:4' }).toBuffer(),
			await sharp(jpeg).webp({ lossless: true }).toBuffer(),
			await sharp(jpeg).ensureAlpha(0.5).webp().toBuffer(),
			await sharp(jpeg).png({ palette: true }).toBuffer()
		);
		for (const [i, bytes] of taken.entries()) {
			expect(await refusal(develop(bytes)), `whole file ${i}`).toBe('taken');
			const { large } = await develop(bytes);
			const m = await sharp(large).metadata();
			expect([m.format, m.space, m.channels]).toEqual(['jpeg', 'srgb', 3]);
		}
		console.log(
			`E-13: ${Object.keys(damaged).length} damaged refused, ${taken.length} whole taken`
		);
	});

	it('random damage never breaks it', async () => {
		const seed = Number(process.env.SEED ?? 20261123);
		const r = random(seed);
		const jpeg = await photo(8, 320);
		const kinds = [jpeg, await sharp(jpeg).png().toBuffer(), await sharp(jpeg).webp().toBuffer()];
		const tally: Record<string, number> = {};
		for (let n = 0; n < 300; n++) {
			const b = Buffer.from(kinds[n % 3]!);
			for (let k = 0; k < 1 + r() * 12; k++) b[Math.floor(r() * b.length)] = Math.floor(r() * 256);
			const what = await refusal(develop(b));
			tally[what] = (tally[what] ?? 0) + 1;
		}
		console.log(`E-13: SEED=${seed}, 300 files with random damage: ${JSON.stringify(tally)}`);
		expect(Object.keys(tally).filter((k) => k !== 'taken' && !k.startsWith('photo_'))).toEqual([]);
	});
});
