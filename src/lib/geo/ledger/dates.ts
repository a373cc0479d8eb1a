/**
 * Days as offices write them. A day without a year takes the one that is handed in. Every result is an ISO
 * day that exists; null for what is no day ("长期").
 */
export type Day = { day: string; /** Whether the text itself named the year. */ ownYear: boolean };

const ends: [RegExp, number | null][] = [
	[/^(上旬)/, 10],
	[/^(中旬)/, 20],
	[/^(下旬|底|末|月底|月末)/, null]
];

export function readDay(value: string | number | null, year: number | null): Day | null {
	if (value === null) return null;
	if (typeof value === 'number') return ofNumber(value, year);
	const text = value.normalize('NFKC').replace(/\s+/g, ' ').trim();
	if (!text) return null;
	const t = text
		.replace(/^(截至|截止到?|截止|于|到|至|约|计划|预计|拟|力争)\s*/, '')
		.replace(/(前|之前|以前|左右|前完成|完成)$/, '');
	if (/^\d{5}(\.\d+)?$/.test(t)) return ofNumber(Number(t), year);
	const compact = /^(20\d{2}|19\d{2})(\d{2})(\d{2})$/.exec(t);
	if (compact) return make(compact[1], compact[2], compact[3], year);
	const full =
		/^(\d{4}|\d{2})\s*[年./-]\s*(\d{1,2})\s*(?:[月./-]\s*(?:(\d{1,2})\s*[日号]?)?)?/.exec(t);
	if (full && (full[1]!.length === 4 || full[3])) {
		const y = full[1]!.length === 2 ? `20${full[1]}` : full[1];
		if (full[3]) return make(y, full[2], full[3], year);
		return partOf(y, full[2], t.slice(full[0].length), year);
	}
	const endOfYear = /^(?:(\d{4})年?)?年?\s*(年底|年末|底|年内)$/.exec(t);
	if (endOfYear) return make(endOfYear[1], '12', '31', year);
	const short = /^(\d{1,2})\s*[月./-]\s*(\d{1,2})\s*[日号]?/.exec(t);
	if (short) return make(undefined, short[1], short[2], year);
	const month = /^(\d{1,2})\s*月(份)?/.exec(t);
	if (month) return partOf(undefined, month[1], t.slice(month[0].length), year);
	return null;
}

/** A part of a month: 上旬, 中旬, or its last day. */
function partOf(y: string | undefined, m: string | undefined, rest: string, year: number | null) {
	const found = ends.find(([pattern]) => pattern.test(rest.trim()));
	const month = Number(m);
	const own = Number(y ?? year);
	const last =
		month >= 1 && month <= 12 && own ? new Date(Date.UTC(own, month, 0)).getUTCDate() : 31;
	return make(y, m, String(found?.[1] ?? last), year);
}

function make(
	y: string | undefined,
	m: string | undefined,
	d: string | undefined,
	year: number | null
): Day | null {
	const own = y !== undefined;
	const full = own ? Number(y) : year;
	if (!full || full < 1900 || full > 2200) return null;
	const [month, day] = [Number(m), Number(d)];
	const date = new Date(Date.UTC(full, month - 1, day));
	if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null;
	return { day: date.toISOString().slice(0, 10), ownYear: own };
}

function ofNumber(value: number, year: number | null): Day | null {
	if (value > 19_000_000 && value < 22_000_000 && Number.isInteger(value))
		return readDay(String(value), year);
	if (value >= 20_000 && value < 80_000) {
		const day = dayOfSerial(value, false);
		return day ? { day, ownYear: true } : null;
	}
	// 6.15 typed as a number: the fifteenth of June.
	const m = /^(\d{1,2})\.(\d{1,2})$/.exec(String(value));
	return m ? make(undefined, m[1], m[2], year) : null;
}

/** A serial number of Excel to an ISO day; 1900 was no leap year, though Excel says so. */
export function dayOfSerial(serial: number, from1904: boolean): string | null {
	const days = Math.floor(serial) + (from1904 ? 1462 : 0);
	if (days < 61 || days > 110_000) return null;
	return new Date(Date.UTC(1899, 11, 30 + days)).toISOString().slice(0, 10);
}

/** The years that stand in texts (2026年, 2026.3.1, 2026-03-01), counted. */
export function yearsIn(texts: Iterable<string | number | null>): Map<number, number> {
	const counts = new Map<number, number>();
	for (const t of texts) {
		if (typeof t !== 'string') continue;
		for (const m of t
			.normalize('NFKC')
			.matchAll(/(?<!\d)(20[0-4]\d)(?=年|度|[./-]\d{1,2}(?!\d)|\s|$|[^\d.,])/g)) {
			const y = Number(m[1]);
			counts.set(y, (counts.get(y) ?? 0) + 1);
		}
	}
	return counts;
}
