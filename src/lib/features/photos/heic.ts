import { Unusable } from './prepare';

export type HeicOrder = { bytes: ArrayBuffer; longest: number };
export type HeicAnswer = { jpeg: ArrayBuffer; width: number; height: number } | { failed: true };

/** A photo that does not open in this time will not open. */
const patience = 60_000;

/** HEIC to JPEG in a worker of our own, started for one photo and ended with it (libheif holds much memory). */
export function decodeHeic(
	bytes: ArrayBuffer,
	longest: number
): Promise<{ jpeg: ArrayBuffer; width: number; height: number }> {
	return new Promise((resolve, reject) => {
		const worker = new Worker(new URL('./heic.worker.ts', import.meta.url), { type: 'module' });
		const end = (answer: HeicAnswer) => {
			clearTimeout(clock);
			worker.terminate();
			if ('failed' in answer) reject(new Unusable('photo_damaged'));
			else resolve(answer);
		};
		const clock = setTimeout(() => end({ failed: true }), patience);
		worker.onmessage = (e: MessageEvent<HeicAnswer>) => end(e.data);
		worker.onerror = () => end({ failed: true });
		worker.postMessage({ bytes, longest } satisfies HeicOrder);
	});
}
