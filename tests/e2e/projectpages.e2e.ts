/** Every page of the projects at two sizes: axe, nothing wider than the screen, and the wall map's words for them. */
import { AxeBuilder } from '@axe-core/playwright';
import { expect, mapIdle, test } from './app';

const tabs = ['', '?tab=score', '?tab=works', '?tab=money', '?tab=place', '?tab=file'];

for (const [width, height] of [
	[1366, 768],
	[390, 844]
] as const)
	test(`axe finds nothing serious on the projects' pages at ${width}×${height}`, async ({
		person
	}) => {
		test.setTimeout(180_000);
		const page = await person('planner', { viewport: { width, height } });
		const home = page.url().split('?')[0]!;
		await page.goto(`${home}/projects`);
		const project = await page
			.locator('main a[href*="/projects/0"]')
			.first()
			.evaluate((a: HTMLAnchorElement) => a.href.split('?')[0]!);
		for (const at of [
			`${home}/projects`,
			...tabs.map((tab) => project + tab),
			`${home}/standards`,
			`${home}/calendar`
		]) {
			await page.goto(at);
			await page.locator('h1').first().waitFor();
			const { violations } = await new AxeBuilder({ page }).analyze();
			const where = at.slice(home.length).replace(/0[0-9a-f-]{35}/, '…');
			expect
				.soft(
					violations
						.filter((v) => v.impact === 'serious' || v.impact === 'critical')
						.map(
							(v) =>
								`${where}: ${v.id}: ${v.nodes
									.slice(0, 3)
									.map((n) => `${n.target.join(' ')} ${n.any[0]?.message ?? ''}`)
									.join(' | ')}`
						)
				)
				.toEqual([]);
			expect
				.soft(
					await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
					`${where} is wider than the screen`
				)
				.toBeLessThanOrEqual(0);
		}
	});

test('the wall map says which grade a place holds and aims at and how far it is; so do list and legend', async ({
	person
}) => {
	const page = await person('observer', { viewport: { width: 1366, height: 768 } });
	const home = page.url().split('?')[0]!;
	await page.goto(`${home}?kind=project`);
	await mapIdle(page);
	const legend = page.locator('.legend').first();
	await expect(legend).toContainText('现等级→目标等级');
	await expect(legend.getByRole('list', { name: '创建到哪一步' })).toContainText('创建中 1');
	await page.getByRole('radio', { name: /^景区村创建 \d/ }).click();
	const row = page.locator('a[data-thing]').filter({ hasText: '白马水岸' });
	await expect(row).toContainText('A级→AA级 · 创建中');
	await row.focus();
	await page.keyboard.press('Enter');
	await expect(page).toHaveURL(/open=project/);
	// On a day before anything was recorded nothing is claimed.
	await page.goto(`${home}?kind=project&day=2026-01-05`);
	await expect(page.locator('.legend').first()).not.toContainText('创建中');
});
