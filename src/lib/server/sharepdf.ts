import type { ShareOutline } from '$lib/domain/shared';
import { refuse } from './answer';
import { printPapers } from './papers/print';
import { raster } from './papers/raster';
import { sharePaper } from './papers/sharepaper';

/** The outline printed, or why it is not there. */
export async function sharePdf(outline: ShareOutline): Promise<Response> {
	const picture = outline.map && (await raster(outline.map.svg));
	const sheet = (await printPapers([sharePaper(outline, picture)])).find(
		(s) => s.ending === '.pdf'
	);
	if (!sheet?.bytes) return refuse('not_printed', 503, sheet?.note ?? '');
	return new Response(sheet.bytes.slice(), {
		headers: {
			'Content-Type': 'application/pdf',
			'Content-Disposition': `attachment; filename="page.pdf"; filename*=UTF-8''${encodeURIComponent(outline.title)}.pdf`,
			'Cache-Control': 'private, no-store',
			'X-Content-Type-Options': 'nosniff',
			'X-Robots-Tag': 'noindex, nofollow'
		}
	});
}
