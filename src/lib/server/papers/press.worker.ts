import { paperDocx } from './docx';
import { NoFont } from './fonts';
import type { Paper } from './paper';
import { NotPrinted, paperPdf } from './pdf';
import { setUp, type Press } from './press';
import type { Sheet } from './print';

/**
 * A process of its own for the papers of one order: Typst keeps a megabyte or more of each document, and a
 * large one takes a second in which a server would answer nobody. DOCX first: it needs no font.
 */
export type Order = { papers: Paper[]; folders: string[]; memoryMb: number };

process.once('message', async ({ papers, folders, memoryMb }: Order) => {
	// Looked at between two sheets: while one is set nothing else runs, and the parent's deadline holds.
	const send = (sheet: Sheet | 'done') =>
		new Promise<void>((sent) => {
			if (process.memoryUsage.rss() > memoryMb * 1024 * 1024) process.exit(1);
			process.send?.(sheet, undefined, undefined, () => sent());
		});
	for (const [paper, p] of papers.entries())
		await send({ paper, ending: '.docx', bytes: await paperDocx(p), note: null });
	let press: Press | null = null;
	for (const [paper, p] of papers.entries()) {
		try {
			const { bytes, unwritable } = paperPdf(p, (press ??= setUp(folders)));
			const note = unwritable.length
				? `本机字体没有这些字，PDF里印的是编号，请看DOCX：${unwritable.join(' ')}`
				: null;
			await send({ paper, ending: '.pdf', bytes, note });
		} catch (error) {
			if (!(error instanceof NoFont || error instanceof NotPrinted)) throw error;
			await send({ paper, ending: '.pdf', bytes: null, note: error.message });
		}
	}
	await send('done');
	process.exit(0);
});
// Without its parent there is nobody to answer.
process.once('disconnect', () => process.exit(0));
