/** Bytes to text, and text without what does not belong in it. Rules of domain.md E.3. */
export type Decoded = { text: string; encoding: string; why: string };

export const encodings = ['utf-8', 'gb18030', 'utf-16le', 'utf-16be'];

/** Byte order mark, then UTF-16 without a mark, then strict UTF-8, then GB18030 (which holds GBK and GB2312). */
export function decode(bytes: Uint8Array, wanted?: string): Decoded {
	if (wanted) return { text: plain(bytes, known(wanted)), encoding: known(wanted), why: 'chosen' };
	const [a, b, c] = bytes;
	if (a === 0xef && b === 0xbb && c === 0xbf) return by(bytes, 'utf-8', 'bom');
	if (a === 0xff && b === 0xfe) return by(bytes, 'utf-16le', 'bom');
	if (a === 0xfe && b === 0xff) return by(bytes, 'utf-16be', 'bom');
	const wide = wideWithoutMark(bytes);
	if (wide) return by(bytes, wide, 'zero_bytes');
	if (isUtf8(bytes)) return by(bytes, 'utf-8', isAscii(bytes) ? 'plain' : 'valid_utf8');
	return by(bytes, 'gb18030', 'not_utf8');
}

/** The text of the first bytes, which may end in half a character: that alone makes no UTF-8 into GB18030. */
export function decodeStart(bytes: Uint8Array, length: number): string {
	if (bytes.length <= length) return decode(bytes).text;
	for (let end = length; end > length - 4; end--)
		if (isUtf8(bytes.subarray(0, end))) return decode(bytes.subarray(0, end)).text;
	return decode(bytes.subarray(0, length)).text;
}

function by(bytes: Uint8Array, encoding: string, why: string): Decoded {
	return { text: plain(bytes, encoding), encoding, why };
}

/** Decodes and drops the byte order mark; wrong bytes become U+FFFD. */
export function plain(bytes: Uint8Array, encoding: string): string {
	return new TextDecoder(encoding).decode(bytes);
}

/** The name of an encoding as TextDecoder takes it: of a .cpg file, of an XML declaration, of settings. */
export function known(label: string): string {
	const l = label.trim().toLowerCase();
	if (/^(cp|ansi|oem|windows)?[ -]?(936|54936)$|gbk|gb2312|gb18030|hz|^euc-cn$/.test(l))
		return 'gb18030';
	if (/utf-?16.*be/.test(l)) return 'utf-16be';
	if (/utf-?16|unicode$/.test(l)) return 'utf-16le';
	if (/^(cp|ansi|windows)?[ -]?1252$|8859[-_]?1$|latin1|^88591$/.test(l)) return 'windows-1252';
	if (/big5|^(cp|ansi|windows)?[ -]?950$/.test(l)) return 'big5';
	return 'utf-8';
}

export function isUtf8(bytes: Uint8Array): boolean {
	try {
		new TextDecoder('utf-8', { fatal: true }).decode(bytes);
		return true;
	} catch {
		return false;
	}
}

export function isAscii(bytes: Uint8Array): boolean {
	for (const b of bytes) if (b > 127) return false;
	return true;
}

function wideWithoutMark(bytes: Uint8Array): string | null {
	const n = Math.min(bytes.length, 2000) & ~1;
	if (n < 8) return null;
	let even = 0;
	let odd = 0;
	for (let i = 0; i < n; i += 2) {
		if (bytes[i] === 0) even++;
		if (bytes[i + 1] === 0) odd++;
	}
	if (odd > n / 8 && even < odd / 8) return 'utf-16le';
	if (even > n / 8 && odd < even / 8) return 'utf-16be';
	return null;
}

// Control characters, zero-width ones and those that turn the direction of writing: names that look
// alike must be alike. Tab and line breaks stay.
// eslint-disable-next-line no-control-regex
const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g;
const invisible = /[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff]/g;
const loneSurrogate = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** The text trimmed, in NFC, without control characters and half surrogates (PostgreSQL takes neither). */
export function clean(text: string): { text: string; stripped: boolean } {
	const out = text.replace(control, '').replace(invisible, '').replace(loneSurrogate, '\ufffd');
	return { text: out.normalize('NFC').trim(), stripped: out !== text };
}

/** For comparing: full width as half width, no spaces, lower case. */
export const flat = (text: string): string =>
	text.normalize('NFKC').replace(/\s+/g, '').toLowerCase();
