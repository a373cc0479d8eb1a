import { limits } from '../limits';
import { Refused } from '../problems';
import { isAscii, known } from '../text';

export type Table = {
	columns: string[];
	/** One a record; null for a deleted one. Values are raw text or numbers. */
	rows: (Record<string, string | number | null> | null)[];
	encoding: string;
	why: string;
};
type Field = { name: string; type: string; at: number; length: number; decimals: number };

/**
 * dBase III/IV with the encoding of its .cpg, of its language byte (0x4D is GBK), or by looking
 * (domain.md E.4): UTF-8 if every text is, GB18030 otherwise. A .cpg that is plainly wrong is not believed.
 */
export function readDbf(bytes: Uint8Array, cpg: string | null, wanted?: string): Table {
	if (bytes.length < 33) throw new Refused('dbf_broken');
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const records = view.getUint32(4, true);
	const start = view.getUint16(8, true);
	const length = view.getUint16(10, true);
	const fields = readFields(bytes, view, start);
	if (!fields.length || length < 1 || start > bytes.length) throw new Refused('dbf_broken');
	const fit = Math.floor((bytes.length - start) / length + 0.001);
	const count = Math.min(records, fit);
	if (count > limits.features) throw new Refused('too_many_features', { limit: limits.features });
	const { encoding, why } = guess(
		bytes,
		fields,
		start,
		length,
		count,
		cpg,
		view.getUint8(29),
		wanted
	);
	const decoder = new TextDecoder(encoding);
	const names = unique(fields.map((f) => decoder.decode(nameBytes(bytes, f.at)).trim()));
	const rows: Table['rows'] = [];
	for (let r = 0; r < count; r++) {
		const at = start + r * length;
		if (bytes[at] === 0x2a) {
			rows.push(null);
			continue;
		}
		const row = Object.create(null) as Record<string, string | number | null>;
		let from = at + 1;
		fields.forEach((f, i) => {
			row[names[i]!] = value(bytes, view, f, from, decoder);
			from += f.length;
		});
		rows.push(row);
	}
	return { columns: names, rows, encoding, why };
}

function readFields(bytes: Uint8Array, view: DataView, start: number): Field[] {
	const fields: Field[] = [];
	for (let at = 32; at + 32 <= Math.min(start, bytes.length) && bytes[at] !== 13; at += 32) {
		const type = String.fromCharCode(view.getUint8(at + 11));
		const wide = type === 'C' ? view.getUint8(at + 17) * 256 : 0;
		fields.push({
			name: '',
			type,
			at,
			length: view.getUint8(at + 16) + wide,
			decimals: view.getUint8(at + 17)
		});
		if (fields.length > limits.columns)
			throw new Refused('too_many_columns', { limit: limits.columns });
	}
	return fields;
}

function nameBytes(bytes: Uint8Array, at: number): Uint8Array {
	const name = bytes.subarray(at, at + 11);
	const end = name.indexOf(0);
	return end < 0 ? name : name.subarray(0, end);
}

function unique(names: string[]): string[] {
	const seen = new Map<string, number>();
	return names.map((n, i) => {
		const base = n === '__proto__' ? '(__proto__)' : n || `#${i + 1}`;
		const times = (seen.get(base) ?? 0) + 1;
		seen.set(base, times);
		return times === 1 ? base : `${base} ${times}`;
	});
}

function value(bytes: Uint8Array, view: DataView, f: Field, from: number, decoder: TextDecoder) {
	if (from + f.length > bytes.length) return null;
	if (f.type === 'I' && f.length === 4) return view.getInt32(from, true);
	if ((f.type === 'O' || f.type === 'B') && f.length === 8) return view.getFloat64(from, true);
	const text = decoder
		.decode(bytes.subarray(from, from + f.length))
		.replace(/\0.*$/s, '')
		.trim();
	if (!text) return null;
	switch (f.type) {
		case 'N':
		case 'F': {
			const n = Number(text);
			return /^\*+$/.test(text) ? null : Number.isFinite(n) ? n : text;
		}
		case 'D':
			return /^\d{8}$/.test(text) ? text.replace(/(....)(..)(..)/, '$1-$2-$3') : text;
		case 'L':
			return /[ty1]/i.test(text) ? '是' : /[fn0]/i.test(text) ? '否' : null;
		case 'M':
		case 'G':
			return null;
		default:
			return text;
	}
}

function guess(
	bytes: Uint8Array,
	fields: Field[],
	start: number,
	length: number,
	count: number,
	cpg: string | null,
	language: number,
	wanted?: string
): { encoding: string; why: string } {
	if (wanted) return { encoding: known(wanted), why: 'chosen' };
	const texts = fields.map((f) => nameBytes(bytes, f.at));
	for (let r = 0; r < Math.min(count, 2000); r++) {
		let from = start + r * length + 1;
		for (const f of fields) {
			if (f.type === 'C') texts.push(bytes.subarray(from, from + f.length));
			from += f.length;
		}
	}
	const foreign = texts.filter((t) => !isAscii(t));
	const utf8 = foreign.every(isUtf8Cut);
	const said = cpg?.trim() ? known(cpg) : null;
	if (said) {
		if (said === 'utf-8' && !utf8) return { encoding: 'gb18030', why: 'cpg_wrong' };
		return { encoding: said, why: 'cpg' };
	}
	if (!foreign.length) return { encoding: 'utf-8', why: 'plain' };
	if (language === 0x4d && !utf8) return { encoding: 'gb18030', why: 'language_byte' };
	return utf8 ? { encoding: 'utf-8', why: 'valid_utf8' } : { encoding: 'gb18030', why: 'not_utf8' };
}

/** Fields have a fixed width, so the last character may have been cut in half. */
function isUtf8Cut(text: Uint8Array): boolean {
	let end = text.length;
	while (end > 0 && (text[end - 1] === 0x20 || text[end - 1] === 0)) end--;
	try {
		new TextDecoder('utf-8', { fatal: true }).decode(text.subarray(0, end), {
			stream: end === text.length
		});
		return true;
	} catch {
		return false;
	}
}
