/// <reference lib="webworker" />
import type { HeicAnswer, HeicOrder } from './heic';

type Image = {
	get_width(): number;
	get_height(): number;
	is_primary?(): boolean;
	display(into: ImageData, done: (filled: ImageData | null) => void): void;
	free?(): void;
};
type Heif = { HeifDecoder: new () => { decode(bytes: Uint8Array): Image[] } };

/** libheif (LGPL-3) stays a file of its own, fetched only when a HEIC photo has to be opened. */
const load = async (): Promise<Heif> =>
	(
		(await import('libheif-js/libheif-wasm/libheif-bundle.mjs')) as { default: () => Heif }
	).default();

async function decode({ bytes, longest }: HeicOrder): Promise<HeicAnswer> {
	const heif = await load();
	const images = new heif.HeifDecoder().decode(new Uint8Array(bytes));
	const image = images.find((i) => i.is_primary?.()) ?? images[0];
	if (!image) return { failed: true };
	const [width, height] = [image.get_width(), image.get_height()];
	if (width * height === 0 || width * height > 60e6) return { failed: true };
	const picture = await new Promise<ImageData | null>((resolve) =>
		image.display(new ImageData(width, height), resolve)
	);
	if (!picture) return { failed: true };
	const whole = new OffscreenCanvas(width, height);
	whole.getContext('2d')!.putImageData(picture, 0, 0);
	const scale = Math.min(1, longest / Math.max(width, height));
	const out = new OffscreenCanvas(Math.round(width * scale), Math.round(height * scale));
	const context = out.getContext('2d')!;
	context.fillStyle = '#ffffff';
	context.fillRect(0, 0, out.width, out.height);
	context.drawImage(whole, 0, 0, out.width, out.height);
	const blob = await out.convertToBlob({ type: 'image/jpeg', quality: 0.9 });
	return { jpeg: await blob.arrayBuffer(), width: out.width, height: out.height };
}

const worker = self as unknown as DedicatedWorkerGlobalScope;
worker.onmessage = async (e: MessageEvent<HeicOrder>) => {
	const answer: HeicAnswer = await decode(e.data).catch(() => ({ failed: true }));
	worker.postMessage(answer, 'jpeg' in answer ? [answer.jpeg] : []);
};
