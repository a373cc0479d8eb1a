/** The score of a check round is frozen by the database and shown beforehand by the page: both must say the same. */
import { PGlite } from '@electric-sql/pglite';
import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { score } from '../../src/lib/domain/round';

const sql = readFileSync('supabase/migrations/20261123010200_rounds.sql', 'utf8');
let db: PGlite;

beforeAll(async () => {
	db = await PGlite.create();
	const body = /create function private\.sheet_score\([\s\S]*?\n\$\$;/.exec(sql)?.[0];
	await db.exec(`create schema private; ${body}`);
});
afterAll(() => db.close());

const points = fc.integer({ min: 1, max: 99_999 }).map((n) => n / 100);
const cases = fc
	.array(
		fc.record({ points, perFinding: fc.oneof(fc.constant(0), points), zeroes: fc.boolean() }),
		{
			minLength: 1,
			maxLength: 8
		}
	)
	.chain((lines) => {
		const sheet = lines.map((l, i) => ({
			code: `I${i}`,
			label: 'x',
			points: l.points,
			perFinding: l.perFinding,
			category: null,
			zeroOn: l.zeroes ? { label: '焚烧', category: null } : null
		}));
		const finding = fc.record({
			item: fc.constantFrom(...sheet.map((i) => i.code)),
			count: fc.integer({ min: 1, max: 99 }),
			zero: fc.boolean()
		});
		return fc.record({ sheet: fc.constant(sheet), findings: fc.array(finding, { maxLength: 10 }) });
	});

test('the database and the page reckon the same points', async () => {
	const list = fc.sample(cases, { numRuns: 1000, seed: 4106 });
	const { rows } = await db.query<{ score: unknown }>(
		`select private.sheet_score(c -> 'sheet', c -> 'findings') as score
		from jsonb_array_elements($1::jsonb) with ordinality a(c, n) order by n`,
		[JSON.stringify(list)]
	);
	expect(rows.map((r) => r.score)).toEqual(list.map((c) => score(c.sheet, c.findings)));
});

test('the order of a drawing is what the printed page says: SHA-256 of "seed:name", smallest first', async () => {
	const seed = 'cd'.repeat(32);
	const pool = ['白马村', '古青村', '石桥村', '云溪村', '大河村'];
	expect(sql).toContain("sha256(convert_to(v_seed || ':' || name, 'UTF8'))");
	const { rows } = await db.query<{ name: string }>(
		`select name from jsonb_array_elements_text($1::jsonb) name order by sha256(convert_to($2 || ':' || name, 'UTF8'))`,
		[JSON.stringify(pool), seed]
	);
	const hash = (name: string) => createHash('sha256').update(`${seed}:${name}`).digest('hex');
	expect(rows.map((r) => r.name)).toEqual([...pool].sort((a, b) => (hash(a) < hash(b) ? -1 : 1)));
});
