import { toJpeg, type Prepared } from './prepare';

/** The camera that looks away from the person; null where there is none, or nobody allowed it. */
export async function openCamera(): Promise<MediaStream | null> {
	// Missing on pages without https.
	if (!navigator.mediaDevices?.getUserMedia) return null;
	try {
		return await navigator.mediaDevices.getUserMedia({
			audio: false,
			video: {
				facingMode: { ideal: 'environment' },
				width: { ideal: 4096 },
				height: { ideal: 3072 }
			}
		});
	} catch {
		return null;
	}
}

/** What the camera sees now. The moment is the device's; the place is asked elsewhere. */
export async function shoot(video: HTMLVideoElement): Promise<Prepared> {
	const canvas = document.createElement('canvas');
	canvas.width = video.videoWidth;
	canvas.height = video.videoHeight;
	if (!canvas.width) throw new Error('the camera shows nothing yet');
	canvas.getContext('2d')!.drawImage(video, 0, 0);
	const takenAt = new Date().toISOString().slice(0, 19) + '+00:00';
	const bytes = await toJpeg(canvas);
	return {
		bytes,
		type: 'image/jpeg',
		width: canvas.width,
		height: canvas.height,
		at: null,
		takenAt
	};
}
