import { env } from '$env/dynamic/private';
import { error, type RequestEvent } from '@sveltejs/kit';
import { readPreview } from '$lib/data/shared';
import {
	isShareKind,
	previewPath,
	readShareOptions,
	type SharedContent,
	type ShareFrame
} from '$lib/domain/shared';
import { uuid } from '$lib/domain/id';
import { needRight, needTownship } from './guards';

/** The content that the address of a preview asks for: `?kind=&id=&money=0`. */
export async function previewOf(
	event: Pick<RequestEvent, 'locals' | 'url'> & { params: { township: string } }
): Promise<SharedContent> {
	const { account, township } = needTownship(event);
	needRight(account, 'plan', township);
	const { searchParams } = event.url;
	const kind = searchParams.get('kind');
	const id = searchParams.get('id') ?? '';
	const content =
		isShareKind(kind) && uuid.test(id)
			? await readPreview(event.locals.db, township.id, kind, id, readShareOptions(searchParams))
			: null;
	if (!content) error(404, { message: 'not_found', code: 'not_found' });
	return content;
}

/** What stands around a preview: no link, so no end and no reader who came before. */
export const frameOf = (townshipId: string, content: SharedContent): ShareFrame => ({
	title: content.title,
	township: content.township,
	demo: content.demo,
	snapshotAt: null,
	live: false,
	expiresAt: null,
	lastLook: null,
	pdf: previewPath(townshipId, content.kind, content.id, content.options, '.pdf'),
	contact: env.XT_CONTACT ?? ''
});
