export type DbfField = { name: string; type: 'C' | 'N'; length: number; decimals?: number };

/**
 * A dBase table. Texts and names are cut to their bytes, never through a character; names to the ten bytes
 * there are (three Chinese characters in UTF-8, five in GBK). `language` is 0x4D for GBK.
 */
export function toDbf(
	fields: readonly DbfField[],
	rows: readonly (string | number | null)[][],
	encode: (text: string) => Uint8Array,
	language: number
): Uint8Array {
	const start = 32 + fields.length * 32 + 1;
	const length = 1 + fields.reduce((n, f) => n + f.length, 0);
	const out = new Uint8Array(start + rows.length * length + 1).fill(0x20, start);
	const view = new DataView(out.buffer);
	out.set([3, 126, 1, 1]);
	view.setUint32(4, rows.length, true);
	view.setUint16(8, start, true);
	view.setUint16(10, length, true);
	out[29] = language;
	fields.forEach((f, i) => {
		const at = 32 + i * 32;
		out.set(fitting(f.name, 10, encode), at);
		out[at + 11] = f.type.charCodeAt(0);
		out[at + 16] = f.length;
		out[at + 17] = f.decimals ?? 0;
	});
	out[start - 1] = 13;
	rows.forEach((row, r) => {
		let at = start + r * length + 1;
		fields.forEach((f, i) => {
			const value = row[i] ?? null;
			if (typeof value === 'number' && Number.isFinite(value))
				out.set(
					encode(
						value
							.toFixed(f.decimals ?? 0)
							.padStart(f.length)
							.slice(-f.length)
					),
					at
				);
			else if (typeof value === 'string') out.set(fitting(value, f.length, encode), at);
			at += f.length;
		});
	});
	out[out.length - 1] = 26;
	return out;
}

function fitting(text: string, most: number, encode: (text: string) => Uint8Array): Uint8Array {
	let bytes = encode(text);
	for (let kept = [...text]; bytes.length > most; bytes = encode(kept.join('')))
		kept = kept.slice(0, -1);
	return bytes;
}
