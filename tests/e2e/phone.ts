import type { BrowserContextOptions, Locator, Page } from '@playwright/test';
import sharp from 'sharp';

/** A phone of 390 × 844 held by somebody who stands at `at`. */
export const phone = (at?: [number, number]): BrowserContextOptions => ({
	viewport: { width: 390, height: 844 },
	hasTouch: true,
	isMobile: true,
	...(at && {
		geolocation: { longitude: at[0], latitude: at[1], accuracy: 8 },
		permissions: ['geolocation']
	})
});

/** Counts what a person does to a page; opening the chooser is a tap, choosing the photo is the photo. */
export class Finger {
	taps = 0;
	photos = 0;
	constructor(private readonly page: Page) {}

	async tap(what: Locator): Promise<void> {
		this.taps++;
		await what.tap();
	}
	async shoot(button: Locator, jpeg: Buffer): Promise<void> {
		const chooser = this.page.waitForEvent('filechooser');
		await this.tap(button);
		this.photos++;
		await (await chooser).setFiles({ name: 'IMG_0001.jpg', mimeType: 'image/jpeg', buffer: jpeg });
	}
}

/** A photo unlike any other: noise on a coloured ground. */
export const jpeg = (seed: number): Promise<Buffer> =>
	sharp({
		create: {
			width: 640,
			height: 480,
			channels: 3,
			background: { r: (seed * 53) % 256, g: (seed * 97) % 256, b: (seed * 151) % 256 },
			noise: { type: 'gaussian', mean: 128, sigma: 10 + (seed % 60) }
		}
	})
		.jpeg({ quality: 80 })
		.toBuffer();

export type Day = {
	me: { id: string; name: string };
	day: {
		villages: { id: string; name: string; label: [number, number] }[];
		tasks: Task[];
		recent: Task[];
	};
};
export type Task = {
	id: string;
	category: string;
	stage: string;
	villageId: string;
	at: [number, number] | null;
	answers: string | null;
	round: number;
	doneByName: string | null;
	photos: { id: string; role: string }[];
	[key: string]: unknown;
};

/** What the server tells this person's phone. */
export const dayOf = (page: Page, township: string): Promise<Day> =>
	page.evaluate(async (at) => (await fetch(at)).json(), `/t/${township}/field/day`);

export async function taskOf(page: Page, township: string, id: string): Promise<Task | undefined> {
	const { day } = await dayOf(page, township);
	return [...day.tasks, ...day.recent].find((t) => t.id === id);
}

/** A place in a village, `east` metres from its label: one for each test. */
export async function spot(
	page: Page,
	township: string,
	village: string,
	east = 0
): Promise<[number, number]> {
	const { day } = await dayOf(page, township);
	const [lon, lat] = day.villages.find((v) => v.name === village)!.label;
	return [lon + east / (111_320 * Math.cos((lat * Math.PI) / 180)), lat];
}
