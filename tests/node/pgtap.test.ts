/**
 * supabase/tests on PGlite and, where TEST_DATABASE_URL names one, on PostgreSQL: roles, migrations and cast
 * once an engine, then each file as one test in its own transaction.
 */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { engineNames, native, openEngine, sqlFiles, type Engine } from './engines';

if (!native) console.log('pgTAP on PostgreSQL: skipped, TEST_DATABASE_URL is not set');

/** Every text in every row of every statement, which is where TAP lines are. */
const texts = (results: Record<string, unknown>[][]): string[] =>
	results
		.flat()
		.flatMap((row) => Object.values(row))
		.filter((v): v is string => typeof v === 'string');

describe.each(engineNames)('database, %s', (name) => {
	let engine: Engine;

	beforeAll(async () => {
		engine = await openEngine(name);
	}, 120_000);
	afterAll(() => engine?.close());

	it.each(sqlFiles('supabase/tests').filter((f) => !f.includes('00_cast')))('%s', async (file) => {
		const rows = await engine.run(readFileSync(file, 'utf8')).catch(async (error: unknown) => {
			await engine.run('rollback');
			throw error;
		});
		const lines = texts(rows);
		const planned = Number(/^1\.\.(\d+)$/.exec(lines.find((l) => /^1\.\.\d+$/.test(l)) ?? '')?.[1]);
		expect(
			lines
				.filter(
					(l) => /^(not ok|# Looks like)/.test(l) || (l.startsWith('#') && !l.startsWith('# Looks'))
				)
				.join('\n')
		).toBe('');
		expect(lines.filter((l) => l.startsWith('ok ')).length).toBe(planned);
		expect(planned).toBeGreaterThan(0);
	});
});
