import type { Share, SharesPage } from '$lib/domain/share';
import type { SharedContent, ShareKind } from '$lib/domain/shared';
import { call, Failure, type Db } from './client';

/** Links of a township; null for who neither plans nor audits it. */
export const readShares = (db: Db, townshipId: string): Promise<SharesPage | null> =>
	call(db, 'shares_page', { p_township: townshipId });

// ── asked by the server itself, for readers without an account ──

export type Seal = {
	township_id: string;
	person: string;
	id: string;
	/** Hex; of a secret. */
	sha256?: string;
	salt?: string;
	passcode?: string;
	findings?: Share['findings'];
	looked?: string[];
};
export const sealShare = (admin: Db, seal: Seal): Promise<{ id: string }> =>
	call(admin, 'share_seal', { p: seal });

/** Hex; another one for links that are unknown or have no passcode. */
export const shareSalt = (admin: Db, publicId: string): Promise<string> =>
	call(admin, 'share_salt', { p_public_id: publicId });

export type Opening = 'opened' | 'closed' | 'no_passcode' | 'wrong' | 'locked' | 'revoked';
/** Hashes in hex. The outcome is not for the reader. */
export const openShare = (
	admin: Db,
	p: {
		public_id: string;
		sha256: string;
		passcode: string | null;
		door: string;
		reader: string;
		device: string;
	}
): Promise<{ outcome: Opening }> => call(admin, 'share_open', { p });

export type SharedPage = {
	share: {
		publicId: string;
		title: string;
		kind: ShareKind;
		subjectId: string;
		live: boolean;
		answers: boolean;
		expiresAt: string;
		snapshotAt: string | null;
		demo: boolean;
		townshipName: string;
	};
	content: SharedContent;
	lastLook: string | null;
};

/** What a door opens; null for unknown, ended, taken back, closed and wrong alike. */
export async function readShared(
	admin: Db,
	publicId: string,
	door: string
): Promise<SharedPage | null> {
	return orClosed(call(admin, 'share_read', { p_public_id: publicId, p_door: door }));
}

export type SharedFile = { townshipId: string; id: string; sha256: string };
export async function sharedPhoto(
	admin: Db,
	publicId: string,
	door: string,
	photoId: string
): Promise<SharedFile | null> {
	return orClosed(
		call(admin, 'share_photo', { p_public_id: publicId, p_door: door, p_photo: photoId })
	);
}

/** The picture its owner allows on preview cards. */
export const sharedCard = (admin: Db, publicId: string): Promise<SharedFile | null> =>
	call(admin, 'share_card', { p_public_id: publicId });

async function orClosed<T>(asked: Promise<T>): Promise<T | null> {
	try {
		return await asked;
	} catch (failure) {
		if (failure instanceof Failure && failure.code === 'share_closed') return null;
		throw failure;
	}
}
