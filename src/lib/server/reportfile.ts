import { readReportPhotos } from '$lib/data/reports';
import type { Report } from '$lib/domain/report';
import { backend } from './backend';
import { printPapers, type Sheet } from './papers/print';
import { reportPaper } from './papers/reportpaper';
import { fetchPhoto } from './photos/store';

/** The photos of a report's pairs, by id; one that cannot be had is left out. */
async function photosOf(report: Report): Promise<Map<string, Uint8Array>> {
	const ids = report.pairs.flatMap((p) => [p.before, p.after]);
	const photos = new Map<string, Uint8Array>();
	if (!ids.length) return photos;
	const { id: township } = report.township;
	const hashes = await readReportPhotos(backend().admin, township, ids);
	for (const id of ids) {
		const bytes = hashes[id]
			? await fetchPhoto(township, id, hashes[id], 'large').catch(() => null)
			: null;
		if (bytes) photos.set(id, bytes);
	}
	return photos;
}

/** The report as DOCX and PDF; a sheet without bytes says why. */
export async function printReport(
	report: Report,
	other: Report | null,
	origin: string
): Promise<Sheet[]> {
	return printPapers([reportPaper({ report, other, photos: await photosOf(report), origin })]);
}
