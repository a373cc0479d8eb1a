import { readFile } from 'node:fs/promises';
import { newOp } from '../../src/lib/domain/op';
import { readFiles } from '../../src/lib/geo/read';
import { expect, rest, sendOps, test, townshipOf, type App } from './app';
import type { Page } from '@playwright/test';

const mark = '任务台试验';

/** Found tasks with a name of their own, in the village of the demo's grid member. */
async function make(page: Page, app: App, n: number, name: string): Promise<string[]> {
	const { body: places } = await rest(
		page,
		app,
		'places?level=eq.village&name=eq.白马村&select=id'
	);
	const township = townshipOf(page);
	const ops = Array.from({ length: n }, (_, i) =>
		newOp('task.create', township, crypto.randomUUID(), {
			category: 'TRASH',
			title: `${name}${i + 1}`,
			village_id: places[0].id
		})
	);
	const answers = await sendOps(page, township, ops);
	expect(answers.map((a) => a.body.outcome)).toEqual(ops.map(() => 'applied'));
	return ops.map((o) => o.target);
}
const stages = async (page: Page, app: App, ids: string[]) =>
	(await rest(page, app, `steps?id=in.(${ids})&select=stage`)).body
		.map((s: { stage: string }) => s.stage)
		.sort();

test('filtered, handed over in bulk with a sheet to print, and taken back', async ({
	person,
	app
}) => {
	const page = await person('planner');
	const home = `${app.origin}/t/${townshipOf(page)}`;
	const name = `${mark}交办`;
	const ids = await make(page, app, 3, name);

	await page.getByRole('link', { name: '任务台' }).click();
	await page.getByRole('searchbox', { name: '搜问题、位置、备注' }).fill(name);
	await expect(page.getByText('共 3 件')).toBeVisible();
	await expect(page).toHaveURL(/q=/);
	// By keyboard: the first is ticked, Shift and an arrow take the next, Shift and a click the rest.
	const boxes = page.locator('tbody input[type=checkbox]');
	await boxes.first().focus();
	await page.keyboard.press('Space');
	await page.keyboard.press('Shift+ArrowDown');
	await expect(boxes.nth(1)).toBeChecked();
	await boxes.nth(2).click();
	const bar = page.getByRole('region', { name: '批量办理' });
	await expect(bar.getByText('已选 3 件')).toBeVisible();
	await bar.getByRole('button', { name: '交办…' }).click();
	const dialog = page.getByRole('dialog');
	// The village's own officer is suggested.
	await expect(dialog.getByText('李网格 3 件')).toBeVisible();
	await dialog.getByRole('button', { name: '交办 3 件' }).click();
	await expect(bar.getByRole('status')).toContainText('3 件已办');
	expect(await stages(page, app, ids)).toEqual(['assigned', 'assigned', 'assigned']);

	const sheet = await bar.getByRole('link', { name: /交办单/ }).getAttribute('href');
	await bar.getByRole('button', { name: '撤销' }).click();
	await expect(bar.getByRole('status')).toContainText('已撤销 3 件');
	expect(await stages(page, app, ids)).toEqual(['found', 'found', 'found']);

	await page.goto(app.origin + sheet!);
	await expect(page.getByRole('heading', { name: '问题交办单' })).toBeVisible();
	await expect(page.getByText('承办单位（人）')).toBeVisible();
	await expect(page.locator('article tbody tr')).toHaveCount(3);
	await expect(page.getByText('3 件后来已撤回交办')).toBeVisible();
	await page.goto(`${home}/tasks/place/${ids[0]}`);
	await expect(page.getByRole('img', { name: /二维码/ })).toBeVisible();
	await expect(page.getByRole('link', { name: '在这里上报' })).toHaveAttribute(
		'href',
		/\/field\?new=1/
	);
});

test('a card dragged to a column is the verb that leads there, and only those columns light up', async ({
	person,
	app
}) => {
	const page = await person('planner');
	const township = townshipOf(page);
	const name = `${mark}看板`;
	const [task] = await make(page, app, 1, name);
	await sendOps(page, township, [newOp('step.say', township, task!, {})]);
	await page.goto(`${app.origin}/t/${township}/tasks?as=board&q=${encodeURIComponent(name)}`);
	const card = page.locator(`[data-stage=assigned] [data-task="${task}"]`);
	await expect(card).toBeVisible();
	await card.dragTo(page.locator('[data-stage=doing]'));
	await expect(page.locator(`[data-stage=doing] [data-task="${task}"]`)).toBeVisible({
		timeout: 40_000
	});
	expect(await stages(page, app, [task!])).toEqual(['doing']);
	// Nothing leads from there to "struck off".
	await page
		.locator(`[data-task="${task}"]`)
		.dragTo(page.locator('[data-stage=closed]'), { force: true });
	expect(await stages(page, app, [task!])).toEqual(['doing']);
	// The same by the card's menu.
	await page.locator(`[data-task="${task}"] button`).first().click();
	await page.getByRole('menuitem', { name: '登记受阻' }).click();
	const form = page.getByRole('form', { name: '登记受阻' });
	await form.getByLabel('谁来解').fill('镇财政所');
	await form.getByRole('button', { name: '登记受阻' }).click();
	await expect(page.locator('[data-stage=blocked]')).toContainText('镇财政所能解', {
		timeout: 40_000
	});
});

test('the calendar walks by keyboard, a type is renamed, the ledger goes out and reads again', async ({
	person,
	app
}) => {
	const page = await person('planner');
	const home = `${app.origin}/t/${townshipOf(page)}/tasks`;
	await page.goto(`${home}?as=calendar`);
	const today = page.locator('[role=gridcell][tabindex="0"]');
	const before = (await today.getAttribute('data-day'))!;
	await today.focus();
	await page.keyboard.press('PageDown');
	await expect(page).toHaveURL(/month=/);
	await expect(page.locator(`[data-day="${before}"][tabindex="0"]`)).toHaveCount(0);

	await page.goto(`${home}/types`);
	const row = page.getByRole('form', { name: '露天焚烧' });
	await row.getByLabel('本镇叫法').fill('露天烧秸秆');
	await row.getByLabel('常用天数').fill('2');
	await row.getByRole('button', { name: '保存' }).click();
	await expect(row.getByRole('button', { name: '保存' })).toBeDisabled();
	await page.goto(`${home}?type=BURN`);
	await expect(page.locator('tbody tr').first()).toBeVisible();
	await expect(page.getByRole('button', { name: /问题类型/ })).toContainText('露天烧秸秆');

	const count = Number(/共 (\d+) 件/.exec((await page.getByText(/共 \d+ 件/).textContent())!)![1]);
	await page.getByRole('button', { name: '台账与打印' }).click();
	const [download] = await Promise.all([
		page.waitForEvent('download'),
		page.getByRole('menuitem', { name: /导出台账/ }).click()
	]);
	const bytes = new Uint8Array(await readFile((await download.path())!));
	const { layers } = await readFiles([{ name: '台账.xlsx', bytes }]);
	expect(layers.map((l) => [l.kind, l.count])).toEqual([['tasks', count]]);
	expect(layers[0]!.columns.map((c) => c.name)).toEqual(
		expect.arrayContaining(['序号', '行政村', '问题描述', '整改时限', '责任单位', '责任人'])
	);

	// Other tests meet the same township: the type gets its own name back.
	await page.goto(`${home}/types`);
	await row.getByLabel('本镇叫法').fill('');
	await row.getByLabel('常用天数').fill('1');
	await row.getByRole('button', { name: '保存' }).click();
	await expect(row.getByRole('button', { name: '保存' })).toBeDisabled();
});
