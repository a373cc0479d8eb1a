/** Industry plans: land drawn by mouse, touch and keys, split, checked against layers, scenarios compared and adopted. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { newId, newOp } from '../../src/lib/domain/op';
import { expect, rest, sendOps, test, townshipOf, type App } from './app';
import { chinaDay } from '../../src/lib/domain/day';

/** The plan of this name with its parcels, as the Data API tells it. */
async function parcels(page: Page, app: App, plan: string) {
	const { body } = await rest(page, app, 'rpc/plan_page', {
		method: 'POST',
		body: { p_township: townshipOf(page), p_plan: plan }
	});
	return (body.parcels as any[]).filter((p) => !p.archived);
}
async function planNamed(page: Page, app: App, title: string): Promise<string> {
	const { body } = await rest(page, app, `plans?title=eq.${encodeURIComponent(title)}&select=id`);
	return body[0].id;
}
const square = (x: number, y: number, w: number, h = w) => ({
	type: 'Polygon',
	coordinates: [
		[
			[x, y],
			[x + w, y],
			[x + w, y + h],
			[x, y + h],
			[x, y]
		]
	]
});
const middleOf = (g: any): [number, number] => {
	const ring = (g.type === 'Polygon' ? g.coordinates : g.coordinates[0])[0] as [number, number][];
	const mid = (k: 0 | 1) =>
		(Math.min(...ring.map((p) => p[k])) + Math.max(...ring.map((p) => p[k]))) / 2;
	return [mid(0), mid(1)];
};
const drawing = (page: Page) => page.getByRole('application').first();

test('a parcel is drawn with the mouse, its corner dragged, undone, and kept', async ({
	person,
	app
}) => {
	const page = await person('planner', { viewport: { width: 1366, height: 900 } });
	const plan = await planNamed(page, app, '冷水鱼养殖');
	await page.goto(`${app.origin}/t/${townshipOf(page)}/plans/${plan}?tab=land`);
	await expect(page.locator('[data-advice]').first()).toHaveText(
		'仅供谋划参考，以自然资源主管部门审查意见为准'
	);
	const before = await parcels(page, app, plan);
	await page.getByRole('button', { name: '画地块' }).click();
	// The page may scroll to a button meanwhile.
	const at = async (x: number, y: number): Promise<[number, number]> => {
		const box = (await drawing(page).boundingBox())!;
		return [box.x + x, box.y + y];
	};
	for (const [x, y] of [
		[60, 60],
		[220, 60],
		[220, 180],
		[60, 180]
	] as const)
		await page.mouse.click(...(await at(x, y)));
	await page.getByRole('button', { name: '围合' }).click();
	const bar = page.getByRole('region', { name: '正在画的地块' });
	const area = async () => (await bar.getByRole('status').textContent())!;
	const drawn = await area();
	expect(drawn).toMatch(/[\d.]+亩/);
	// A corner is pulled outwards: larger; one undo takes the whole drag back.
	await page.mouse.move(...(await at(60, 180)));
	await page.mouse.down();
	await page.mouse.move(...(await at(60, 240)), { steps: 5 });
	await page.mouse.up();
	expect(await area()).not.toBe(drawn);
	await page.keyboard.press('Control+z');
	expect(await area()).toBe(drawn);
	// Pulled over the opposite side it crosses itself and cannot be kept.
	await page.mouse.move(...(await at(60, 60)));
	await page.mouse.down();
	await page.mouse.move(...(await at(300, 120)), { steps: 5 });
	await page.mouse.up();
	await expect(bar.getByRole('alert')).toContainText('自己交叉');
	await expect(bar.getByRole('button', { name: '保存' })).toBeDisabled();
	await bar.getByRole('button', { name: '撤销一步' }).click();
	await bar.getByRole('button', { name: '先核查' }).click();
	await expect(bar.getByRole('list', { name: '用地核查' })).toContainText('生态保护红线');
	await bar.getByRole('button', { name: '保存' }).click();
	await expect(page.getByText('地块已加入')).toBeVisible();
	const after = await parcels(page, app, plan);
	expect(after).toHaveLength(before.length + 1);
	// One press takes it back.
	await page.getByRole('button', { name: '撤销', exact: true }).click();
	await expect.poll(async () => (await parcels(page, app, plan)).length).toBe(before.length);
});

test('a parcel is split by touch and put together again; the sum of the land stays', async ({
	person,
	app
}) => {
	const page = await person('planner', {
		viewport: { width: 390, height: 844 },
		hasTouch: true
	});
	const plan = await planNamed(page, app, '冷链仓储中心');
	const whole = (await parcels(page, app, plan))[0];
	await page.goto(`${app.origin}/t/${townshipOf(page)}/plans/${plan}?tab=land`);
	await page.getByRole('checkbox', { name: /地块/ }).tap();
	await page.getByRole('button', { name: '分割' }).tap();
	const map = drawing(page);
	await map.scrollIntoViewIfNeeded();
	const box = (await map.boundingBox())!;
	for (const part of [0.05, 0.8])
		await page.touchscreen.tap(box.x + box.width * 0.5, box.y + box.height * part);
	const bar = page.getByRole('region', { name: '正在画的地块' });
	await bar.getByRole('button', { name: '分割' }).tap();
	await expect(page.getByText(/已分成2块/)).toBeVisible();
	const parts = await parcels(page, app, plan);
	expect(parts).toHaveLength(2);
	const sum = parts.reduce((n, p) => n + p.area, 0);
	expect(Math.abs(sum - whole.area)).toBeLessThan(1);
	await page.getByRole('button', { name: '合并所选2块' }).tap();
	await expect.poll(async () => (await parcels(page, app, plan)).length).toBe(1);
	expect(Math.abs((await parcels(page, app, plan))[0].area - whole.area)).toBeLessThan(1);
	expect(
		await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
	).toBeLessThanOrEqual(0);
});

test('with keys alone: corners typed, one moved, the land kept; the files go out and read the same', async ({
	person,
	app
}) => {
	const page = await person('planner', { viewport: { width: 1366, height: 900 } });
	const plan = await planNamed(page, app, '林下香菇基地');
	const [x, y] = middleOf((await parcels(page, app, plan))[0].geometry);
	await page.goto(`${app.origin}/t/${townshipOf(page)}/plans/${plan}?tab=land`);
	const press = async (name: string | RegExp) => {
		await page.getByRole('button', { name }).focus();
		await page.keyboard.press('Enter');
	};
	// A page that has not come alive yet does not hear it.
	await expect(async () => {
		await press('输入坐标');
		await expect(page.getByLabel('角点坐标')).toBeVisible({ timeout: 2000 });
	}).toPass();
	await page.getByLabel('角点坐标').focus();
	await page.keyboard.type(`J1 ${x + 0.01} 三十二\n`);
	await press('读取');
	await expect(page.getByRole('alert')).toContainText('第1行');
	await page.getByLabel('角点坐标').focus();
	await page.keyboard.press('Control+a');
	for (const [dx, dy] of [
		[0.01, 0],
		[0.012, 0],
		[0.012, 0.002],
		[0.01, 0.002]
	] as const) {
		await page.keyboard.type(`${(x + dx).toFixed(7)} ${(y + dy).toFixed(7)}`);
		await page.keyboard.press('Enter');
	}
	await press('读取');
	await expect(page.getByText(/读出[\d.]+亩，按经纬度/)).toBeVisible();
	await press('放到图上');
	const bar = page.getByRole('region', { name: '正在画的地块' });
	const area = async () => (await bar.getByRole('status').textContent())!;
	const drawn = await area();
	await bar.getByLabel('选择角点').focus();
	await page.keyboard.press('ArrowDown');
	await bar.getByRole('button', { name: /用方向键移动/ }).focus();
	await page.keyboard.press('Shift+ArrowLeft');
	expect(await area()).not.toBe(drawn);
	await bar.getByRole('button', { name: '保存' }).focus();
	await page.keyboard.press('Enter');
	await expect(page.getByText('地块已加入')).toBeVisible();
	const now = await parcels(page, app, plan);
	expect(now).toHaveLength(2);
	for (const [format, magic] of [
		['txt', '属性描述'],
		['dxf', 'SECTION'],
		['kml', '<kml'],
		['geojson', 'FeatureCollection'],
		['shp', 'PK'],
		['xlsx', 'PK']
	] as const) {
		const answer = await page.request.get(
			`${app.origin}/t/${townshipOf(page)}/plans/${plan}/parcels/${format}`
		);
		expect(answer.status(), format).toBe(200);
		const bytes = await answer.body();
		const text = new TextDecoder(format === 'txt' ? 'gb18030' : 'utf-8').decode(bytes);
		expect(text, format).toContain(magic);
	}
});

test('a layer comes in from a file, a check says what conflicts and what nobody looked at, and that a layer changed', async ({
	person,
	app
}) => {
	const page = await person('planner', { viewport: { width: 1366, height: 900 } });
	const township = townshipOf(page);
	const plan = await planNamed(page, app, '柑橘分拣线');
	const [x, y] = middleOf((await parcels(page, app, plan))[0].geometry);
	await page.goto(`${app.origin}/t/${township}/layers`);
	const row = page.getByRole('listitem').filter({ hasText: '生态保护红线' });
	await row.getByRole('button', { name: '建这个图层' }).click();
	await page.getByLabel('提供单位').fill('区自然资源局');
	await page.getByRole('button', { name: '保存' }).click();
	const card = page.getByRole('article').filter({ hasText: '区自然资源局' });
	await expect(card).toContainText('还没有数据');
	await card.getByRole('button', { name: '装入数据' }).click();
	const file = (features: object[]) => ({
		name: '红线.geojson',
		mimeType: 'application/geo+json',
		buffer: Buffer.from(JSON.stringify({ type: 'FeatureCollection', features }))
	});
	const feature = (geometry: object, properties: object) => ({
		type: 'Feature',
		properties,
		geometry
	});
	const input = page.locator('input[type=file]');
	await input.setInputFiles(
		file([feature(square(x, y - 0.01, 0.02), { DLBM: '0301', 名称: '红线一' })])
	);
	await expect(page.getByText(/共1个图形：面1/)).toBeVisible();
	await expect(page.getByLabel('地类或类别')).toHaveValue('DLBM');
	await page.getByRole('button', { name: '装入1个图形' }).click();
	await expect(card).toContainText('1个图形');

	await page.goto(`${app.origin}/t/${township}/plans/${plan}?tab=check`);
	await page.getByRole('button', { name: '开始核查' }).click();
	const line = page.getByRole('row', { name: /生态保护红线/ });
	await expect(line).toContainText('冲突');
	await expect(line).toContainText(/地类0301 [\d.]+亩/);
	await expect(line).toContainText('区自然资源局');
	await expect(page.getByText(/未核查.*文物保护范围/)).toBeVisible();
	await expect(page.locator('[data-advice]')).toHaveCount(2);

	// The layer is another one now: the check says so and is no longer believed.
	await page.goto(`${app.origin}/t/${township}/layers`);
	await card.getByRole('button', { name: '更换数据' }).click();
	await input.setInputFiles(file([feature(square(x + 0.05, y, 0.01), { 名称: '远处' })]));
	await page.getByRole('button', { name: '装入1个图形' }).click();
	await expect(page.getByText('已换上1个图形')).toBeVisible();
	await page.goto(`${app.origin}/t/${township}/plans/${plan}?tab=check`);
	await expect(page.getByText(/核查后有变动/)).toBeVisible();
	await expect(page.locator('main > header').getByText('未核查')).toBeVisible();
	// One press checks again whatever changed.
	await page.goto(`${app.origin}/t/${township}/plans`);
	await page.getByRole('button', { name: '全部重新核查' }).click();
	await expect(page.getByText(/有变动，需重新核查/)).toHaveCount(0, { timeout: 30_000 });
	await expect(page.getByRole('button', { name: '全部重新核查' })).toHaveCount(0);

	// Somebody who only looks sees it all and can change nothing, whatever is pressed or sent.
	const observer = await person('observer');
	await observer.goto(`${app.origin}/t/${township}/layers`);
	await expect(observer.getByRole('article').first()).toBeVisible();
	await expect(observer.getByRole('button', { name: /新建图层|更换数据|修改|停用/ })).toHaveCount(
		0
	);
	const put = await observer.request.put(
		`${app.origin}/t/${township}/layers/${crypto.randomUUID()}/put`,
		{
			data: { load: crypto.randomUUID(), rows: [{ n: 1, geometry: square(x, y, 0.01) }] },
			headers: { origin: app.origin }
		}
	);
	expect([403, 404]).toContain(put.status());
	await observer.goto(`${app.origin}/t/${township}/sites?of=parcels&mu=5`);
	await expect(observer.getByText('只有本镇负责谋划的人可以用')).toBeVisible();
});

test('scenarios: figures changed, undone and redone by keys, compared, adopted, and then said', async ({
	person,
	app
}) => {
	const page = await person('planner', { viewport: { width: 1366, height: 900 } });
	const township = townshipOf(page);
	await page.goto(`${app.origin}/t/${township}/schemes`);
	await page.getByRole('button', { name: '新建谋划' }).click();
	await page.getByLabel('名称').fill('测试谋划');
	for (const box of await page.getByRole('dialog').getByRole('checkbox').all()) await box.uncheck();
	for (const name of ['林下香菇基地', '通村产业路'])
		await page.getByLabel(new RegExp(name)).check();
	await page.getByRole('button', { name: '保存' }).click();
	await page.waitForURL(/schemes\/[0-9a-f-]{36}$/);
	await page.getByRole('button', { name: '新建方案' }).click();
	await page.getByRole('button', { name: '保存' }).click();
	const desk = page.getByRole('region', { name: /正在修改：方案1/ });
	await desk
		.getByRole('listitem')
		.filter({ hasText: '林下香菇基地' })
		.getByRole('button', { name: '改数字' })
		.click();
	await page.getByLabel('总投资').fill('1234.5');
	await page.getByRole('button', { name: '保存' }).click();
	const row = page.getByRole('row', { name: /^总投资/ });
	await expect(row).toContainText('+');
	const changed = await row.textContent();
	await page.keyboard.press('Control+z');
	await expect(row).not.toContainText('+');
	await page.keyboard.press('Control+y');
	await expect(row).toHaveText(changed!);
	await desk
		.getByRole('listitem')
		.filter({ hasText: '林下香菇基地' })
		.getByRole('button', { name: '改日期' })
		.click();
	const next = chinaDay(300);
	const days = page.getByRole('dialog').locator('input[type=date]');
	await days.last().fill(next);
	await page.getByRole('dialog').getByRole('button', { name: '保存' }).click();
	await desk
		.getByRole('listitem')
		.filter({ hasText: '通村产业路' })
		.getByRole('button', { name: '去掉' })
		.click();
	// The land of a plan as only this scenario has it.
	await desk
		.getByRole('listitem')
		.filter({ hasText: '林下香菇基地' })
		.getByRole('button', { name: '改地块' })
		.click();
	const land = page.getByRole('dialog');
	await land.getByRole('button', { name: '改边界' }).first().click();
	await land.getByLabel('外扩米数').fill('10');
	await land.getByRole('button', { name: '外扩/内缩' }).click();
	await expect(land.getByRole('button', { name: '撤销一步' })).toBeEnabled();
	await land.getByRole('button', { name: '保存', exact: true }).click();
	await land.getByRole('button', { name: '放进方案' }).click();
	await expect(land).toBeHidden();
	const differs = page.locator('section').filter({ hasText: '方案1 比 现状' }).last();
	await expect(differs).toContainText(/总投资：480 → 1,234.5/);
	await expect(differs).toContainText('去掉');
	await expect(differs).toContainText(/地块：[\d.]+亩 → [\d.]+亩/);
	await page.getByRole('radio', { name: '卷帘' }).check();
	await page.getByLabel('卷帘位置').focus();
	await page.keyboard.press('ArrowRight');
	await expect(page.getByLabel('卷帘位置')).toHaveValue('51');

	await desk.getByRole('button', { name: '采纳', exact: true }).click();
	await page.getByRole('dialog').getByRole('button', { name: '采纳', exact: true }).click();
	await expect(page.getByText('方案已采纳')).toBeVisible();
	await expect(page.getByText('已采纳', { exact: true })).toBeVisible();
	const { body } = await rest(
		page,
		app,
		'plans?title=eq.' + encodeURIComponent('林下香菇基地') + '&select=id,invest'
	);
	expect(Number(body[0].invest)).toBe(1234.5);
	const steps = await rest(
		page,
		app,
		`steps?thing_id=eq.${body[0].id}&due_on=eq.${next}&select=state,first_due_on`
	);
	// The day is decided now, and the first planned day stays as it was.
	expect(steps.body).toHaveLength(1);
	expect(steps.body[0].state).toBe('said');
	const gone = await rest(
		page,
		app,
		'plans?title=eq.' + encodeURIComponent('通村产业路') + '&select=archived_at'
	);
	expect(gone.body[0].archived_at).not.toBeNull();

	// Nobody who may not plan does any of this, by page or by op.
	const village = await person('village');
	await village.goto(page.url());
	await expect(village.getByRole('button', { name: /新建方案|修改谋划/ })).toHaveCount(0);
	const scheme = page.url().split('/schemes/')[1]!.split('?')[0]!;
	const [answer] = await sendOps(village, township, [
		newOp('scenario.create', township, newId(), { scheme, title: '偷改' })
	]);
	expect(answer!.body).toMatchObject({ outcome: 'refused', reason: 'not_allowed' });
});

for (const [width, height] of [
	[1366, 768],
	[390, 844]
] as const)
	test(`axe finds nothing serious on the plans' pages at ${width}×${height}`, async ({
		person,
		app
	}) => {
		test.setTimeout(180_000);
		const page = await person('planner', { viewport: { width, height } });
		const home = `${app.origin}/t/${townshipOf(page)}`;
		const plan = await planNamed(page, app, '富硒茶叶加工厂');
		await page.goto(`${home}/schemes`);
		const scheme = await page.locator('main a[href*="/schemes/0"]').first().getAttribute('href');
		for (const where of [
			`${home}/plans`,
			`${home}/plans?as=charts`,
			...['overview', 'record', 'money', 'land', 'check'].map(
				(tab) => `${home}/plans/${plan}?tab=${tab}`
			),
			`${home}/layers`,
			`${home}/sites?of=parcels&mu=5`,
			`${app.origin}${scheme}`
		]) {
			await page.goto(where);
			await expect(page.locator('[data-advice]').first()).toBeVisible();
			const { violations } = await new AxeBuilder({ page }).analyze();
			expect
				.soft(
					violations
						.filter((v) => v.impact === 'serious' || v.impact === 'critical')
						.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(' | ')}`),
					where
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
