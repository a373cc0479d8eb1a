import type { Kind } from '$lib/domain/fact';
import type { Period } from '$lib/domain/period';
import type { Figure, Report, ReportRows, Subscription } from '$lib/domain/report';
import { call, type Db } from './client';

export type ReportAsk = { period: Period; campaign: string | null; ledger: boolean | null };

/** Null where the township may not be seen. */
export const readReport = (db: Db, townshipId: string, ask: ReportAsk): Promise<Report | null> =>
	call(db, 'report', {
		p_township: townshipId,
		p_from: ask.period.from,
		p_to: ask.period.to,
		p_campaign: ask.campaign,
		p_ledger: ask.ledger
	});

/** A page of the places behind a number, from after a row. `village`: the township's own id for none known. */
export const readReportRows = (
	db: Db,
	townshipId: string,
	ask: ReportAsk & {
		kind: Kind;
		figure: Figure;
		village: string | null;
		category: string | null;
		after: string | null;
	}
): Promise<ReportRows | null> =>
	call(db, 'report_rows', {
		p_township: townshipId,
		p_from: ask.period.from,
		p_to: ask.period.to,
		p_kind: ask.kind,
		p_figure: ask.figure,
		p_village: ask.village,
		p_category: ask.category,
		p_campaign: ask.campaign,
		p_ledger: ask.ledger,
		p_after: ask.after
	});

export const readSubscription = (db: Db, townshipId: string): Promise<Subscription | null> =>
	call(db, 'report_subscription', { p_township: townshipId });

/** The hashes of photos that a report shows. Asked by the server itself (`admin`), to print them. */
export const readReportPhotos = (
	admin: Db,
	townshipId: string,
	ids: string[]
): Promise<Record<string, string>> =>
	call(admin, 'report_photos', { p_township: townshipId, p_ids: ids });

/** One report that is to be sent now; it is claimed for ten minutes. */
export type Letter = {
	townshipId: string;
	personId: string;
	from: string;
	to: string;
	attempt: number;
	email: string;
	report: Report;
};
export const claimLetters = (admin: Db, limit = 3): Promise<Letter[]> =>
	call(admin, 'report_claim', { p_limit: limit });

export const tellLetter = (admin: Db, letter: Letter, error: string | null): Promise<void> =>
	call(admin, 'report_told', {
		p_township: letter.townshipId,
		p_person: letter.personId,
		p_from: letter.from,
		p_ok: error === null,
		p_error: error ?? ''
	});
