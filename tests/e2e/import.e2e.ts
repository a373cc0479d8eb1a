import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Page } from '@playwright/test';
import readSheets from 'read-excel-file/node';
import { expect, mapIdle, pick, signIn, startApp, test, type App } from './app';

const folder = path.resolve('tests/fixtures/township');
const files = ['outline.geojson', 'villages_gbk.zip', 'hazards.kml', 'ledger.xlsx'].map((f) =>
	path.join(folder, f)
);
type Count = { found: number; done: number; proven: number };

/** The ledger counted with another eye than the program's: rows with a village, finished, struck off. */
async function countLedger(): Promise<Record<string, Count>> {
	const [sheet] = (await readSheets(path.join(folder, 'ledger.xlsx'))) as unknown as {
		data: unknown[][];
	}[];
	const rows = sheet!.data;
	const head = rows.findIndex((r) => r.includes('行政村') && r.includes('问题描述'));
	const column = (name: string) => rows[head]!.indexOf(name);
	const [no, village, state, closed] = ['序号', '行政村', '整改情况', '是否销号'].map(column) as [
		number,
		number,
		number,
		number
	];
	const counts: Record<string, Count> = {};
	for (const row of rows.slice(head + 1)) {
		if (typeof row[no] !== 'number') continue;
		const count = (counts[String(row[village]).trim()] ??= { found: 0, done: 0, proven: 0 });
		count.found++;
		if (/^(已完成|已整改|完成|整改完成)/.test(String(row[state] ?? ''))) count.done++;
		if (String(row[closed] ?? '').trim() === '是') count.proven++;
	}
	return counts;
}

/** What the list beside the map shows, by village. */
async function shown(page: Page): Promise<Record<string, Count>> {
	const counts: Record<string, Count> = {};
	for (const line of await page.locator('ul a[data-village]').all()) {
		const name = (await line.locator('.font-semibold').first().textContent())!.trim();
		const figures = (await line.locator('dd b').allTextContents()).map(Number);
		// Where nothing is planned there is no such figure.
		const of = line.locator('dd .of');
		const planned = (await of.count()) ? await of.first().textContent() : '0';
		counts[name] = {
			found: Number(planned!.replace(/\D/g, '')),
			done: figures[1] ?? 0,
			proven: figures[2] ?? 0
		};
	}
	return counts;
}

/** Chooses the files, looks at what was guessed, and stores all of it. */
async function take(page: Page): Promise<void> {
	await pick(page, files);
	const accept = page.getByRole('button', { name: /^确认入库 \d+ 条$/ });
	await expect(accept).toBeEnabled({ timeout: 60_000 });
	for (const file of files) await expect(page.getByText(path.basename(file)).first()).toBeVisible();
	// The villages' table is in GBK and says so; every guess can be overruled.
	const zip = page
		.locator('li')
		.filter({ has: page.getByText('villages_gbk.zip', { exact: true }) });
	await expect(zip.getByRole('combobox', { name: /文字编码/ }).first()).toHaveValue(/gb18030|gbk/);
	await expect(page.getByRole('combobox', { name: /坐标系/ }).first()).toBeVisible();
	expect(await accept.textContent()).toContain(String(1 + 16 + 540 + hazards));
	await accept.click();
	const again = page.getByRole('button', { name: '仍要再导一次' });
	await expect(page.getByRole('heading', { name: '已入库' }).or(again)).toBeVisible({
		timeout: 60_000
	});
	if (await again.isVisible()) await again.click();
	await expect(page.getByRole('heading', { name: '已入库' })).toBeVisible({ timeout: 60_000 });
}
let hazards = 0;

let app: App;
let dataDir: string;
test.beforeAll(async () => {
	dataDir = await mkdtemp(path.join(os.tmpdir(), 'xt-e2e-real-'));
	app = await startApp({ dataDir, demo: false });
	hazards = (await readFile(path.join(folder, 'hazards.kml'), 'utf8')).match(/<Placemark/g)!.length;
});
test.afterAll(async () => {
	await app?.kill();
	await rm(dataDir, { recursive: true, force: true });
});

test('an office’s own files become the wall map, and go away again whole', async ({ open }) => {
	test.setTimeout(240_000);
	const expected = JSON.parse(await readFile(path.join(folder, 'expected.json'), 'utf8'));
	const counted = await countLedger();
	expect(counted).toEqual(expected.byVillage);

	const page = await (await open()).newPage();
	await page.goto(`${app.origin}/sign-in`);
	await expect(page.getByText('yunxi-demo')).toHaveCount(0);
	const password = app.output().match(/^ {4}(\S{17})$/m)?.[1];
	expect(password, app.output()).toBeTruthy();
	await signIn(page, app, 'admin', password);
	await page.getByLabel('乡镇名称').fill('测试镇');
	await page.getByRole('button', { name: '新建并导入边界' }).click();
	await page.waitForURL(/\/t\/[^/]+\/import$/);
	const home = page.url().replace(/\/import$/, '');

	await take(page);
	await page.getByRole('link', { name: /地图/ }).first().click();
	await page.waitForURL(home);
	await mapIdle(page);
	await expect(page.locator('ul a[data-village]')).toHaveCount(expected.villages);
	expect(await shown(page)).toEqual(counted);

	// Taken back: as before, nothing.
	await page.goto(`${home}/import`);
	await page.getByRole('button', { name: '撤销这次导入' }).click();
	await page
		.getByRole('dialog')
		.or(page.getByRole('alertdialog'))
		.getByRole('button', { name: '撤销这次导入' })
		.click();
	await expect(page.getByText(/\d 撤销$/)).toBeVisible({ timeout: 60_000 });
	await page.goto(home);
	await expect(page.getByText('图上还没有村')).toBeVisible();
	await expect(page.locator('ul a[data-village]')).toHaveCount(0);

	// And once more.
	await page.goto(`${home}/import`);
	await take(page);
	await page.goto(home);
	await expect(page.locator('ul a[data-village]')).toHaveCount(expected.villages);
	expect(await shown(page)).toEqual(counted);
});
