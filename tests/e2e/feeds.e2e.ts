/** A feed from its making to its end, as another program uses it, and the one public switch; looked at by axe. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test, townshipOf } from './app';

async function looksRight(page: Page, where: string) {
	const { violations } = await new AxeBuilder({ page }).analyze();
	expect
		.soft(
			violations
				.filter((v) => v.impact === 'serious' || v.impact === 'critical')
				.map((v) => `${where}: ${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(' | ')}`)
		)
		.toEqual([]);
	expect
		.soft(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), where)
		.toBeLessThanOrEqual(0);
}

test('a planner makes a feed for QGIS and a calendar; revoked, it is over at once', async ({
	app,
	person,
	request
}) => {
	const page = await person('planner', { viewport: { width: 1366, height: 768 } });
	const home = page.url().split('?')[0]!;
	await page.goto(`${home}/feeds`);
	await page.getByRole('button', { name: '新建订阅' }).click();
	const dialog = page.getByRole('dialog');
	await dialog.getByRole('button', { name: '生成令牌' }).click();
	await expect(dialog.getByRole('alert')).toBeVisible();
	await dialog.getByLabel('名称').fill('自然资源所 QGIS');
	await dialog.getByRole('checkbox', { name: /^图层/ }).check();
	await dialog.getByRole('checkbox', { name: '矢量瓦片' }).check();
	await looksRight(page, 'new');
	await dialog.getByRole('button', { name: '生成令牌' }).click();
	await expect(dialog).toContainText('令牌只显示这一次');
	const token = await dialog.getByLabel('令牌', { exact: true }).inputValue();
	expect(token).toMatch(/^[\w-]{43}$/);
	const ogc = await dialog.getByRole('textbox', { name: /OGC API/ }).inputValue();
	const ics = await dialog.getByRole('textbox', { name: /^日历地址/ }).inputValue();
	const tiles = await dialog.getByRole('textbox', { name: /^QGIS：矢量瓦片/ }).inputValue();
	await looksRight(page, 'token');
	await dialog.getByRole('button', { name: '我已保存' }).click();
	await expect(page.getByText('还没有被读取过')).toBeVisible();
	expect(await page.content()).not.toContain(token);

	// As QGIS asks: Basic, the token as password.
	const headers = {
		Authorization: `Basic ${Buffer.from(`feed:${token}`).toString('base64')}`
	};
	const landing = await (await request.get(ogc, { headers })).json();
	const data = landing.links.find((l: { rel: string }) => l.rel === 'data').href;
	const { collections } = await (await request.get(data, { headers })).json();
	expect(collections.map((c: { id: string }) => c.id)).toContain('tasks');
	const items = await request.get(`${data}/tasks/items?limit=3`, { headers });
	expect(items.headers()['content-type']).toBe('application/geo+json');
	expect((await items.json()).features).toHaveLength(3);
	const [w, s, e, n] = collections.find((c: { id: string }) => c.id === 'tasks').extent.spatial
		.bbox[0];
	const lat = (((s + n) / 2) * Math.PI) / 180;
	const x = Math.floor((((w + e) / 2 + 180) / 360) * 2 ** 10);
	const y = Math.floor(((1 - Math.asinh(Math.tan(lat)) / Math.PI) / 2) * 2 ** 10);
	const tile = await request.get(
		tiles.replace('{z}', '10').replace('{x}', String(x)).replace('{y}', String(y)),
		{ headers }
	);
	expect(tile.status()).toBe(200);
	expect((await tile.body()).length).toBeGreaterThan(100);
	const due = await request.get(ics);
	expect(due.headers()['content-type']).toContain('text/calendar');
	expect(await due.text()).toMatch(/^BEGIN:VCALENDAR\r\n[^]*BEGIN:VEVENT[^]*END:VCALENDAR\r\n$/);
	expect(due.headers()['cache-control']).toBe('private, no-store');
	expect((await request.get(ogc)).status()).toBe(401);
	expect((await request.head(ogc, { headers })).status()).toBe(200);
	expect((await request.post(ogc, { headers })).status()).toBeGreaterThanOrEqual(400);

	await page.reload();
	await expect(page.getByText(/^读取 \d+ 次/)).toBeVisible();
	await page.getByRole('button', { name: '撤销', exact: true }).first().click();
	await page.getByRole('dialog').getByRole('button', { name: '撤销' }).click();
	await expect(page.getByText('已撤销')).toBeVisible();
	expect((await request.get(ogc, { headers })).status()).toBe(401);
	expect((await request.get(ics)).status()).toBe(404);
	await looksRight(page, 'list');
	expect(app.output()).not.toContain(token);
});

test('public spots are there when the township says so; on a phone a field worker makes a calendar', async ({
	app,
	person,
	request
}) => {
	const page = await person('planner', { viewport: { width: 390, height: 844 } });
	const township = townshipOf(page);
	const spots = `${app.origin}/open311/${township}/v2`;
	expect((await request.get(`${spots}/requests.json`)).status()).toBe(404);
	await page.goto(`${app.origin}/t/${township}/feeds`);
	await looksRight(page, 'phone');
	await page.getByLabel('对外公开').check();
	await page.getByRole('button', { name: '保存' }).click();
	await expect(page.getByText('正在公开')).toBeVisible();
	const services = await (await request.get(`${spots}/services.json`)).json();
	expect(services.map((s: { service_code: string }) => s.service_code)).not.toContain('TOILET');
	const found = await request.get(`${spots}/requests.json?page_size=5`);
	expect(found.status()).toBe(200);
	expect(found.headers()['access-control-allow-origin']).toBeUndefined();
	await page.getByLabel('对外公开').uncheck();
	await page.getByRole('button', { name: '保存' }).click();
	await expect(page.getByText('未公开')).toBeVisible();
	expect((await request.get(`${spots}/requests.json`)).status()).toBe(404);

	const field = await person('field', { viewport: { width: 390, height: 844 } });
	await field.goto(`${app.origin}/t/${township}/feeds`);
	await expect(field.getByText('公开整治点位')).toHaveCount(0);
	await field.getByRole('button', { name: '新建订阅' }).click();
	await expect(field.getByRole('checkbox', { name: /^图层/ })).toHaveCount(0);
	await field.getByLabel('名称').fill('手机日历');
	await field.getByLabel('只要我负责的').check();
	await field.getByRole('button', { name: '生成令牌' }).click();
	const ics = await field.getByRole('textbox', { name: /^日历地址/ }).inputValue();
	expect((await request.get(ics)).status()).toBe(200);
	await looksRight(field, 'phone token');
});
