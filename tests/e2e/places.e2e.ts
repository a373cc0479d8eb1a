import { readFile } from 'node:fs/promises';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium, type Page } from '@playwright/test';
import readSheets from 'read-excel-file/node';
import { expect, mapIdle, pick, signIn, test, townshipOf, watch } from './app';

const villages = (page: Page) => page.locator('ul a[data-village]');
const figures = (page: Page) => page.locator('ul a[data-village] dd b').allTextContents();

test('the wall: figures for a room, keys to leave it', async ({ person }) => {
	const page = await person('observer', { viewport: { width: 1920, height: 1080 } });
	await mapIdle(page);
	await page.getByRole('link', { name: '大屏' }).click();
	await expect(page).toHaveURL(/[?&]wall/);
	const aside = page.locator('.wall aside');
	await expect(aside.locator('dd b')).toHaveCount(3);
	const size = await aside
		.locator('dd b')
		.first()
		.evaluate((e) => parseFloat(getComputedStyle(e).fontSize));
	expect(size).toBeGreaterThan(40);
	await mapIdle(page);
	await page.keyboard.press('Escape');
	await expect(page).not.toHaveURL(/[?&]wall/);
	await expect(villages(page)).toHaveCount(16);
});

test('without JavaScript the map, the villages and the list are there', async ({
	person,
	app,
	open
}) => {
	const page = await person('observer');
	const state = await page.context().storageState();
	const bare = await (await open({ javaScriptEnabled: false, storageState: state })).newPage();
	await bare.goto(page.url());
	await expect(bare.locator('svg a[data-village]')).toHaveCount(16);
	await expect(villages(bare)).toHaveCount(16);
	const first = villages(bare).first();
	const id = await first.getAttribute('data-village');
	await first.click();
	await expect(bare).toHaveURL(new RegExp(`village=${id}`));
	await expect(bare.locator('a[data-thing]').first()).toBeVisible();
	await bare.goto(`${app.origin}/t/${townshipOf(page)}`);
	// A village of the drawing is a link as well.
	const shape = bare.locator(`svg a[data-village="${id}"]`);
	expect(await shape.getAttribute('href')).toContain(`village=${id}`);
	// And so is the sign-in form.
	const stranger = await (await open({ javaScriptEnabled: false })).newPage();
	await signIn(stranger, app, 'observer');
	await expect(stranger.locator('svg a[data-village]')).toHaveCount(16);
});

test('without WebGL the drawing stays and can be picked', async ({ app, seen }, info) => {
	const { launchOptions } = info.project.use;
	const browser = await chromium.launch({
		...launchOptions,
		args: [
			...launchOptions!.args!.filter((a) => !/angle|swiftshader|gpu/.test(a)),
			'--disable-3d-apis'
		]
	});
	try {
		const context = await browser.newContext({ locale: 'zh-CN' });
		await watch(context, seen);
		const page = await context.newPage();
		await signIn(page, app, 'observer');
		await expect(page.locator('[data-map-state=svg]')).toBeVisible();
		const shape = page.locator('svg a[data-village]').first();
		const id = await shape.getAttribute('data-village');
		// Inside the shape, not the middle of its box.
		const at = await shape
			.locator('path')
			.first()
			.evaluate((path: SVGPathElement) => {
				const m = path.getScreenCTM()!;
				const box = path.getBBox();
				for (let i = 1; i < 20; i++)
					for (let j = 1; j < 20; j++) {
						const p = new DOMPoint(box.x + (box.width * i) / 20, box.y + (box.height * j) / 20);
						const on = p.matrixTransform(m);
						if (path.isPointInFill(p) && document.elementFromPoint(on.x, on.y) === path)
							return { x: on.x, y: on.y };
					}
				return null;
			});
		expect(at).not.toBeNull();
		await page.mouse.click(at!.x, at!.y);
		await expect(page).toHaveURL(new RegExp(`village=${id}`));
		// A sign at a lonely spot; signs that lie on each other are picked in the list.
		const sign = await page.locator('svg a[data-thing]').evaluateAll((all) => {
			for (const a of all) {
				const { x, y, width, height } = a.getBoundingClientRect();
				const hit = document.elementFromPoint(x + width / 2, y + height / 2)?.closest('a');
				if (hit === a)
					return { id: (a as HTMLElement).dataset.thing, x: x + width / 2, y: y + height / 2 };
			}
			return null;
		});
		expect(sign).not.toBeNull();
		await page.mouse.click(sign!.x, sign!.y);
		await expect(page).toHaveURL(new RegExp(`open=task%3A${sign!.id}`));
		await expect(page.locator('article h2')).toBeVisible();
	} finally {
		await browser.close();
	}
});

test('what is looked at stands in the address: filters, a day, a language, a theme', async ({
	person
}) => {
	const page = await person('planner');
	await mapIdle(page);
	await page
		.getByRole('radio', { name: /整治任务|任务/ })
		.last()
		.click();
	const filters = page.getByRole('group', { name: '筛选' });
	await filters.getByRole('button', { name: '干了' }).click();
	await filters.getByLabel('类别').selectOption('TOILET');
	await expect(page).toHaveURL(/state=done/);
	await expect(page).toHaveURL(/category=TOILET/);
	const listed = () =>
		page
			.locator('a[data-thing]')
			.evaluateAll((all) => all.map((a) => (a as HTMLElement).dataset.thing));
	// Of a large township the list comes from the server a moment after the address.
	let things: (string | undefined)[] = [];
	await expect(async () => {
		const before = await listed();
		await page.waitForTimeout(1000);
		things = await listed();
		expect(things).toEqual(before);
	}).toPass();
	expect(things.length).toBeGreaterThan(0);
	await page.reload();
	await expect(filters.getByRole('button', { name: '干了' })).toHaveAttribute(
		'aria-pressed',
		'true'
	);
	await expect(filters.getByLabel('类别')).toHaveValue('TOILET');
	await expect.poll(listed).toEqual(things);

	// An earlier day has other figures.
	await page.goto(page.url().replace(/\?.*/, ''));
	const now = await figures(page);
	const slider = page.locator('input[type=range]');
	const last = Number(await slider.getAttribute('max'));
	const first = Number(await slider.getAttribute('min'));
	expect(last - first).toBeGreaterThan(30);
	await slider.fill(String(Math.round((first + last) / 2)));
	await expect(page).toHaveURL(/day=\d{4}-\d\d-\d\d/);
	await expect.poll(() => figures(page)).not.toEqual(now);
	await page.locator('.days').getByRole('button', { name: '今天' }).click();
	await expect(page).not.toHaveURL(/day=/);
	await expect.poll(() => figures(page)).toEqual(now);

	// English, then dark, both kept over a reload.
	await page.getByRole('button', { name: /^账号/ }).click();
	await page.getByRole('menuitem', { name: 'English' }).click();
	await expect(page.locator('html')).toHaveAttribute('lang', 'en');
	await page.waitForLoadState('networkidle');
	await page.getByRole('button', { name: /Account/i }).click();
	await page.getByRole('menuitem', { name: /dark/i }).click();
	await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
	await page.reload();
	await expect(page.locator('html')).toHaveAttribute('lang', 'en');
	await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
	const dark = await page.locator('.workspace').evaluate((e) =>
		getComputedStyle(e)
			.backgroundColor.match(/[\d.]+/g)!
			.slice(0, 3)
			.map(Number)
	);
	const lightness = dark.every((n) => n <= 1) ? Math.max(...dark) * 255 : Math.max(...dark);
	expect(lightness).toBeLessThan(90);
	// No Chinese is left in what the program itself says.
	const words = await page
		.locator('.workspace button')
		.evaluateAll((all) => all.map((b) => b.getAttribute('aria-label') ?? b.textContent ?? ''));
	expect(words.filter((w) => /\p{Script=Han}/u.test(w) && !/周书记|云溪镇|中文/.test(w))).toEqual(
		[]
	);
});

for (const [width, height] of [
	[1366, 768],
	[390, 844]
] as const)
	test(`axe finds nothing serious at ${width}×${height}`, async ({ person, open, app }) => {
		const look = async (page: Page, where: string) => {
			const { violations } = await new AxeBuilder({ page }).analyze();
			const bad = violations
				.filter((v) => v.impact === 'serious' || v.impact === 'critical')
				.map(
					(v) =>
						`${where}: ${v.id}: ${v.nodes
							.slice(0, 4)
							.map((n) => `${n.target.join(' ')} ${n.any[0]?.message ?? ''}`)
							.join(' | ')}`
				);
			expect.soft(bad).toEqual([]);
		};
		const viewport = { width, height };
		const stranger = await (await open({ viewport })).newPage();
		await stranger.goto(`${app.origin}/sign-in`);
		await look(stranger, 'sign-in');
		const page = await person('planner', { viewport });
		await mapIdle(page);
		await look(page, 'map');
		const home = page.url();
		const thing = await page.evaluate(
			async (at) => (await (await fetch(at)).text()).match(/data-thing="([^"]+)"/)?.[1],
			`${home}?state=said`
		);
		await page.goto(`${home}?open=task:${thing}`);
		await page.locator('article h2').waitFor();
		await look(page, 'panel');
		for (const [at, label] of [
			['/new/task', 'new'],
			['/stuck', 'stuck'],
			['/import', 'import'],
			['/people', 'people']
		] as const) {
			await page.goto(home + at);
			await page.locator('h1, h2').first().waitFor();
			await look(page, label);
		}
		// Nothing scrolls sideways on a phone.
		for (const at of ['', '/import', '/people', '/new/task']) {
			await page.goto(home + at);
			expect
				.soft(
					await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
					`${at} is wider than the screen`
				)
				.toBeLessThanOrEqual(0);
		}
	});

test('what is printed is the map and the figures', async ({ person }) => {
	const page = await person('planner');
	await mapIdle(page);
	await page.emulateMedia({ media: 'print' });
	const sheet = page.locator('.printsheet');
	await expect(sheet).toBeVisible();
	await expect(sheet.locator('svg path').nth(20)).toBeAttached();
	await expect(sheet).toContainText('云溪镇');
	// A blank page compresses to next to nothing.
	expect((await page.screenshot()).length).toBeGreaterThan(20_000);
	expect((await page.pdf({ preferCSSPageSize: true })).length).toBeGreaterThan(20_000);
});

test('exports open again and hold what was shown', async ({ person }) => {
	const page = await person('planner');
	const home = page.url();
	const bytes = (at: string) =>
		page.evaluate(async (at) => {
			const answer = await fetch(at);
			return {
				status: answer.status,
				name: answer.headers.get('content-disposition'),
				body: [...new Uint8Array(await answer.arrayBuffer())]
			};
		}, at);
	const query = '?state=proven';
	const csv = await bytes(`${home}/export/csv${query}`);
	expect(csv.name).toContain('.csv');
	const lines = Buffer.from(csv.body)
		.toString('utf8')
		.replace(/^\ufeff/, '')
		.trim()
		.split(/\r?\n/);
	const rows = lines.length - 1 - Number(!lines[0]!.includes('行政村'));
	expect(rows).toBeGreaterThan(300);
	const [sheet] = (await readSheets(
		Buffer.from((await bytes(`${home}/export/xlsx${query}`)).body)
	)) as unknown as { data: unknown[][] }[];
	const head = sheet!.data.findIndex((r) => r.includes('行政村'));
	expect(sheet!.data.slice(head + 1).filter((r) => typeof r[0] === 'number').length).toBe(rows);
	const json = JSON.parse(
		Buffer.from((await bytes(`${home}/export/geojson${query}`)).body).toString('utf8')
	);
	expect(json.type).toBe('FeatureCollection');
	expect(json.features.length).toBe(rows);
	const kml = Buffer.from((await bytes(`${home}/export/kml${query}`)).body).toString('utf8');
	const placemarks = await page.evaluate((kml) => {
		const doc = new DOMParser().parseFromString(kml, 'application/xml');
		return doc.querySelector('parsererror') ? -1 : doc.getElementsByTagName('Placemark').length;
	}, kml);
	expect(placemarks).toBeGreaterThan(0);
	expect([rows, json.features.filter((f: any) => f.geometry).length]).toContain(placemarks);

	// By the menu, as a person does it; and our own import page knows it again.
	await page.goto(home + query);
	await mapIdle(page);
	await page.getByRole('button', { name: '更多' }).click();
	const [download] = await Promise.all([
		page.waitForEvent('download'),
		page.getByRole('menuitem', { name: /XLSX/ }).click()
	]);
	expect(download.suggestedFilename()).toMatch(/^云溪镇整治任务_\d{4}-\d\d-\d\d\.xlsx$/);
	expect((await readFile((await download.path())!)).length).toBeGreaterThan(5000);
	await page.goto(`${home}/import`);
	await pick(page, {
		name: 'again.xlsx',
		mimeType: 'application/octet-stream',
		buffer: await readFile((await download.path())!)
	});
	await expect(page.getByRole('button', { name: new RegExp(`^确认入库 ${rows} 条$`) })).toBeEnabled(
		{ timeout: 60_000 }
	);
});
