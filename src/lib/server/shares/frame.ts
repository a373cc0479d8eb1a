import { env } from '$env/dynamic/private';
import type { SharedPage } from '$lib/data/shares';
import type { ShareFrame } from '$lib/domain/shared';

/** What stands around the content of a link. */
export const shareFrame = ({ share, lastLook }: SharedPage): ShareFrame => ({
	title: share.title,
	township: share.townshipName,
	demo: share.demo,
	snapshotAt: share.snapshotAt,
	live: share.live,
	expiresAt: share.expiresAt,
	lastLook,
	pdf: `/s/${share.publicId}/pdf`,
	contact: env.XT_CONTACT ?? ''
});
