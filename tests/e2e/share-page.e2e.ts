/** The page an official reads: without a script, in its budget, for seven kinds, on paper, and what a script adds. */
import { createHash } from 'node:crypto';
import { AxeBuilder } from '@axe-core/playwright';
import type { BrowserContext, Page } from '@playwright/test';
import { newId, newOp } from '../../src/lib/domain/op';
import { previewPath, shareKinds, type ShareKind } from '../../src/lib/domain/shared';
import { photo } from '../node/photos-pictures';
import { alive, expect, rest, sendOps, test, townshipOf, type App } from './app';

type Ids = Record<ShareKind, string> & { step: string };

/** One subject of each kind, from the demo township. */
async function subjects(page: Page, app: App, t: string): Promise<Ids> {
	const call = async (fn: string, args: object) =>
		(await rest(page, app, `rpc/${fn}`, { method: 'POST', body: { p_township: t, ...args } })).body;
	const projects = await call('projects_page', {});
	const project = projects.projects.find((p: any) => p.blockers.length);
	const whole = await call('project_page', { p_project: project.id });
	const plans = await call('plans_page', {});
	const meetings = await call('meetings_page', {});
	return {
		project: project.id,
		unit: project.unitId,
		plan: plans.plans.find((p: any) => p.check).id,
		scheme: plans.schemes[0].id,
		village: project.villageId,
		township: t,
		meeting: meetings.meetings.find((m: any) => m.state === 'issued').id,
		step: whole.steps.find((s: any) => s.state === 'proven').id
	};
}

async function addPhotos(page: Page, app: App, t: string, step: string): Promise<void> {
	for (const [role, seed] of [
		['before', 71],
		['after', 72]
	] as const) {
		const id = newId();
		const bytes = await photo(seed);
		const answer = await page.request.put(`${app.origin}/t/${t}/photo/${id}`, {
			data: bytes,
			headers: {
				origin: app.origin,
				'content-type': 'image/jpeg',
				'x-sha256': createHash('sha256').update(bytes).digest('hex')
			}
		});
		expect(answer.status()).toBe(200);
		const [sent] = await sendOps(page, t, [newOp('step.photo', t, step, { role, photos: [id] })]);
		expect(sent!.body).toMatchObject({ outcome: 'applied' });
	}
}

/** Bytes over the wire of each request of a page. */
async function weighed(context: BrowserContext, url: string): Promise<[Page, [string, number][]]> {
	const page = await context.newPage();
	const cdp = await context.newCDPSession(page);
	await cdp.send('Network.enable');
	await cdp.send('Network.setCacheDisabled', { cacheDisabled: true });
	const urls = new Map<string, string>();
	const came: [string, number][] = [];
	cdp.on('Network.requestWillBeSent', (e) => urls.set(e.requestId, e.request.url));
	cdp.on('Network.loadingFinished', (e) =>
		came.push([urls.get(e.requestId) ?? '', e.encodedDataLength])
	);
	await page.goto(url, { waitUntil: 'networkidle' });
	return [page, came];
}

const wider = () => document.documentElement.scrollWidth - innerWidth;

test('without a script everything is there, in 20 KB, and on two pages of A4', async ({
	app,
	person,
	open
}) => {
	test.setTimeout(150_000);
	const planner = await person('planner');
	const t = townshipOf(planner);
	const ids = await subjects(planner, app, t);
	await addPhotos(planner, app, t, ids.step);
	const { body: people } = await rest(planner, app, `persons?select=name`);
	const { body: contacts } = await rest(planner, app, `plan_contacts?select=*`);
	const names = [
		...people.map((p: { name: string }) => p.name),
		...contacts.flatMap((c: any) => [c.name, c.legal_person, c.phone])
	].filter((n) => n.length > 1);
	expect(names.length).toBeGreaterThan(8);

	const context = await open({
		javaScriptEnabled: false,
		viewport: { width: 390, height: 844 },
		storageState: await planner.context().storageState()
	});
	const sizes: Record<string, number> = {};
	for (const kind of shareKinds) {
		const { body: content } = await rest(planner, app, 'rpc/share_preview', {
			method: 'POST',
			body: { p_township: t, p_kind: kind, p_subject: ids[kind], p_options: {} }
		});
		const json = JSON.stringify(content);
		expect(content.kind).toBe(kind);
		expect(names.filter((n) => json.includes(n))).toEqual([]);
		// An id may look like a number by chance.
		expect(json.replace(/[0-9a-f-]{36}/g, '').match(/1[3-9]\d{9}/g)).toBeNull();

		const [page, came] = await weighed(context, app.origin + previewPath(t, kind, ids[kind]));
		sizes[kind] = came
			.filter(([url]) => !/\/photo\/|icon|manifest/.test(url))
			.reduce((n, [, bytes]) => n + bytes, 0);
		expect(
			came.map(([url]) => url).filter((url) => /\.js/.test(url)),
			'no script is fetched'
		).toEqual([]);
		await expect(page.locator('h1')).toHaveText(content.title);
		await expect(page.locator('.facts .n')).toHaveCount(3);
		await expect(page.locator('figure.map svg[role=img]')).toBeVisible();
		const html = await page.content();
		expect(names.filter((n) => html.includes(n))).toEqual([]);
		if (content.demo) await expect(page.locator('.tag')).toBeVisible();
		await expect(page.locator('footer')).toContainText('国家秘密');
		if (kind === 'project') {
			for (const words of [
				'谁出钱',
				'卡在哪里',
				'请尽快下达衔接资金指标60万元',
				'没有做过用地核查'
			])
				await expect(page.locator('main')).toContainText(words);
			await expect(page.locator('.pair img')).toHaveCount(2);
			const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
			expect(pdf.match(/\/Type\s*\/Page\b/g)).toHaveLength(2);
			expect(pdf).toMatch(/\/MediaBox\s*\[0 0 59[45](\.\d+)? 84[12]/);
		}
		if (kind === 'plan') await expect(page.locator('.verdict.not_checked').first()).toBeVisible();
		await page.close();
	}
	console.log('bytes without photos:', JSON.stringify(sizes));
	expect(Math.max(...Object.values(sizes))).toBeLessThanOrEqual(20_480);

	const paper = await planner.request.get(
		app.origin + previewPath(t, 'project', ids.project, {}, '.pdf')
	);
	expect(paper.status()).toBe(200);
	expect((await paper.body()).subarray(0, 5).toString()).toBe('%PDF-');
});

test('axe finds nothing at three sizes in two languages, and nothing is wider than the screen', async ({
	app,
	person,
	open
}) => {
	test.setTimeout(240_000);
	const planner = await person('planner');
	const t = townshipOf(planner);
	const ids = await subjects(planner, app, t);
	const storageState = await planner.context().storageState();
	for (const [locale, width, height, kinds] of [
		['zh-CN', 390, 844, shareKinds],
		['en', 390, 844, ['project', 'plan', 'scheme']],
		['en', 1366, 768, ['township', 'meeting']],
		['zh-CN', 1920, 1080, ['project', 'village']]
	] as const) {
		const context = await open({ locale, viewport: { width, height }, storageState });
		const page = alive(await context.newPage());
		for (const kind of kinds) {
			await page.goto(app.origin + previewPath(t, kind, ids[kind]));
			const { violations } = await new AxeBuilder({ page }).analyze();
			const where = `${kind} ${locale} ${width}`;
			expect
				.soft(violations.map((v) => `${where}: ${v.id}: ${v.nodes[0]?.target.join(' ')}`))
				.toEqual([]);
			expect
				.soft(await page.evaluate(wider), `${where} is wider than the screen`)
				.toBeLessThanOrEqual(0);
		}
		await context.close();
	}
});

test('a script adds a day to pull, before over after, and a map that fills the screen', async ({
	app,
	person
}) => {
	const page = await person('planner', { viewport: { width: 390, height: 844 } });
	const t = townshipOf(page);
	const ids = await subjects(page, app, t);
	await addPhotos(page, app, t, ids.step);
	await page.goto(app.origin + previewPath(t, 'project', ids.project));

	const words = page.locator('.progress figcaption');
	const last = await words.textContent();
	await page.locator('.progress input').fill('0');
	await expect(words).not.toHaveText(last!);
	await page.locator('.progress input').press('End');
	await expect(words).toHaveText(last!);

	const pair = page.locator('.pair.over').first();
	await pair.locator('+ label input').fill('20');
	expect(
		await pair
			.locator('figure')
			.first()
			.evaluate((f) => getComputedStyle(f).clipPath)
	).toBe('inset(0px 80% 0px 0px)');

	await page.locator('[data-enlarge]').click();
	const map = page.locator('dialog svg');
	const box = () => map.getAttribute('viewBox');
	const before = await box();
	await page.locator('dialog button').first().click();
	const zoomed = await box();
	expect(zoomed).not.toBe(before);
	await map.press('ArrowRight');
	expect(await box()).not.toBe(zoomed);
	await page.keyboard.press('Escape');
	await expect(page.locator('dialog')).toHaveCount(0);
	await expect(page.locator('[data-enlarge]')).toBeFocused();
});

test('a preview is for who plans: others, other townships and unknown things get nothing', async ({
	app,
	person
}) => {
	const planner = await person('planner');
	const t = townshipOf(planner);
	const ids = await subjects(planner, app, t);
	const at = app.origin + previewPath(t, 'plan', ids.plan);
	const money = await (await planner.request.get(at)).text();
	const bare = await (
		await planner.request.get(app.origin + previewPath(t, 'plan', ids.plan, { money: false }))
	).text();
	expect([money.includes('谁出钱'), bare.includes('谁出钱')]).toEqual([true, false]);
	for (const path of [
		previewPath(t, 'plan', newId()),
		previewPath(newId(), 'plan', ids.plan),
		`/t/${t}/share/preview?kind=person&id=${ids.plan}`
	])
		expect((await planner.request.get(app.origin + path)).status()).toBe(404);
	const field = await person('field');
	for (const ending of ['', '.pdf'] as const)
		expect(
			(await field.request.get(app.origin + previewPath(t, 'plan', ids.plan, {}, ending))).status()
		).toBe(403);
});
