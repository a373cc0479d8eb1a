/** The audit as people use it: a contact is looked at, a file is taken, a wrong password; the auditor reads and proves it; a person is forgotten. */
import type { Page } from '@playwright/test';
import { newId, newOp } from '../../src/lib/domain/op';
import { expect, rest, sendOps, test, townshipOf } from './app';

const shot = async (page: Page, name: string) => {
	if (!process.env.XT_SHOTS) return;
	for (const [width, height] of [
		[1366, 768],
		[390, 844]
	] as const) {
		await page.setViewportSize({ width, height });
		await page.waitForTimeout(300);
		await page.screenshot({ path: `${process.env.XT_SHOTS}/${name}-${width}.png`, fullPage: true });
	}
	await page.setViewportSize({ width: 1000, height: 700 });
};

test('what was done and refused is read, filtered, proven and taken along', async ({
	app,
	open,
	person
}) => {
	test.setTimeout(150_000);
	const page = await person('planner');
	const township = townshipOf(page);
	const plan = newId();
	const square = {
		type: 'Polygon',
		coordinates: [
			[
				[110.801, 32.601],
				[110.803, 32.601],
				[110.803, 32.603],
				[110.801, 32.601]
			]
		]
	};
	const made = await sendOps(page, township, [
		newOp('plan.create', township, plan, { title: '示例茶厂', geometry: square } as never),
		newOp('plan.contact', township, plan, {
			name: '郑示例',
			phone: '13911112222',
			note: '秘书 13933334444'
		}),
		newOp('task.create', township, newId(), {
			category: 'OTHER',
			title: '郑示例门口',
			note: '139 1111 2222'
		})
	]);
	expect(made.map((a) => a.body.outcome)).toEqual(['applied', 'applied', 'applied']);
	await page.goto(`${app.origin}/t/${township}/plans/${plan}?tab=record`);
	const phone = page.getByLabel('电话', { exact: true });
	await expect(phone).toHaveValue('139****2222');
	await shot(page, 'contact-masked');
	expect(await page.content()).not.toMatch(/13911112222|13933334444/);
	await page.getByLabel('查看用途').selectOption('visit');
	await page.getByRole('button', { name: '查看完整号码' }).click();
	await expect(phone).toHaveValue('13911112222');
	await shot(page, 'contact-shown');
	const file = await page.request.get(`${app.origin}/t/${township}/plans/list.xlsx`);
	expect(file.status()).toBe(200);

	const stranger = await (await open()).newPage();
	await stranger.goto(`${app.origin}/sign-in`);
	await stranger.locator('input[name=login]').fill('field');
	await stranger.locator('input[name=password]').fill('a wrong one');
	await stranger.locator('form button[type=submit]').first().click();
	await expect(stranger.getByRole('alert')).toBeVisible();

	const auditor = await person('auditor');
	await auditor.getByRole('button', { name: /账号/ }).click();
	await auditor.getByRole('menuitem', { name: '审计' }).click();
	await auditor.waitForURL(/\/audit$/);
	await shot(auditor, 'audit');
	const table = auditor.getByRole('table');
	const show = async (action: string, ok = '') => {
		await auditor.goto(`${app.origin}/t/${township}/audit?action=${action}&ok=${ok}`);
		return table.getByRole('row').filter({ has: auditor.getByRole('cell') });
	};
	await expect((await show('contact.reveal')).filter({ hasText: '上门走访' })).toHaveCount(1);
	await expect((await show('export.take')).filter({ hasText: 'plans/list.xlsx' })).toHaveCount(1);
	await expect((await show('session.open', 'false')).filter({ hasText: 'wrong' })).toHaveCount(1);
	await expect((await show('session.open', 'true')).first()).toBeVisible();
	await auditor.getByRole('button', { name: '校验记录链' }).click();
	await expect(auditor.getByText(/完整：\d+ 条记录/)).toBeVisible();
	await expect(auditor.getByText(/与机外保存的 \d+ 个链头全部相符/)).toBeVisible();
	await shot(auditor, 'audit-verified');
	// On a phone the table scrolls, not the page.
	await auditor.setViewportSize({ width: 390, height: 844 });
	await expect
		.poll(() => auditor.evaluate(() => document.documentElement.scrollWidth - innerWidth))
		.toBeLessThanOrEqual(0);
	const sheet = await auditor.request.get(`${app.origin}/t/${township}/audit/list.xlsx`);
	expect(sheet.headers()['content-type']).toContain('spreadsheetml');
	// Who neither audits nor administers finds no page.
	expect((await page.request.get(`${app.origin}/t/${township}/audit`)).status()).toBe(404);

	// The person asks to be forgotten: contact, task and the imported file.
	const read = await page.evaluate(
		async ({ township, importId }) => {
			const form = new FormData();
			form.append(
				'file',
				new File(['村,问题,经度,纬度\n白马村,郑示例屋后有垃圾,110.81,32.61\n'], '台账.csv')
			);
			form.append('settings', '{}');
			form.append('import_id', importId);
			const answer = await fetch(`/t/${township}/import/apply`, { method: 'POST', body: form });
			return { status: answer.status, body: await answer.text() };
		},
		{ township, importId: newId() }
	);
	const imported = read.status === 200;
	const admin = await person('admin');
	await admin.goto(`${app.origin}/t/${township}/audit/person`);
	await admin.getByLabel('姓名').fill('郑示例');
	await admin.getByLabel('电话').fill('13911112222');
	await admin.getByRole('button', { name: '查找' }).click();
	await expect(admin.getByText(/找到 \d+ 处/)).toBeVisible();
	await shot(admin, 'person');
	if (imported) await expect(admin.getByText('导入时保存的原文件')).toBeVisible();
	admin.once('dialog', (dialog) => void dialog.accept());
	await admin.getByRole('button', { name: /删除选中的/ }).click();
	await expect(admin.getByText(/已删除 \d+ 处/)).toBeVisible();
	await admin.getByRole('button', { name: '查找' }).click();
	await expect(admin.getByText('没有找到这个人的信息。')).toBeVisible();
	const left = await rest(
		page,
		app,
		`tasks?select=title&title=like.*${encodeURIComponent('郑示例')}*`
	);
	expect(left.body).toEqual([]);
	console.log(
		`K-09: erased through the page${imported ? ', the kept file too' : ` (import said ${read.status} ${read.body.slice(0, 80)})`}`
	);
});
