import type { NoticePage, NoticesPage, PublicNotice, Receipt } from '$lib/domain/publicnotice';
import { call, type Db } from './client';

/** Notices of a township, and the projects whose notice phase runs; null where it may not be seen. */
export const readNotices = (db: Db, townshipId: string): Promise<NoticesPage | null> =>
	call(db, 'notices_page', { p_township: townshipId });

/** One notice; null for unknown, foreign and not published to this person alike. */
export const readNotice = (
	db: Db,
	townshipId: string,
	noticeId: string
): Promise<NoticePage | null> =>
	call(db, 'notice_page', { p_township: townshipId, p_notice: noticeId });

/** Asked by the server itself for somebody without an account; null: no such notice, or not yet. */
export const readPublicNotice = (
	admin: Db,
	publicId: string,
	tag: string
): Promise<PublicNotice | null> => call(admin, 'notice_public', { p_public: publicId, p_tag: tag });

/** An objection by the page's form; null where the notice is not there any more. Throws with `outside_window`, `id_number`… */
export const sendObjection = (
	admin: Db,
	p: { public_id: string; text: string; contact_name: string; contact_phone: string }
): Promise<{ receipt: string } | null> => call(admin, 'notice_object', { p });

/** What became of an objection, for whoever holds its receipt. */
export const readReceipt = (
	admin: Db,
	publicId: string,
	receipt: string
): Promise<Receipt | null> =>
	call(admin, 'notice_receipt', { p_public: publicId, p_receipt: receipt });

/** Asked by the server itself every hour: notices that are over come down, what has to go by its day goes. */
export const tidyNotices = (admin: Db): Promise<unknown> => call(admin, 'notices_tidy');
