import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { newId } from '$lib/domain/op';
import { receivePhoto } from './photos/receive';

export type Scene = 'river' | 'yard' | 'ditch';

/** One of the demo's drawn pictures, taken in as a person's photo is; its new id. Each says that it is invented. */
export async function demoPhoto(
	scene: Scene,
	when: 'before' | 'after',
	townshipId: string,
	personId: string
): Promise<string> {
	const file = path.resolve('supabase/seed/demo/photos', `${scene}-${when}.jpg`);
	const id = newId();
	await receivePhoto({ townshipId, id, personId }, new Blob([await readFile(file)]).stream(), null);
	return id;
}
