/** Degrees from decimal or degree-minute-second text; null when it is no angle. Never a guess of the sign. */
export function readDegrees(value: string | number | null): number | null {
	if (value === null) return null;
	if (typeof value === 'number') return Number.isFinite(value) ? value : null;
	const text = value
		.normalize('NFKC')
		.replace(/东经|北纬|经度|纬度|[EN:,;\s]/gi, ' ')
		.trim();
	if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text);
	const m =
		/^(\d{1,3}(?:\.\d+)?)\s*[°º˚度d]\s*(?:(\d{1,2}(?:\.\d+)?)\s*['′’‘´`分m]\s*(?:(\d{1,2}(?:\.\d+)?)\s*(?:["″”“秒s]|''|′′|’’)?)?)?\s*$/i.exec(
			text
		) ?? /^(\d{1,3})[ -](\d{1,2})[ -](\d{1,2}(?:\.\d+)?)$/.exec(text);
	if (!m) return null;
	const minutes = Number(m[2] ?? 0);
	const seconds = Number(m[3] ?? 0);
	if (minutes >= 60 || seconds >= 60) return null;
	return Number(m[1]) + minutes / 60 + seconds / 3600;
}

/** Two numbers in one cell: '110.75,32.6', '东经110°45′ 北纬32°36′'. Null when it is anything else. */
export function readPair(value: string | number | null): [number, number] | null {
	if (typeof value !== 'string') return null;
	const text = value.normalize('NFKC').trim();
	const halves = /[,;、/]/.test(text)
		? text.split(/[,;、/]\s*/)
		: /北纬|N/i.test(text) && /东经|E/i.test(text)
			? text.split(/(?=北纬|东经|[NE](?=\d))/i)
			: text.split(/\s+/);
	const parts = halves.map((h) => h.trim()).filter(Boolean);
	if (parts.length !== 2) return null;
	const [a, b] = parts.map(readDegrees);
	return a == null || b == null ? null : [a, b];
}

/** A number as people write it: '约1,200', '３０', '5.6亩'. The rest of the text is given too, it may be a unit. */
export function readNumber(value: string | number | null): { number: number; rest: string } | null {
	if (value === null) return null;
	if (typeof value === 'number') return Number.isFinite(value) ? { number: value, rest: '' } : null;
	const m = /^[约≈近]?\s*(-?\d{1,3}(?:,\d{3})+(?:\.\d+)?|-?\d+(?:\.\d+)?)\s*(.*)$/.exec(
		value.normalize('NFKC').trim()
	);
	if (!m) return null;
	const number = Number(m[1]!.replaceAll(',', ''));
	return Number.isFinite(number) ? { number, rest: m[2]!.trim() } : null;
}

/** Money in 10,000 yuan, from the cell's own unit or that of its heading (万元 when neither says). */
export function readWan(value: string | number | null, unit: string): number | null {
	const n = readNumber(value);
	if (!n) return null;
	const u = n.rest || unit;
	if (/亿/.test(u)) return round(n.number * 10_000);
	if (/万/.test(u) || !/元/.test(u)) return n.number;
	return round(n.number / 10_000);
}

/** Land in mu, from the cell's own unit or that of its heading (亩 when neither says). */
export function readMu(value: string | number | null, unit: string): number | null {
	const n = readNumber(value);
	if (!n) return null;
	const u = n.rest || unit;
	if (/公顷|hm|ha/i.test(u)) return round(n.number * 15);
	if (/平方公里|km/i.test(u)) return round(n.number * 1500);
	if (/万平方?米/.test(u)) return round(n.number * 15);
	if (/平方?米|㎡|m2|m²/i.test(u)) return round((n.number * 15) / 10_000);
	if (/万亩/.test(u)) return round(n.number * 10_000);
	return n.number;
}

/** A count of people, households or jobs. */
export function readCount(value: string | number | null): number | null {
	const n = readNumber(value);
	if (!n || n.number < 0 || n.number > 1e7) return null;
	return Math.round(/万/.test(n.rest) ? n.number * 10_000 : n.number);
}

const round = (n: number): number => Math.round(n * 1e4) / 1e4;
