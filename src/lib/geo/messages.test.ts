import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { formats, guessKinds, layerKinds, meanings } from './draft';

const messages = (locale: string): Record<string, string> =>
	JSON.parse(readFileSync(`src/lib/i18n/messages/import/${locale}.json`, 'utf8'));
const [zh, en] = [messages('zh-CN'), messages('en')];

/** What forms and lists of notices are refused for is said by `features/forms/words.ts` and `features/notices/words.ts`. */
const elsewhere = ['src/lib/geo/form', 'src/lib/geo/noticelist.ts'];

function* sources(folder: string): Generator<string> {
	for (const e of readdirSync(folder, { withFileTypes: true }))
		if (elsewhere.includes(path.join(folder, e.name))) continue;
		else if (e.isDirectory()) yield* sources(path.join(folder, e.name));
		else if (/(?<!\.test)\.ts$/.test(e.name)) yield readFileSync(path.join(folder, e.name), 'utf8');
}

it('has a message in both languages for every code, guess, kind and meaning', () => {
	const code = [...sources('src/lib/geo'), ...sources('src/lib/server/reader')].join('\n');
	const used = new Set<string>();
	for (const m of code.matchAll(
		/(?:Refused\(|(?:add|once)\('(?:error|warning|note)', |problem\('(?:error|warning|note)', |note\(|failed\()'([a-z_0-9]+)'/g
	))
		used.add(`problem_${m[1]}`);
	for (const m of code.matchAll(/'((?:format|crs|line|zone|ring|too|file)_[a-z_]+)'/g))
		if (!/^(format_|file_name|zone_prefix)/.test(m[1]!) || /^format_/.test(m[1]!))
			used.add(`problem_${m[1]}`);
	for (const m of code.matchAll(/why: '([a-z_0-9]+)'/g)) used.add(`why_${m[1]}`);
	for (const f of formats) used.add(`format_${f}`);
	for (const g of guessKinds) used.add(`guess_${g}`);
	for (const k of layerKinds) used.add(`kind_${k}`);
	for (const m of meanings) used.add(`meaning_${m}`);
	expect([...used].filter((k) => !zh![k] || !en![k])).toEqual([]);
});

it('has words for whatever a form is refused for', () => {
	const words = readFileSync('src/lib/features/forms/words.ts', 'utf8');
	const codes = readdirSync(elsewhere[0]!)
		.map((name) => readFileSync(path.join(elsewhere[0]!, name), 'utf8'))
		.flatMap((code) => [...code.matchAll(/Refused\('([a-z_]+)'/g)].map((m) => m[1]!));
	expect(codes.length).toBeGreaterThan(5);
	expect(codes.filter((code) => !words.includes(`\t${code}: m.`))).toEqual([]);
});

it('fills the same places in both languages', () => {
	const places = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort();
	expect(Object.keys(zh!).sort()).toEqual(Object.keys(en!).sort());
	for (const [key, text] of Object.entries(zh!))
		expect(places(en![key]!), key).toEqual(places(text));
});
