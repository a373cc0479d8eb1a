import { useQuota } from '$lib/data/accounts';
import { readReport } from '$lib/data/reports';
import { readReportView } from '$lib/domain/period';
import { refuse } from '$lib/server/answer';
import { needTownship } from '$lib/server/guards';
import { reportBook } from '$lib/server/reportbook';
import { chinaDay } from '$lib/domain/day';
import { printReport } from '$lib/server/reportfile';
import { reportZh } from '$lib/server/reportwords';
import type { RequestHandler } from './$types';

const types: Record<string, string> = {
	docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
	pdf: 'application/pdf',
	xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
};

/** The report of the address as a file, made anew from what is on record under the reader's own rights. */
export const GET: RequestHandler = async (event) => {
	const { locals, params, url } = event;
	if (!locals.account) return refuse('signed_out', 401);
	const { township } = needTownship(event);
	const { format } = params;
	if (!Object.hasOwn(types, format)) return refuse('not_found', 404);
	if (!(await useQuota(locals.db, 'papers', 60))) return refuse('too_many', 429);
	const view = readReportView(url.searchParams, chinaDay());
	const read = (period: typeof view.period) =>
		readReport(locals.db, township.id, { ...view, period });
	const report = await read(view.period);
	const other = view.beside ? await read(view.beside) : null;
	if (!report) return refuse('not_found', 404);
	let bytes: Uint8Array;
	if (format === 'xlsx') bytes = await reportBook(report, other);
	else {
		const sheet = (await printReport(report, other, url.origin)).find(
			(s) => s.ending === `.${format}`
		);
		if (!sheet?.bytes) return refuse('not_printed', 503, sheet?.note ?? '');
		bytes = sheet.bytes;
	}
	const name = encodeURIComponent(
		`${township.name}${reportZh(report)}_${report.from}_${report.to}`
	);
	return new Response(bytes.slice(), {
		headers: {
			'Content-Type': types[format]!,
			'Content-Disposition': `attachment; filename="file.${format}"; filename*=UTF-8''${name}.${format}`,
			'Cache-Control': 'private, no-store',
			'X-Content-Type-Options': 'nosniff',
			Vary: 'Cookie'
		}
	});
};
