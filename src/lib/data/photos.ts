import type { PhotoSize } from '$lib/domain/photo';
import { call, type Db } from './client';

export type KnownPhoto = { id: string; sha256: string; width: number; height: number };

/** Which file whoever asks may have; null for unknown, foreign and not allowed alike. */
export type PhotoFile = {
	id: string;
	sha256: string;
	type: string;
	width: number;
	height: number;
	/** False where a redacted copy stands in, which a newer one may replace. */
	settled: boolean;
};

export function photoFile(
	db: Db,
	townshipId: string,
	photoId: string,
	use: PhotoSize | 'redact'
): Promise<PhotoFile | null> {
	return call(db, 'photo_file', { p_township: townshipId, p_photo: photoId, p_use: use });
}

/** Asked by the server itself: may this person send photos, and is this one here already? */
export function photoKnown(
	admin: Db,
	townshipId: string,
	photoId: string,
	personId: string
): Promise<KnownPhoto | null> {
	return call(admin, 'photo_known', {
		p_township: townshipId,
		p_id: photoId,
		p_person: personId
	});
}

/** Keeps what the server measured of a photo. */
export function photoPut(admin: Db, p: Record<string, unknown>): Promise<KnownPhoto> {
	return call(admin, 'photo_put', { p });
}
