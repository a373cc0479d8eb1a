/** C-08: numbers of people are found in every spelling, nothing else is, and the database finds the same. */
import { readFileSync } from 'node:fs';
import { afterAll, expect, it } from 'vitest';
import { findKind, findPersonal, maskPhones } from '../../src/lib/domain/personal';
import { harmlessCase, personalCase, random, ways } from '../fixtures/personal';
import { openEmpty, engineNames, type Engine } from './engines';

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
const r = random(seed);
const personal = Array.from({ length: ways.length * 100 }, (_, n) => personalCase(r, n));
const harmless = Array.from({ length: 5000 }, (_, n) => harmlessCase(r, n));

const counted = (list: string[]) =>
	[...new Set(list)].map((k) => `${k} ${list.filter((x) => x === k).length}`).join(', ');

it('refuses every identity and bank number, masks every mobile, and leaves what is harmless alone', () => {
	const found = (k: string) => personal.filter((c) => c.kind === k);
	// By chance a card's number may read as an identity number: both are refused.
	const refused = (text: string) => findKind(text, 'id', 'bank');
	const missed = personal.filter((c) =>
		c.kind === 'phone' ? !findKind(c.text, 'phone') : !refused(c.text)
	);
	const shown = found('phone').filter((c) => {
		const masked = maskPhones(c.text);
		return masked === c.text || findPersonal(masked).length > 0 || masked.length !== c.text.length;
	});
	const wrong = harmless.filter((c) => findPersonal(c.text).length > 0);
	console.log(
		`C-08 SEED=${seed}: ${ways.length} spellings; ids missed ${missed.filter((c) => c.kind === 'id').length} of ${found('id').length}, ` +
			`bank ${missed.filter((c) => c.kind === 'bank').length} of ${found('bank').length}, phones not masked ${shown.length} of ${found('phone').length}; ` +
			`false alarms ${wrong.length} of ${harmless.length} = ${((wrong.length / harmless.length) * 100).toFixed(2)} % (${counted(wrong.map((c) => c.how))})`
	);
	expect(missed).toEqual([]);
	expect(shown).toEqual([]);
	expect(wrong.length / harmless.length).toBeLessThanOrEqual(0.01);
});

it('keeps the first three and the last four of a phone, and an office’s landline', () => {
	expect(maskPhones('张三 138-1234-5678，办公室0571-63812345')).toBe(
		'张三 138-****-5678，办公室0571-63812345'
	);
	expect(maskPhones('+86 １３８ １２３４ ５６７８')).toBe('+86 １３８ **** ５６７８');
	expect(findPersonal('户主 11010519491231002X，卡 6222 0212 3456 7890 128')).toEqual([
		{ kind: 'id', start: 3, end: 21 },
		{ kind: 'bank', start: 24, end: 47 }
	]);
});

const engines: Engine[] = [];
afterAll(() => Promise.all(engines.map((e) => e.close())));

it.each(engineNames)('the database finds and masks the same (%s)', async (name) => {
	const engine = await openEmpty(name);
	engines.push(engine);
	const file = readFileSync('supabase/migrations/20261128030000_notices.sql', 'utf8');
	const part = /-- ── numbers of people[\s\S]*?(?=\n-- ── (?!numbers)|\nselect private)/.exec(
		file
	)![0];
	await engine.run(`create schema private; ${part}`);
	const texts = [...personal, ...harmless].filter((_, n) => n % 3 === 0).map((c) => c.text);
	const rows = (
		await engine.run(
			`select private.find_personal(x) as found, private.mask_phones(x) as masked
			from jsonb_array_elements_text($json$${JSON.stringify(texts)}$json$) with ordinality u(x, n) order by n`
		)
	).at(-1)!;
	const ours = texts.map((x) => ({
		found: findPersonal(x).map((p) => `${p.kind}@${p.start}-${p.end}`),
		masked: maskPhones(x)
	}));
	expect(rows).toEqual(ours);
	console.log(`${name}: ${texts.length} texts, the same in the database`);
});
