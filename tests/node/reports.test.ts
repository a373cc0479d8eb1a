/**
 * Every number of a report equals what the log alone says for that day (issue 7, shows 4): ten weeks of random work
 * with a moved clock, 20 random periods, every cell; a report asked again later says what it said then; and the
 * list behind a number has exactly that many rows. XT_REPORT_SEED plays another history.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { figures, type Report, type ReportRows } from '../../src/lib/domain/report';
import { engineNames, native, openEngine, type Engine } from './engines';
import {
	cellsOf,
	days,
	firstDay,
	history,
	knownOn,
	movedClock,
	plus,
	type Told
} from './report-history';
import { idOf, random } from './sequences';

const seed = Number(process.env.XT_REPORT_SEED ?? Math.floor(Math.random() * 1e6));
const last = plus(firstDay, days - 1);
if (!native) console.log('reports on PostgreSQL: skipped, TEST_DATABASE_URL is not set');

describe.each(engineNames)('reports on %s', (name) => {
	let engine: Engine;
	let told: Told;
	let outcomes: Record<string, number>;
	const ask = async <T>(sql: string): Promise<T> => {
		const rows = await engine.run(
			`begin; select tests.act_as('olga'); select ${sql} as told; rollback;`
		);
		return rows.flat().find((r) => 'told' in r)!.told as T;
	};
	const reportOn = (from: string, to: string, campaign: string | null, ledger: boolean | null) =>
		ask<Report>(
			`public.report(tests.id('yunxi'), '${from}', '${to}', ${campaign === null ? 'null' : `'${campaign}'`}, ${ledger})`
		);
	const asKeys = (report: Report) =>
		Object.fromEntries(
			report.cells.map((c) => [`${c.kind} ${c.villageId ?? '-'} ${c.category}`, c.n])
		);

	beforeAll(async () => {
		engine = await openEngine(name);
		await engine.run(movedClock);
		await engine.run(`select set_config('xt.now', '${firstDay}T08:00:00+08:00', false);
			update public.memberships set valid_from = '2020-01-01' where valid_from > '${firstDay}'`);
		const acts = JSON.stringify(history(seed)).replaceAll("'", "''");
		const rows = await engine.run(
			`select tests.live('${acts}', '${firstDay}', ${days}) as outcomes; select tests.record() as told;`
		);
		outcomes = rows.flat().find((r) => r.outcomes)!.outcomes as Record<string, number>;
		told = rows.flat().find((r) => r.told)!.told as Told;
	});
	afterAll(() => engine?.close());

	it('the history is not an empty one', () => {
		const applied = Object.entries(outcomes).filter(([k]) => k.endsWith(' applied'));
		const sum = applied.reduce((n, [, x]) => n + x, 0);
		console.log(
			`reports, ${name}: seed ${seed}, ${sum} acts applied, ${told.events.length} events`
		);
		for (const kind of ['task.create', 'import', 'undo', 'step.prove', 'step.reopen', 'step.block'])
			expect(outcomes[`${kind} applied`], kind).toBeGreaterThan(0);
	});

	it('20 random periods: every cell is what the log says', async () => {
		const next = random(seed + 1);
		let cells = 0;
		let numbers = 0;
		for (let i = 0; i < 20; i++) {
			const to = plus(firstDay, Math.floor(next() * days) - 5);
			const from = plus(to, -Math.floor(next() * 31));
			const campaign = next() < 0.25 ? '春季攻坚' : null;
			const ledger = next() < 0.4;
			const report = await reportOn(from, to, campaign, ledger);
			const { cells: expected } = cellsOf(knownOn(told, to, ledger), from, to, campaign);
			expect(asKeys(report), `seed ${seed}: ${from} to ${to}, ${campaign}, ${ledger}`).toEqual(
				expected
			);
			cells += report.cells.length;
			numbers += report.cells.flatMap((c) => c.n).filter(Boolean).length;
		}
		console.log(
			`reports, ${name}: 20 periods, ${cells} cells of ${figures.length}, ${numbers} not zero`
		);
		expect(numbers).toBeGreaterThan(500);
	});

	it('says later what it said that evening', async () => {
		const next = random(seed + 2);
		for (let i = 0; i < 12; i++) {
			const day = plus(firstDay, Math.floor(next() * days));
			// A ledger that was taken back is as if it had never counted, on past days too.
			if (day >= plus(firstDay, 20) && day < plus(firstDay, 24)) continue;
			const then = told.evenings[day] as unknown as Report;
			const now = await reportOn(plus(day, -6), day, null, false);
			for (const key of ['cells', 'stuck', 'due', 'moved', 'pairs', 'decisions'] as const)
				expect(now[key], `seed ${seed}: ${day}, ${key}`).toEqual(then[key]);
		}
	});

	it('lists exactly the steps behind a number', async () => {
		const next = random(seed + 3);
		const pick = <T>(of: readonly T[]): T => of[Math.floor(next() * of.length)]!;
		for (let i = 0; i < 20; i++) {
			const to = plus(last, -Math.floor(next() * 40));
			const from = plus(to, -6);
			const { cells, behind } = cellsOf(knownOn(told, to, false), from, to, null);
			const [kind, village, category] = pick(Object.keys(cells)).split(' ') as [
				string,
				string,
				string
			];
			const figure = pick(figures);
			const list = await ask<ReportRows>(
				`public.report_rows(tests.id('yunxi'), '${from}', '${to}', '${kind}', '${figure}',
				'${village === '-' ? idOf('yunxi') : village}', '${category}', null, false)`
			);
			const wanted = [...(behind[`${kind} ${village} ${category} ${figure}`] ?? [])].sort();
			expect(list.rows.map((r) => r.id).sort(), `seed ${seed}: ${figure} ${from} ${to}`).toEqual(
				wanted
			);
			expect(list.total).toBe(wanted.length);
		}
	});

	it('counts a ledger of its own only where nothing else was known', async () => {
		const before = await reportOn(plus(firstDay, -20), plus(firstDay, -1), null, null);
		expect(before.ledger).toBe(true);
		const after = await reportOn(plus(firstDay, 30), plus(firstDay, 36), null, null);
		expect(after.ledger).toBe(false);
		expect(after.late).toBeGreaterThan(0);
	});
});
