import type { Kind } from './fact';
import type { Figure, Report } from './report';

/** Which number of a report: of what, where, of which type. */
export type Behind = {
	kind: Kind;
	figure: Figure;
	/** The township's own id: in no known village. */
	village?: string | null;
	type?: string | null;
};

/** The list of the places behind a number of this report: exactly as many as the number says. */
export function placesHref(report: Report, { kind, figure, village, type }: Behind): string {
	const query = new URLSearchParams({
		from: report.from,
		to: report.to,
		...(report.campaign !== null && { campaign: report.campaign }),
		// Said openly, so that the list cannot decide otherwise than the report did.
		ledger: report.ledger ? '1' : '0',
		kind,
		figure,
		...(village && { village }),
		...(type && { type })
	});
	return `/t/${report.township.id}/reports/places?${query}`;
}
