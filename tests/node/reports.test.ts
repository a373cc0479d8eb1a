/**
 * Every number of a report equals what the log alone says for that day (issue 7, shows 4): ten weeks of random work
 * with a moved clock, 20 random periods, every cell; a report asked again later says what it said then; and the
 * list behind a number has exactly that many rows. XT_REPORT_SEED plays another history.
 */
import { strFromU8, unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { figures, type Report, type ReportRows } from '../../src/lib/domain/report';
import type { Letter } from '../../src/lib/data/reports';
import { weekOf } from '../../src/lib/domain/period';
import { mailer } from '../../src/lib/server/mail';
import { paperDocx } from '../../src/lib/server/papers/docx';
import { reportPaper } from '../../src/lib/server/papers/reportpaper';
import { deliver } from '../../src/lib/server/postman';
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
import { openPostbox } from './postbox';
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

	it('each number of the paper leads to as many places', async () => {
		const report = await reportOn(plus(last, -20), plus(last, -14), null, null);
		const paper = reportPaper({
			report,
			other: null,
			photos: new Map(),
			origin: 'https://map.test'
		});
		const cells = paper.parts.flatMap((p) =>
			p.kind === 'table' ? p.rows.flatMap((r) => r.cells) : []
		);
		const leading = cells.filter((c) => typeof c !== 'string');
		expect(leading.length).toBeGreaterThan(50);
		for (const { text, href } of leading) {
			const query = new URL(href).searchParams;
			const told = (key: string) => (query.has(key) ? `'${query.get(key)}'` : 'null');
			const list = await ask<ReportRows>(
				`public.report_rows(tests.id('yunxi'), ${told('from')}, ${told('to')}, ${told('kind')}, ${told('figure')},
				${told('village')}, ${told('type')}, ${told('campaign')}, ${query.get('ledger') === '1'})`
			);
			expect(String(list.total), href).toBe(text);
		}
		const { 'word/_rels/document.xml.rels': rels } = unzipSync(await paperDocx(paper));
		for (const { href } of leading)
			expect(strFromU8(rels!)).toContain(href.replaceAll('&', '&amp;'));
	});

	it('counts a ledger of its own only where nothing else was known', async () => {
		const before = await reportOn(plus(firstDay, -20), plus(firstDay, -1), null, null);
		expect(before.ledger).toBe(true);
		const after = await reportOn(plus(firstDay, 30), plus(firstDay, 36), null, null);
		expect(after.ledger).toBe(false);
		expect(after.late).toBeGreaterThan(0);
	});

	it('a weekly letter goes out once on Monday morning, is tried again, and ends with the subscription', async () => {
		const box = await openPostbox();
		try {
			const at = (moment: string) => engine.run(`select set_config('xt.now', '${moment}', false)`);
			// Two readers want it; the second has left the township by then.
			const monday = plus(weekOf(last).to, 1);
			await at(`${last}T12:00:00+08:00`);
			await engine.run(`insert into public.report_subscriptions (township_id, person_id, account_id, email, active, since)
				select tests.id('yunxi'), tests.id('person ' || p), tests.id(p), p || '@example.org', true, '${last}T12:00:00+08:00'
				from unnest(array['finn', 'past', 'wang']) p;
				update public.report_subscriptions set active = false where person_id = tests.id('person wang')`);
			const look = () =>
				deliver({
					claim: async () =>
						(await engine.run('select public.report_claim() as told')).flat()[0]!.told as Letter[],
					tell: async (letter, error) => {
						await engine.run(
							`select public.report_told('${letter.townshipId}', '${letter.personId}', '${letter.from}', ${error === null}, '${error ?? ''}')`
						);
					},
					print: async (report) => [
						{
							...{ paper: 0, ending: '.docx', note: null },
							bytes: await paperDocx(
								reportPaper({ report, other: null, photos: new Map(), origin: 'http://localhost' })
							)
						}
					],
					send: mailer(box.url, '云溪镇 <office@example.org>'),
					origin: 'http://localhost'
				});
			const standing = async () =>
				(await engine.run('select state, attempts, error from public.report_sendings')).flat();

			await at(`${monday}T06:59:00+08:00`);
			expect(await look()).toBe(0);
			await at(`${monday}T07:01:00+08:00`);
			box.answer = 451;
			expect(await look()).toBe(0);
			expect(await standing()).toEqual([{ state: 'failed', attempts: 1, error: 'EENVELOPE 451' }]);
			box.answer = 250;
			// Not at once, but after the wait; two processes at the same moment send one letter.
			expect(await look()).toBe(0);
			await at(`${monday}T07:20:00+08:00`);
			expect((await Promise.all([look(), look()])).reduce((a, b) => a + b)).toBe(1);
			await at(`${plus(monday, 2)}T07:20:00+08:00`);
			expect(await look()).toBe(0);
			expect(await standing()).toEqual([{ state: 'sent', attempts: 2, error: '' }]);
			expect(box.mails.map((m) => m.to)).toEqual(['finn@example.org']);
			const raw = box.mails[0]!.raw.replace(/\r\n +/g, ' ');
			expect(raw).toContain(
				`Message-ID: <report-${idOf('yunxi')}-${idOf('person finn')}-${plus(monday, -7)}@`
			);
			expect(raw).toContain('wordprocessingml.document');

			// The week after that again, unless it was ended.
			await at(`${plus(monday, 7)}T08:00:00+08:00`);
			await engine.run(`update public.report_subscriptions set active = false`);
			expect(await look()).toBe(0);
			// A server that never takes it is given up in the end, and that is said.
			await engine.run(
				`update public.report_subscriptions set active = true where person_id = tests.id('person finn')`
			);
			box.answer = 550;
			for (let i = 0; i < 10; i++) {
				await at(`${plus(monday, 7)}T${String(8 + i).padStart(2, '0')}:00:00+08:00`);
				await engine.run(
					`update public.report_sendings set next_at = tests.clock() where state = 'failed'`
				);
				await look();
			}
			expect(await standing()).toContainEqual({
				state: 'given_up',
				attempts: 8,
				error: 'EENVELOPE 550'
			});
			expect(box.mails.length).toBe(1);
		} finally {
			await box.close();
		}
	});
});
