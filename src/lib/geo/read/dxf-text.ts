import { decode, isUtf8, plain } from '../text';

/**
 * The text of a DXF: UTF-8 from R2007 (AC1021) on, the code page of its header before; a header that is
 * plainly wrong is not believed.
 */
export function dxfText(bytes: Uint8Array, wanted?: string) {
	if (wanted) return decode(bytes, wanted);
	const head = plain(bytes.subarray(0, 20_000), 'windows-1252');
	const version = /\$ACADVER\s+1\s+(AC\d{4})/.exec(head)?.[1] ?? '';
	const page = /\$DWGCODEPAGE\s+3\s+(\S+)/i.exec(head)?.[1] ?? '';
	const seen = decode(bytes);
	// Bytes that are valid UTF-8 beyond ASCII are hardly ever anything else, whatever the header says.
	if (seen.encoding !== 'gb18030' || version >= 'AC1021' || !page) return seen;
	if (/936|gb/i.test(page) && !isUtf8(bytes)) return { ...seen, why: 'declared' };
	return seen;
}

/** `\U+4E00` and `\M+5D2BB` (GBK), and the formatting of an MTEXT taken away. */
export function plainDxf(text: string): string {
	return text
		.replace(/\\U\+([0-9a-f]{4})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
		.replace(/\\M\+5([0-9a-f]{4})/gi, (_, hex: string) =>
			plain(Uint8Array.of(parseInt(hex.slice(0, 2), 16), parseInt(hex.slice(2), 16)), 'gb18030')
		)
		.replace(/\\[ACFHQTW][^;\\{}]{0,80};/gi, '')
		.replace(/\\[PX~]/g, ' ')
		.replace(/\\[LlOoKk]|[{}]/g, '')
		.replace(/%%[cdpuo]/gi, '')
		.trim();
}
