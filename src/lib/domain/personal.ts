/**
 * Numbers of people in free text: identity cards (GB 11643, 15 and 18 digits), bank cards (16–19 digits) and
 * mobile phones; written full width, in Chinese numerals, with spaces, dashes or dots between. The database has the
 * same in private.find_personal; a test compares the two. A landline is an office's and is not found.
 */
export type Personal = { kind: 'id' | 'bank' | 'phone'; start: number; end: number };

/** A piece of digits without anything between: its text (X may end it) and where it begins. */
type Group = { text: string; start: number };

const from =
	'０１２３４５６７８９xＸｘ－–—‐‑‒―−\u00a0\u3000\u200b\u200c\u200d\u2060\ufeff\u2009\u202f';
const to = `0123456789XXX${'-'.repeat(8)}${' '.repeat(9)}`;
const plain: ReadonlyMap<string, string> = new Map([...from].map((c, i) => [c, to[i]!]));
const numerals = '零〇○一幺二三四五六七八九';
const values = '0001123456789';
const spoken: ReadonlyMap<string, string> = new Map([
	...[...numerals].map((c, i) => [c, values[i]!] as const),
	...[...'0123456789'].map((c) => [c, '#'] as const)
]);
const dots = /[./·•_()（）]/g;

/** Where they are, in UTF-16 units, from the front; none lies over another. */
export function findPersonal(text: string): Personal[] {
	const flat = translate(text, plain);
	const found = scan(flat, false);
	if (countOf(text, numerals) >= 11) found.push(...scan(translate(flat, spoken), false));
	const dotted = flat.replace(dots, '-');
	if (dotted !== flat) found.push(...scan(dotted, true));
	return apart(found);
}

export const findKind = (text: string, ...kinds: Personal['kind'][]): boolean =>
	findPersonal(text).some((p) => kinds.includes(p.kind));

/** 138****5678: the middle four of each mobile number become stars, whatever stands between its digits. */
export function maskPhones(text: string): string {
	const out = text.split('');
	for (const p of findPersonal(text)) {
		if (p.kind !== 'phone') continue;
		let fromEnd = 0;
		for (let i = p.end - 1; i >= p.start; i--) {
			if (!isDigit(text[i]!)) continue;
			fromEnd++;
			if (fromEnd > 4 && fromEnd <= 8) out[i] = '*';
		}
	}
	return out.join('');
}

const isDigit = (c: string): boolean => /[0-9０-９]/.test(c) || numerals.includes(c);

function translate(text: string, map: ReadonlyMap<string, string>): string {
	let out = '';
	for (let i = 0; i < text.length; i++) out += map.get(text[i]!) ?? text[i]!;
	return out;
}

function countOf(text: string, chars: string): number {
	let n = 0;
	for (const c of text) if (chars.includes(c)) n++;
	return n;
}

/** `strict`: dots and brackets were made dashes, so that only the usual spellings count. */
function scan(flat: string, strict: boolean): Personal[] {
	const found: Personal[] = [];
	for (const run of flat.matchAll(/[0-9](?:[ -]{0,3}[0-9]){10,}(?:[ -]{0,3}X)?/g)) {
		const groups: Group[] = [...run[0].matchAll(/[0-9]*X|[0-9]+/g)].map((g) => ({
			text: g[0],
			start: run.index + g.index
		}));
		for (let i = 0; i < groups.length; i++) {
			let digits = '';
			for (let j = i; j < groups.length; j++) {
				digits += groups[j]!.text;
				if (digits.length > 22) break;
				const kind = kindOf(digits, groups.slice(i, j + 1), groups.length, strict);
				const end = groups[j]!.start + groups[j]!.text.length;
				if (kind) found.push({ kind, start: groups[i]!.start, end });
			}
			found.push(...glued(groups[i]!));
		}
	}
	return found;
}

/** An identity number that grew together with other digits: only where its last digit is right. */
function glued({ text, start }: Group): Personal[] {
	const found: Personal[] = [];
	for (let k = 0; k + 18 <= text.length && text.length > 18; k++) {
		const part = text.slice(k, k + 18);
		if (isId18(part) && checks(part))
			found.push({ kind: 'id', start: start + k, end: start + k + 18 });
	}
	return found;
}

function kindOf(
	digits: string,
	groups: Group[],
	all: number,
	strict: boolean
): Personal['kind'] | null {
	const n = groups.length;
	const sizes = groups.map((g) => g.text.length);
	const fours = sizes.slice(0, -1).every((s) => s === 4);
	const shape = sizes.join('-');
	/** Every digit or pair apart, and nothing else in the run. */
	const pairs = sizes.every((s) => s === 1) || (n === all && sizes.every((s) => s <= 2));
	if (isId18(digits) && (checks(digits) || (strict ? shape === '6-8-4' : n <= 4 || pairs)))
		return 'id';
	if (!strict && isId15(digits) && (n <= 3 || pairs)) return 'id';
	if (isUnion(digits)) {
		if (strict ? n > 3 && fours && luhn(digits) : n === 1 || fours) return 'bank';
	}
	if (!strict && isCard(digits) && (n <= 3 || fours || pairs) && luhn(digits)) return 'bank';
	if (strict) return shape === '3-4-4' && /^1[3-9][0-9]{9}$/.test(digits) ? 'phone' : null;
	const usual = n <= 3 || pairs || shape === '3-2-2-2-2';
	if (usual && /^(0?0?86|0)?1[3-9][0-9]{9}$/.test(digits)) return 'phone';
	return n === 1 && /^(1[3-9][0-9]{9}){2}$/.test(digits) ? 'phone' : null;
}

/** UnionPay's own; a mistyped one is one too. */
const isUnion = (d: string): boolean =>
	/^(62|955[89])[0-9]{12,17}$/.test(d) && d.length >= 16 && d.length <= 19;
/** Other first digits that are given out here: 16 to 19 digits, or 16 (Visa, Mastercard, JCB). */
const isCard = (d: string): boolean =>
	/^((6[02]|955|9[89])[0-9]+|(4[0-9]|5[1-5]|35)[0-9]{14})$/.test(d) &&
	d.length >= 16 &&
	d.length <= 19;

const province = /^(1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])/;
const monthAndDay =
	/^((0[13578]|1[02])(0[1-9]|[12][0-9]|3[01])|(0[469]|11)(0[1-9]|[12][0-9]|30)|02(0[1-9]|[12][0-9]))/;

const isId18 = (d: string): boolean =>
	/^[0-9]{6}(19[0-9]{2}|20[0-4][0-9])[0-9]{7}[0-9X]$/.test(d) &&
	province.test(d) &&
	monthAndDay.test(d.slice(10));
/** Given out until 1999, with two digits of the year: nobody of before 1920 is on a list of today. */
const isId15 = (d: string): boolean =>
	/^[0-9]{6}[2-9][0-9]{8}$/.test(d) && province.test(d) && monthAndDay.test(d.slice(8));

/** GB 11643: weights 2^(18-i) mod 11. */
function checks(d: string): boolean {
	let sum = 0;
	for (let i = 0; i < 17; i++) sum += Number(d[i]) * (2 ** (17 - i) % 11);
	return '10X98765432'[sum % 11] === d[17];
}

function luhn(d: string): boolean {
	let sum = 0;
	for (let i = 0; i < d.length; i++) {
		const v = Number(d[d.length - 1 - i]) * (i % 2 ? 2 : 1);
		sum += v > 9 ? v - 9 : v;
	}
	return sum % 10 === 0;
}

const rank = { id: 0, bank: 1, phone: 2 };

function apart(found: Personal[]): Personal[] {
	const kept: Personal[] = [];
	const order = (a: Personal, b: Personal) =>
		rank[a.kind] - rank[b.kind] || a.start - b.start || b.end - a.end;
	for (const p of found.sort(order))
		if (!kept.some((k) => k.start < p.end && p.start < k.end)) kept.push(p);
	return kept.sort((a, b) => a.start - b.start);
}
