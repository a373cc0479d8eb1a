import type { Kind } from '$lib/domain/fact';
import { writeReportView, type ReportView } from '$lib/domain/period';
import type { Figure, Report } from '$lib/domain/report';

export type Behind = {
	kind: Kind;
	figure: Figure;
	/** The township's own id: in no known village. */
	village?: string | null;
	type?: string | null;
};

/** The list of the places behind a number of this report: exactly as many as the number says. */
export function placesHref(report: Report, view: ReportView, behind: Behind): string {
	const query = new URLSearchParams(
		// Said openly, so that the list cannot decide otherwise than the report did.
		writeReportView({ ...view, beside: null, ledger: report.ledger })
	);
	query.delete('beside');
	query.set('from', report.from);
	query.set('to', report.to);
	query.set('kind', behind.kind);
	query.set('figure', behind.figure);
	if (behind.village) query.set('village', behind.village);
	if (behind.type) query.set('type', behind.type);
	return `/t/${report.township.id}/reports/places?${query}`;
}
