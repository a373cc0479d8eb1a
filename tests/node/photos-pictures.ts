/** Pictures for tests: invented village scenes with sky, hills, houses, roads, trees, rubbish, light and grain. */
import sharp from 'sharp';

/** Mulberry32: the same seed makes the same pictures. */
export function random(seed: number): () => number {
	let a = seed >>> 0;
	return () => {
		a = (a + 0x6d2b79f5) >>> 0;
		let t = Math.imul(a ^ (a >>> 15), a | 1);
		t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
		return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
	};
}

const pick = <T>(r: () => number, list: readonly T[]): T => list[Math.floor(r() * list.length)]!;

/** One scene as SVG, 800 × 600. All share a composition: sky above, ground below, something in the middle. */
function scene(seed: number): string {
	const r = random(seed);
	const between = (a: number, b: number) => a + r() * (b - a);
	const grey = (a: number, b: number) => {
		const v = between(a, b);
		return `rgb(${v + between(-25, 25)},${v + between(-20, 20)},${v + between(-25, 25)})`;
	};
	const horizon = between(120, 340);
	const parts: string[] = [
		`<defs><linearGradient id="s" x2="0" y2="1"><stop stop-color="${grey(120, 230)}"/><stop offset="1" stop-color="${grey(190, 250)}"/></linearGradient></defs>`,
		`<rect width="800" height="600" fill="${grey(60, 160)}"/><rect width="800" height="${horizon}" fill="url(#s)"/>`
	];
	for (let h = 0; h < 2; h++) {
		let path = `M0 ${horizon}`;
		for (let x = 0; x <= 800; x += 80) path += ` L${x} ${horizon - between(0, 110 - h * 60)}`;
		parts.push(`<path d="${path} L800 ${horizon} Z" fill="${grey(60, 140)}"/>`);
	}
	const houses = Math.floor(between(0, 4));
	for (let i = 0; i < houses; i++) {
		const [x, w, t] = [between(-60, 700), between(90, 320), between(50, 190)];
		const top = horizon - t + between(0, 90);
		parts.push(
			`<rect x="${x}" y="${top}" width="${w}" height="${t + between(40, 160)}" fill="${grey(130, 240)}"/>`,
			`<path d="M${x - 15} ${top} L${x + w / 2} ${top - between(20, 80)} L${x + w + 15} ${top}Z" fill="${grey(40, 140)}"/>`
		);
		for (let k = 0; k < 3; k++)
			parts.push(
				`<rect x="${x + w * (0.1 + k * 0.3)}" y="${top + 25}" width="${w * 0.15}" height="${between(25, 60)}" fill="${grey(20, 90)}"/>`
			);
	}
	if (r() < 0.6) {
		const [a, b, c] = [between(100, 700), between(30, 200), between(0, 800)];
		parts.push(
			`<path d="M${c} ${horizon} L${c + 20} ${horizon} L${a + b} 600 L${a - b} 600Z" fill="${grey(120, 210)}"/>`
		);
	}
	const trees = Math.floor(between(0, 7));
	for (let i = 0; i < trees; i++) {
		const [x, y, s] = [between(0, 800), between(horizon - 60, 480), between(20, 110)];
		parts.push(
			`<rect x="${x - 4}" y="${y}" width="8" height="${s}" fill="${grey(40, 80)}"/><ellipse cx="${x}" cy="${y}" rx="${s * 0.6}" ry="${s * 0.8}" fill="${grey(30, 100)}"/>`
		);
	}
	const [hx, hy] = [between(80, 720), between(horizon + 40, 560)];
	const pieces = Math.floor(between(15, 90));
	for (let i = 0; i < pieces; i++)
		parts.push(
			`<rect x="${hx + between(-130, 130)}" y="${hy + between(-50, 50)}" width="${between(4, 46)}" height="${between(4, 30)}" transform="rotate(${between(0, 90)} ${hx} ${hy})" fill="${pick(r, ['#f4f4f4', '#222', '#c33', '#36c', '#db4', '#7a7', grey(20, 250)])}"/>`
		);
	return `<svg xmlns="http://www.w3.org/2000/svg" width="800" height="600">${parts.join('')}</svg>`;
}

/** A scene as a camera would give it: grain, a little blur, JPEG. Every fourth stands upright. */
export async function photo(seed: number, width = 800): Promise<Buffer> {
	const height = Math.round(width * 0.75);
	const flat = await sharp(Buffer.from(scene(seed)))
		.resize(width, height, { fit: seed % 4 ? 'fill' : 'cover' })
		.removeAlpha()
		.toBuffer();
	const grain = await sharp({
		create: {
			width,
			height,
			channels: 3,
			background: '#808080',
			noise: { type: 'gaussian', mean: 128, sigma: 22 }
		}
	})
		.blur(0.7)
		.png()
		.toBuffer();
	return sharp(flat)
		.composite([{ input: grain, blend: 'soft-light' }])
		.blur(0.6)
		.jpeg({ quality: 90 })
		.toBuffer();
}

/** What happens to a photo on its way: chat programs, editors, a thumb on the crop frame. */
export const changes: Record<string, (b: Buffer, r: () => number) => Promise<Buffer>> = {
	're-compressed': (b, r) =>
		sharp(b)
			.jpeg({ quality: 30 + Math.floor(r() * 60) })
			.toBuffer(),
	resized: async (b, r) => {
		const { width } = await sharp(b).metadata();
		return sharp(b)
			.resize(Math.round(width * (0.25 + r() * 1.25)))
			.jpeg({ quality: 80 })
			.toBuffer();
	},
	cropped: async (b, r) => {
		const { width, height } = await sharp(b).metadata();
		const w = Math.round(width * (1 - r() * 0.05));
		const h = Math.round(height * (1 - r() * 0.05));
		return sharp(b)
			.extract({
				left: Math.floor(r() * (width - w + 1)),
				top: Math.floor(r() * (height - h + 1)),
				width: w,
				height: h
			})
			.jpeg({ quality: 85 })
			.toBuffer();
	},
	'as chat sends it': (b) => sharp(b).resize(640).jpeg({ quality: 55 }).toBuffer(),
	'as WebP': (b) => sharp(b).webp({ quality: 60 }).toBuffer(),
	brighter: (b) => sharp(b).modulate({ brightness: 1.12 }).jpeg({ quality: 80 }).toBuffer(),
	screenshot: (b) => sharp(b).resize(713).sharpen().png().toBuffer()
};
