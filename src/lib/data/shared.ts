import type { ShareKind, SharedContent, ShareOptions } from '$lib/domain/shared';
import { call, type Db } from './client';

/** What a reader of a link would see; null where there is no such thing. Refuses whoever does not plan here. */
export const readPreview = (
	db: Db,
	townshipId: string,
	kind: ShareKind,
	subject: string,
	options: ShareOptions
): Promise<SharedContent | null> =>
	call(db, 'share_preview', {
		p_township: townshipId,
		p_kind: kind,
		p_subject: subject,
		p_options: options
	});
