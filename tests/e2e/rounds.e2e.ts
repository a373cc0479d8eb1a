/** A check round from the first look to the printed notice: hidden until its end, and it names no person. */
import type { Page } from '@playwright/test';
import { expect, rest, test, townshipOf, type App } from './app';

/** Everything of rounds that the Data API tells this person. */
async function told(page: Page, app: App) {
	const township = townshipOf(page);
	const asked = await Promise.all([
		rest(page, app, 'check_rounds?select=id'),
		rest(page, app, 'check_findings?select=id'),
		rest(page, app, 'check_visits?select=round_id'),
		rest(page, app, 'events?or=(subject_kind.eq.round,subject_kind.eq.finding)&select=action'),
		rest(page, app, 'rpc/rounds', { method: 'POST', body: { p_township: township } })
	]);
	expect(asked.map((a) => a.status)).toEqual([200, 200, 200, 200, 200]);
	return asked.map((a) => a.body.length);
}

test('two findings, nothing seen in the village, then everybody sees; the notice names places only', async ({
	person,
	app
}) => {
	const planner = await person('planner');
	const township = townshipOf(planner);
	const list = `${app.origin}/t/${township}/rounds`;
	const villager = await person('village');
	const hints: string[] = [];
	villager.on('websocket', (socket) =>
		socket.on('framereceived', ({ payload }) => hints.push(String(payload)))
	);
	await villager.goto(`${app.origin}/t/${township}`);

	// Made for two villages; the cadre of one of them is not offered as a checker.
	await planner.goto(`${list}/new`);
	await expect(planner.getByText('样板，非官方')).toBeVisible();
	await planner.getByRole('radio', { name: '自己选' }).check();
	await expect(planner.getByLabel('王村干')).toHaveCount(0);
	await planner.getByLabel('孙核查').check();
	for (const name of ['云台村', '白马村']) await planner.getByLabel(name, { exact: true }).check();
	await planner.getByRole('button', { name: '建立检查' }).click();
	await planner.waitForURL(/rounds\/[0-9a-f-]{36}$/);
	const at = planner.url();
	const id = at.split('/').at(-1)!;

	// Looked at by the inspector, with a phone.
	const inspector = await person('inspector', {
		viewport: { width: 390, height: 844 },
		hasTouch: true
	});
	await inspector.goto(at);
	await inspector.getByRole('link', { name: /云台村/ }).tap();
	const plus = inspector.getByRole('button', { name: '暴露垃圾：记一处' });
	const box = (await plus.boundingBox())!;
	expect(Math.min(box.width, box.height), 'a target for a finger').toBeGreaterThanOrEqual(44);
	await plus.tap();
	await expect(inspector.getByText('得9 / 10')).toBeVisible();
	await inspector.getByRole('button', { name: '乱堆乱放：记一处' }).tap();
	await inspector.getByRole('button', { name: '补充' }).first().tap();
	await inspector.getByLabel('地点').fill('二组渡口，王村干家旁');
	await inspector.getByLabel('问题说明').fill('李网格说垃圾外溢');
	await inspector.getByRole('button', { name: '保存' }).tap();
	await expect(inspector.getByText('二组渡口')).toBeVisible();
	await inspector.getByRole('button', { name: '本村全部项目都看过了' }).tap();
	await expect(inspector.getByText('得73 / 75')).toBeVisible();

	// The village: no page, no row, no event, no task, no hint. The mayor, who is not in it, neither.
	expect((await villager.request.get(at)).status()).toBe(404);
	expect((await villager.request.get(`${at}/notice`)).status()).toBe(404);
	expect(await told(villager, app)).toEqual([0, 0, 0, 0, 0]);
	const mayor = await person('mayor');
	expect((await mayor.request.get(at)).status()).toBe(404);
	expect(await told(mayor, app)).toEqual([0, 0, 0, 0, 0]);
	expect(hints.join('\n')).not.toContain(id);
	expect(hints.join('\n')).not.toMatch(/finding|round/);

	// Finished by the planner, who is told what is missing and that somebody is named.
	await planner.goto(`${at}/finish`);
	await expect(planner.getByText('1个村没有查完，不评分：白马村')).toBeVisible();
	await expect(planner.getByText('出现了本镇人员的姓名')).toBeVisible();
	await planner.getByRole('button', { name: '结束并公布' }).click();
	await planner.waitForURL(at);

	// Now it is everybody's, and the findings are tasks.
	await expect.poll(() => hints.join('\n')).toContain(id);
	await villager.goto(at);
	await expect(villager.getByRole('row', { name: /云台村.*73/ })).toBeVisible();
	await expect(villager.getByRole('row', { name: /白马村/ })).toContainText('未查完，不评分');
	await villager.getByRole('link', { name: '看任务' }).first().click();
	await expect(villager.locator('article')).toContainText('云台村');

	// The document holds no name of anybody, however the request is made.
	const { body: people } = await rest(planner, app, 'persons?select=name');
	expect(people.length).toBeGreaterThan(6);
	for (const page of [planner, villager])
		for (const order of ['', '?order=code', '?order=score']) {
			const answer = await page.request.get(`${at}/notice${order}`);
			expect(answer.status()).toBe(200);
			const html = await answer.text();
			expect(html).toContain('二组渡口');
			for (const { name } of people) expect(html).not.toContain(name);
		}
	await villager.goto(`${at}/notice`);
	await expect(villager.getByText('按村编码排列，不分先后')).toBeVisible();
	await villager.getByRole('link', { name: '打印选项：按得分排列' }).click();
	await expect(villager.getByText('按合计得分由高到低排列')).toBeVisible();
	const xlsx = await villager.request.get(`${at}/notice.xlsx`);
	expect(xlsx.headers()['content-type']).toContain('spreadsheetml');
	expect((await xlsx.body()).subarray(0, 2).toString()).toBe('PK');
});
