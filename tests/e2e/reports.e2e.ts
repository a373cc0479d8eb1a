/** The report that writes itself: opened, its numbers followed to their places, compared, taken away as files. */
import { createHash } from 'node:crypto';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { strFromU8, unzipSync } from 'fflate';
import { newId, newOp } from '../../src/lib/domain/op';
import { photo } from '../node/photos-pictures';
import { expect, rest, sendOps, test, townshipOf, type App } from './app';

/** Two tasks with photos of before and after, accepted on the spot by somebody else. */
async function cleanedUp(planner: Page, inspector: Page, app: App): Promise<void> {
	const township = townshipOf(planner);
	const { body: places } = await rest(
		planner,
		app,
		'places?level=eq.village&select=id,name&order=code'
	);
	const put = async (seed: number): Promise<string> => {
		const bytes = await photo(seed);
		const id = newId();
		const answer = await planner.request.put(`${app.origin}/t/${township}/photo/${id}`, {
			data: bytes,
			headers: {
				origin: app.origin,
				'content-type': 'image/jpeg',
				'x-sha256': createHash('sha256').update(bytes).digest('hex')
			}
		});
		expect(answer.status()).toBe(200);
		return id;
	};
	const ids = [newId(), newId()];
	for (const [i, id] of ids.entries()) {
		const answers = [
			await sendOps(planner, township, [
				newOp('task.create', township, id, {
					category: 'HEAP',
					title: `村口柴草堆${i + 1}`,
					village_id: places[i].id,
					photos: [await put(7000 + i * 2)]
				})
			]),
			await sendOps(planner, township, [
				newOp('step.do', township, id, { photos: [await put(7001 + i * 2)] })
			]),
			await sendOps(inspector, township, [newOp('step.prove', township, id, { how: 'on_site' })])
		].flat();
		expect(answers.map((a) => a.body.outcome)).toEqual(['applied', 'applied', 'applied']);
	}
}

test('the report opens, each number leads to exactly its places, and it goes away as DOCX, PDF and XLSX', async ({
	person,
	app
}) => {
	const planner = await person('planner');
	await cleanedUp(planner, await person('inspector'), app);
	const home = `${app.origin}/t/${townshipOf(planner)}/reports`;

	// Without asking it is the last full week; then this week so far.
	await planner.goto(home);
	await expect(planner.getByRole('heading', { level: 1 })).toHaveText('云溪镇 周报');
	await planner.getByRole('link', { name: '本周至今', exact: true }).click();
	await planner.waitForURL(/from=/);
	const at = planner.url();
	await expect(planner.getByRole('region', { name: '分村情况' })).toBeVisible();

	// Every fourth number of the tables, each to a list of exactly as many.
	const links = planner.locator('table a[aria-label]');
	const total = await links.count();
	expect(total).toBeGreaterThan(40);
	const asked: { href: string; n: number; label: string }[] = [];
	for (let i = 0; i < total; i += Math.ceil(total / 14)) {
		const link = links.nth(i);
		asked.push({
			href: (await link.getAttribute('href'))!,
			n: Number(await link.textContent()),
			label: (await link.getAttribute('aria-label'))!
		});
	}
	const list = await planner.context().newPage();
	for (const { href, n, label } of asked) {
		await list.goto(app.origin + href);
		await expect(list.locator('[data-count]'), label).toContainText(`共${n}`);
		expect(await list.locator('[data-places] > li').count(), label).toBe(Math.min(n, 200));
	}
	await list.close();

	// Before and after, with the rule they were chosen by.
	await expect(planner.getByText('选取办法')).toBeVisible();
	const befores = planner.getByAltText(/整改前$/);
	await expect(befores).toHaveCount(3);
	await befores.first().scrollIntoViewIfNeeded();
	await expect
		.poll(() => befores.first().evaluate((i: HTMLImageElement) => i.naturalWidth))
		.toBeGreaterThan(100);
	const shown = (await befores.first().getAttribute('alt'))!.replace(/ 整改前$/, '');

	// Beside another period; the link keeps it.
	await planner.getByText('自选日期 · 对比').click();
	await planner.getByRole('link', { name: '与上年同期' }).click();
	await planner.waitForURL(/beside=\d{4}/);
	await planner.reload();
	await expect(planner.getByRole('heading', { level: 1 }).locator('..')).toContainText('对比');

	// The three files.
	const query = new URL(at).search;
	const file = async (format: string) => {
		const answer = await planner.request.get(`${home}/${format}${query}`);
		expect(answer.status(), format).toBe(200);
		expect(answer.headers()['content-disposition']).toContain(encodeURIComponent('云溪镇'));
		return answer.body();
	};
	const docx = unzipSync(await file('docx'));
	const words = strFromU8(docx['word/document.xml']!);
	for (const word of ['人居环境整治', '卡点', shown, '统计口径', '云溪镇'])
		expect(words).toContain(word);
	expect(Object.keys(docx).filter((f) => f.startsWith('word/media/')).length).toBe(6);
	expect((await file('pdf')).subarray(0, 5).toString()).toBe('%PDF-');
	const book = unzipSync(await file('xlsx'));
	expect(Object.keys(book).filter((f) => /worksheets\/sheet\d+\.xml$/.test(f)).length).toBe(7);
});

for (const [width, height] of [
	[1366, 768],
	[390, 844]
] as const)
	test(`the report and its lists at ${width}×${height}: axe, and nothing wider than the screen`, async ({
		person,
		app
	}) => {
		// One unbroken word, wherever somebody may write one.
		const planner = await person('planner');
		const [township, task] = [townshipOf(planner), newId()];
		const word = 'Unbreakable'.repeat(7);
		const made = [
			...(await sendOps(planner, township, [
				newOp('task.create', township, task, { category: 'TRASH', title: word })
			])),
			...(await sendOps(planner, township, [
				newOp('step.block', township, task, { blocker: 'money', who: word, ask: word })
			]))
		];
		expect(made.map((a) => a.body.outcome)).toEqual(['applied', 'applied']);
		const page = await person('observer', { viewport: { width, height } });
		await page.goto(`${app.origin}/t/${township}/reports`);
		await page.getByRole('link', { name: '本周至今', exact: true }).click();
		await page.waitForURL(/from=/);
		const look = async (where: string) => {
			const { violations } = await new AxeBuilder({ page }).analyze();
			expect
				.soft(
					violations
						.filter((v) => v.impact === 'serious' || v.impact === 'critical')
						.map(
							(v) =>
								`${where}: ${v.id}: ${v.nodes
									.slice(0, 3)
									.map((n) => n.html.slice(0, 200))
									.join(' | ')}`
						)
				)
				.toEqual([]);
			expect
				.soft(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), where)
				.toBeLessThanOrEqual(0);
		};
		await look('report');
		await page.locator('table a[aria-label]').first().click();
		await page.waitForURL(/places/);
		await expect(page.locator('[data-places] > li').first()).toBeVisible();
		await look('places');
		// Another township's report is no page at all.
		const answer = await page.request.get(
			`${app.origin}/t/01900000-0000-7000-8000-000000000000/reports`
		);
		expect(answer.status()).toBe(404);
	});
