/**
 * A village taken from building to its plaque and into its review by five people (village, township check, county,
 * planner, contact cadre); every step is refused to the others: the page offers none, the function and the Data API
 * refuse. The server's clock is moved on for the notice to run out.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { newOp } from '../../src/lib/domain/op';
import type { ProjectPage, ProjectsPage } from '../../src/lib/domain/project';
import type { Item, Standard } from '../../src/lib/domain/standard';
import { expect, rest, sendOps, signIn, startApp, test, townshipOf, type App } from './app';

type Who = 'field' | 'inspector' | 'assessor' | 'planner' | 'contact' | 'observer';

/** Full points by the item's rule. */
const full = (item: Item) => {
	switch (item.rule?.type) {
		case 'per_unit':
			return { count: 10 };
		case 'deduct_per_finding':
			return { findings: 0 };
		case 'rate':
			return { rate: 1 };
		case 'tiered':
			return { option: 0 };
		case 'yes_no':
			return { yes: true };
		default:
			return { points: item.max };
	}
};

test('from building to the plaque and its review, each step by those who may and by nobody else', async ({
	open
}) => {
	test.setTimeout(400_000);
	const dataDir = await mkdtemp(path.join(os.tmpdir(), 'xt-projects-'));
	let app: App = await startApp({ dataDir, demo: true });
	const people = new Map<Who, Page>();
	const as = async (who: Who): Promise<Page> => {
		const there = people.get(who);
		if (there) return there;
		const page = await (await open()).newPage();
		await signIn(page, app, who);
		people.set(who, page);
		return page;
	};
	const township = townshipOf(await as('planner'));
	const ask = async <T>(who: Who, name: string, more: object = {}): Promise<T> =>
		(
			await rest(await as(who), app, `rpc/${name}`, {
				method: 'POST',
				body: { p_township: township, ...more }
			})
		).body as T;
	const list = await ask<ProjectsPage>('planner', 'projects_page');
	const id = list.projects.find((p) => p.unitName === '白马水岸')!.id;
	const read = () => ask<ProjectPage>('planner', 'project_page', { p_project: id });
	const show = async (who: Who, tab = '') => {
		const page = await as(who);
		await page.goto(`${app.origin}/t/${township}/projects/${id}${tab}`);
		return page;
	};
	/** Everything that could move a project, tried by somebody who may not. */
	const refuse = async (who: Who, verb: string, reason = 'not_allowed') => {
		const page = await as(who);
		const before = await read();
		const op = newOp('project.move', township, id, { verb: verb as 'list', note: '越权' });
		const rpc = await rest(page, app, 'rpc/apply_op', { method: 'POST', body: { p_op: op } });
		expect([rpc.body.outcome, rpc.body.reason], `${who} ${verb}`).toEqual(['refused', reason]);
		const patch = await rest(page, app, `projects?id=eq.${id}`, {
			method: 'PATCH',
			body: { phase: 'listed' }
		});
		expect([401, 403]).toContain(patch.status);
		expect((await read()).version, `${who} ${verb} changed nothing`).toBe(before.version);
	};
	const score = async (who: Who, assessor: 'self' | 'town' | 'county') => {
		const { standard, scores } = await read();
		const body = standard!.body as Standard;
		const given = new Set(scores.filter((s) => s.assessor === assessor).map((s) => s.item));
		const missing = [
			...body.sections.flatMap((s) => s.items.map((i) => ({ item: i.code, value: full(i) }))),
			...(body.vetoes ?? []).map((v) => ({ item: v.code, value: { yes: true } }))
		].filter((s) => !given.has(s.item));
		const [told] = await sendOps(await as(who), township, [
			newOp('project.score', township, id, { assessor, scores: missing })
		]);
		expect(told!.body.outcome, `${who} scores`).toBe('applied');
	};
	/** The page's own button and its dialog. */
	const press = async (who: Who, verb: string, fill?: (page: Page) => Promise<void>) => {
		const page = await show(who);
		const dialog = page.getByRole('dialog');
		// A page that has not come alive yet does not hear the first press.
		await expect(async () => {
			if (!(await dialog.isVisible()))
				await page.getByRole('button', { name: verb, exact: true }).click();
			await expect(dialog).toBeVisible({ timeout: 2000 });
		}).toPass();
		if (fill) await fill(page);
		await dialog.getByRole('button', { name: '确定' }).click();
		await expect(dialog).toHaveCount(0);
	};
	const offersNothing = async (who: Who, verb: string) => {
		const page = await show(who);
		await expect(page.getByRole('heading', { name: '下一步' })).toBeVisible();
		await expect(page.getByRole('button', { name: verb, exact: true })).toHaveCount(0);
	};

	// The village.
	await offersNothing('observer', '提交自评');
	await refuse('observer', 'self_assess');
	const village = await show('field');
	await expect(village.getByRole('button', { name: '提交自评' })).toBeDisabled();
	await expect(village.getByText('还有 3 项没打分')).toBeVisible();
	await score('field', 'self');
	await press('field', '提交自评');
	expect((await read()).phase).toBe('self_assessed');

	// The township.
	await offersNothing('field', '初核通过');
	await refuse('field', 'town_check');
	await score('inspector', 'town');
	await press('inspector', '初核通过');
	expect((await read()).phase).toBe('town_checked');

	// The county: neither the township's inspector nor its planner.
	await offersNothing('inspector', '完成县级评定');
	await refuse('inspector', 'county_assess');
	await refuse('planner', 'county_assess');
	await score('assessor', 'county');
	await press('assessor', '完成县级评定');
	const assessed = await read();
	expect(assessed.phase).toBe('county_assessed');
	expect(assessed.totals.county!.total).toBeGreaterThanOrEqual(500);

	// The notice: too short a span is not sent; the planner posts it.
	await offersNothing('field', '发布公示');
	await refuse('field', 'publish_notice');
	await press('planner', '发布公示', async (page) => {
		const dialog = page.getByRole('dialog');
		const from = await dialog.getByLabel('公示开始').inputValue();
		await dialog.getByLabel('公示截止').fill(from);
		await expect(dialog.getByRole('button', { name: '确定' })).toBeDisabled();
		const end = new Date(Date.parse(from) + 13 * 86_400_000).toISOString().slice(0, 10);
		await dialog.getByLabel('公示截止').fill(end);
		await expect(dialog.getByRole('status')).toContainText('个工作日');
	});
	expect((await read()).notice!.workdays).toBeGreaterThanOrEqual(5);

	// An objection, answered by the county; nothing is listed before the notice is over.
	await refuse('contact', 'object');
	await press('field', '登记异议', (page) =>
		page.getByRole('dialog').getByLabel('理由').fill('停车场边界有争议')
	);
	expect((await read()).phase).toBe('objection');
	await refuse('planner', 'dismiss_objection');
	await press('assessor', '异议不成立', (page) =>
		page.getByRole('dialog').getByLabel('理由').fill('已到现场核实')
	);
	await refuse('assessor', 'list', 'notice_running');
	await expect((await show('assessor')).getByRole('button', { name: '公布授牌' })).toBeDisabled();

	// Three weeks later.
	await app.kill();
	people.clear();
	app = await startApp({
		dataDir,
		demo: true,
		env: {
			NODE_OPTIONS: `--import ${path.resolve('tests/e2e/clock.js')}`,
			XT_TEST_DAYS: '21'
		}
	});
	await offersNothing('planner', '公布授牌');
	await refuse('planner', 'list');
	await press('assessor', '公布授牌', (page) =>
		page.getByRole('dialog').getByLabel('文号').fill('演文旅〔2026〕8号')
	);
	const listed = await read();
	expect([listed.phase, listed.scenicUnit.presentGrade]).toEqual(['listed', 'AA']);
	expect(listed.reviewDueOn!.slice(0, 4)).toBe(String(Number(listed.listedOn!.slice(0, 4)) + 3));

	// The review.
	await refuse('field', 'call_review');
	await press('planner', '启动复核');
	await refuse('inspector', 'keep');
	await press('assessor', '复核保留');
	expect((await read()).phase).toBe('kept');
	const page = await show('observer');
	await expect(page.getByText('演文旅〔2026〕8号')).toBeVisible();

	// What is handed in.
	const papers = await page.evaluate(async (at) => {
		const sizes: Record<string, [number, string, number]> = {};
		for (const name of [
			'report.docx',
			'report.pdf',
			'catalogue.docx',
			'catalogue.pdf',
			'all.zip'
		]) {
			const answer = await fetch(`${at}/papers/${name}`);
			const bytes = new Uint8Array(await answer.arrayBuffer());
			sizes[name] = [answer.status, String.fromCharCode(...bytes.slice(0, 4)), bytes.length];
		}
		return sizes;
	}, `/t/${township}/projects/${id}`);
	for (const [name, [status, head, size]] of Object.entries(papers)) {
		expect(status, name).toBe(200);
		expect(head, name).toBe(name.endsWith('.pdf') ? '%PDF' : 'PK\x03\x04');
		expect(size, name).toBeGreaterThan(5000);
	}
	await app.kill();
	await rm(dataDir, { recursive: true, force: true });
});
