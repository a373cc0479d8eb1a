import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

it('gives the database the same working days as the files of the seed', () => {
	const migration = readFileSync('supabase/migrations/20261123020300_calendar.sql', 'utf8');
	const rows = [
		...migration.matchAll(/^\t\((\d{4}), '(\w+)', '([^']+)',\n\t\t'([^']+)',\n\t\t'([^']+)'\)/gm)
	].map(([, year, status, source, off, work]) => ({
		year: Number(year),
		status,
		source,
		off: JSON.parse(off!) as unknown,
		work: JSON.parse(work!) as unknown
	}));
	const files = readdirSync('supabase/seed/calendar')
		.sort()
		.map((f) => JSON.parse(readFileSync(`supabase/seed/calendar/${f}`, 'utf8')) as unknown);
	expect(files.length).toBeGreaterThanOrEqual(4);
	expect(rows).toEqual(files);
});
