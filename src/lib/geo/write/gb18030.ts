/**
 * GB18030, which holds GBK and GB2312: browsers and Node decode it but only encode UTF-8. The table is made
 * once from their decoder; beyond the basic plane the four bytes are counted off.
 */
let table: Map<string, number[]> | null = null;

function make(): Map<string, number[]> {
	const decoder = new TextDecoder('gb18030');
	const out = new Map<string, number[]>();
	const take = (bytes: number[][]) => {
		for (const b of bytes) {
			const c = decoder.decode(Uint8Array.from(b));
			// The private use area and what is no character stay out; the first way to write one counts.
			if (c.length === 1 && c !== '\ufffd' && !out.has(c)) out.set(c, b);
		}
	};
	for (let a = 0x81; a <= 0xfe; a++)
		for (let b = 0x40; b <= 0xfe; b++) if (b !== 0x7f) take([[a, b]]);
	for (let i = 0; i < 39_420; i++) take([four(i)]);
	return out;
}

const four = (i: number): number[] => [
	0x81 + Math.floor(i / 12_600),
	0x30 + (Math.floor(i / 1260) % 10),
	0x81 + (Math.floor(i / 10) % 126),
	0x30 + (i % 10)
];

/** The bytes of a text; half surrogates become `?`. */
export function encodeGb18030(text: string): Uint8Array {
	table ??= make();
	const out: number[] = [];
	for (const c of text) {
		const code = c.codePointAt(0)!;
		if (code < 128) out.push(code);
		else if (code > 0xffff) out.push(...four(189_000 + code - 0x10000));
		else out.push(...(table.get(c) ?? [0x3f]));
	}
	return Uint8Array.from(out);
}

/** Whether programs that know only GBK (code page 936) can read a character. */
export function isGbk(c: string): boolean {
	table ??= make();
	return c.codePointAt(0)! < 128 || table.get(c)?.length === 2;
}
