import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { knownReasons, reasonWord } from './reasons';

/** Codes of functions that a later migration has replaced. */
const retired = ['already_blocked', 'not_blocked'];

test('every refusal of the database has words', () => {
	const sql = readdirSync('supabase/migrations')
		.map((name) => readFileSync(`supabase/migrations/${name}`, 'utf8'))
		.join('\n');
	const refusals = [...sql.matchAll(/refuse\('([a-z_]+)'|'reason', '([a-z_]+)'/g)].map(
		(found) => found[1] ?? found[2]!
	);
	expect(refusals.length).toBeGreaterThan(30);
	const known = [...knownReasons, ...retired];
	expect([...new Set(refusals)].filter((code) => !known.includes(code))).toEqual([]);
});

test('an unknown code is shown rather than hidden', () => {
	expect(reasonWord('no_such_code')).toContain('no_such_code');
	expect(reasonWord('constructor')).toContain('constructor');
	expect(reasonWord('own_work')).not.toContain('own_work');
});
