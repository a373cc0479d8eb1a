import { frameOf, previewOf } from '$lib/server/preview';
import type { PageServerLoad } from './$types';

/** As a reader of a link gets it: HTML and one small script. */
export const csr = false;

export const load: PageServerLoad = async (event) => {
	const content = await previewOf(event);
	return { content, frame: frameOf(event.params.township, content) };
};
