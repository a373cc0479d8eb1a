import type {
	AuditFilter,
	AuditPage,
	ChainHead,
	Purpose,
	Sought,
	Trace,
	Verdict
} from '$lib/domain/audit';
import type { PlanContact } from '$lib/domain/plan';
import { call, type Db } from './client';

/** What happened and what was refused, newest first; null where this person neither audits nor administers. */
export const readAudit = (
	db: Db,
	townshipId: string,
	filter: AuditFilter
): Promise<AuditPage | null> => call(db, 'audit_page', { p_township: townshipId, p: filter });

/** Both chains of a township checked from their first rows. */
export const verifyChains = (db: Db, townshipId: string): Promise<Verdict> =>
	call(db, 'verify_events', { p_township: townshipId });

/** Written before the first byte of a file goes out. */
export const noteExport = (
	db: Db,
	townshipId: string,
	what: string,
	object: string | null
): Promise<number> =>
	call(db, 'export_note', { p_township: townshipId, p_what: what, p_object: object });

/** Asked by the server itself: a refusal that no function could write down. */
export const auditRefused = (
	admin: Db,
	p: {
		what: string;
		code: string;
		detail?: string;
		login?: string;
		session?: string;
		township?: string;
		account?: string;
		object?: string;
	}
): Promise<number> => call(admin, 'audit_refused', { p });

/** Asked by the server itself: the heads to be written down elsewhere, and which of such are no longer held. */
export const readHeads = (admin: Db): Promise<ChainHead[]> => call(admin, 'chain_heads');
export const readLostHeads = (admin: Db, heads: ChainHead[]): Promise<ChainHead[]> =>
	call(admin, 'heads_lost', { p: heads });

export type Revealed =
	PlanContact | { outcome: 'refused'; reason: 'slow_down'; wait: number } | null;

/** A plan's whole contact, for a purpose: written down first. */
export const revealContact = (
	db: Db,
	townshipId: string,
	planId: string,
	purpose: Purpose
): Promise<Revealed> =>
	call(db, 'contact_reveal', { p_township: townshipId, p_plan: planId, p_purpose: purpose });

/** Asked by the server itself every hour. */
export const tidyContacts = (admin: Db): Promise<number> => call(admin, 'contacts_tidy');

/** Everything held about somebody outside, for whoever administers: written down first. */
export const searchPerson = (db: Db, townshipId: string, sought: Sought): Promise<Trace[]> =>
	call(db, 'person_search', {
		p_township: townshipId,
		p_name: sought.name,
		p_phone: sought.phone,
		p_reason: sought.reason
	});

/** Takes the person out of the chosen cells. */
export const erasePerson = (
	db: Db,
	townshipId: string,
	p: Sought & { id: string; cells: string[] }
): Promise<{ outcome: string; cells?: number }> =>
	call(db, 'person_erase', { p_township: townshipId, p });

/** Asked by the server itself at its start: erasures that this copy of the data does not know. */
export const readLostErasures = <T extends { id: string; township: string }>(
	admin: Db,
	erasures: T[]
): Promise<T[]> => call(admin, 'erasures_lost', { p: erasures });
/** Every text in one column of a township; null after the last column. */
export const readErasureTexts = (
	admin: Db,
	townshipId: string,
	after: number
): Promise<string[] | null> =>
	call(admin, 'erasure_texts', { p_township: townshipId, p_after: after });
export const eraseAgain = (
	admin: Db,
	townshipId: string,
	p: { id: string; name: string; phone: string; cells: string[] | null }
): Promise<number> => call(admin, 'erasure_again', { p_township: townshipId, p });
