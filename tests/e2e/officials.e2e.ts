/**
 * Shows 6 of the officials' issue: an official's whole way on a phone without an account, and the page of an official
 * who has one.
 */
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test, townshipOf } from './app';
import { chinaDay } from '../../src/lib/domain/day';

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true };
const clean = async (page: Page) => {
	const { violations } = await new AxeBuilder({ page }).analyze();
	expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join(' ')}`)).toEqual([]);
};
/** Nothing sticks out to the side of the screen. */
const fits = (page: Page) =>
	expect
		.poll(() =>
			page.evaluate(
				() => document.documentElement.scrollWidth - document.documentElement.clientWidth
			)
		)
		.toBe(0);

test('a link, an answer, seen at once, replied to, read, taken back: on a phone without an account', async ({
	person,
	open,
	app
}) => {
	test.setTimeout(240_000);
	const planner = await person('planner', { viewport: { width: 1366, height: 900 } });
	const home = `${app.origin}/t/${townshipOf(planner)}`;
	await planner.goto(`${home}/shares`);
	await planner.getByRole('button', { name: '共享', exact: true }).click();
	const dialog = planner.getByRole('dialog');
	await dialog.getByLabel('允许批示和答复').check();
	await dialog.getByRole('button', { name: '下一步：逐项检查' }).click();
	await expect(dialog.getByRole('heading', { name: '发出前检查' })).toBeVisible();
	for (const box of await dialog.getByRole('checkbox', { name: /已看过：|确认/ }).all())
		await box.check();
	await dialog.getByRole('button', { name: '生成链接' }).click();
	const link = await dialog.getByLabel('链接', { exact: true }).inputValue();
	expect(link).toMatch(/\/s\/[a-z2-9]{10}#[\w-]{43}$/);
	await planner.goto(`${home}/instructions`);
	await expect(planner.getByRole('heading', { name: '批示答复台账' })).toBeVisible();

	// The official opens it: no account, no sign-in, everything is there.
	const official = await (await open(phone)).newPage();
	await official.goto(link);
	await expect(official.getByRole('heading', { level: 1 })).toHaveText('云溪镇');
	const box = official.locator('#answers');
	await expect(box).toBeVisible();
	await fits(official);
	await clean(official);
	const ask = box.locator('option').filter({ hasText: '衔接资金指标' });
	await box.getByLabel('对哪件事').selectOption((await ask.getAttribute('value'))!);
	const send = async (words: string) => {
		await box.getByLabel('内容').fill(words);
		await box.getByLabel('您的姓名').fill('钱立民');
		await box.getByLabel('单位、职务').fill('示例区政府 副区长');
		await box.getByRole('button', { name: '提交' }).click();
	};
	// A phone number is not stored, and nothing typed is lost.
	await send('已协调，找财政局办公室13812345678');
	await expect(box.getByRole('alert')).toContainText('不能保存');
	await expect(box.getByRole('alert')).toBeInViewport();
	await expect(box.getByLabel('内容')).toHaveValue(/13812345678/);
	await expect(box.getByLabel('您的姓名')).toHaveValue('钱立民');
	await send('衔接资金60万元已排入本月拨付计划。');
	await expect(box.getByRole('status')).toContainText('镇里已收到');
	await expect(box.getByRole('status')).toBeInViewport();
	const left = box.locator('[data-left]').first();
	await expect(left).toContainText('待回复');
	await expect(left).toContainText('未核实');

	// The township sees it at once, without reading the page again, and everywhere the blocker stands.
	const card = planner.locator('[data-instruction]').filter({ hasText: '60万元已排入' });
	await expect(card).toBeVisible();
	await expect(card).toContainText('示例区政府 副区长 钱立民');
	await expect(card).toContainText('凭链接自报，未核实');
	const village = await person('village');
	await village.goto(`${home}/stuck`);
	await expect(village.locator('[data-answer]')).toContainText('60万元已排入本月拨付计划');
	await card.getByRole('button', { name: '回复', exact: true }).click();
	await planner.getByLabel('回复内容').fill('资金到账当日开工，12月10日前完成。');
	await planner.getByRole('dialog').getByRole('button', { name: '回复' }).click();
	await expect(card).toContainText('已回复');

	// The official reads the reply and accepts it; nobody of the township is named.
	await official.reload();
	await expect(left).toContainText('资金到账当日开工');
	await expect(left).not.toContainText('周书记');
	await left.getByRole('button', { name: '认可' }).click();
	await expect(left).toContainText('已认可');
	await expect(card).toHaveCount(0);
	await planner.getByRole('radio', { name: '全部' }).check();
	await expect(card).toContainText('已认可');

	// An instruction on the whole page, chased once a day, made into work.
	await box.getByLabel('对哪件事').selectOption({ label: '整页：云溪镇' });
	await send('各村河道每月清一次。');
	const second = box.locator('[data-left]').filter({ hasText: '每月清一次' });
	await second.getByRole('button', { name: '催办' }).click();
	await expect(second).toContainText('已催办');
	await expect(second.getByRole('button', { name: '催办' })).toHaveCount(0);
	const task = planner.locator('[data-instruction]').filter({ hasText: '每月清一次' });
	// What the planner acts on is the version that the chasing left.
	await expect(task).toContainText('已催办');
	await task.getByRole('button', { name: '立项交办' }).click();
	const due = chinaDay(20);
	await planner.getByLabel('完成时限').fill(due);
	await planner.getByRole('dialog').getByRole('button', { name: '立项交办' }).click();
	await expect(task).toContainText('已立项');
	await expect(task).toContainText('说了');

	// Taken back: the very next request shows nothing, and nothing more is taken.
	await planner.goto(`${home}/shares`);
	const revoke = planner.getByRole('button', { name: '收回', exact: true });
	const before = await revoke.count();
	await revoke.first().click();
	await planner.getByRole('dialog').getByRole('button', { name: '收回链接' }).click();
	await expect(revoke).toHaveCount(before - 1);
	await box.getByRole('button', { name: '撤回' }).first().click();
	await expect(official.getByRole('heading', { level: 1 })).toHaveText('共享页面');
	await expect(official.locator('#answers')).toHaveCount(0);
	await official.reload();
	await expect(official.getByText('60万元')).toHaveCount(0);
});

test('an official with an account: asks first, answered on the spot, the same kind of work side by side', async ({
	person,
	app
}) => {
	test.setTimeout(180_000);
	const official = await person('observer', phone);
	const planner = await person('planner');
	const home = `${app.origin}/t/${townshipOf(planner)}`;
	await planner.goto(`${home}/instructions`);
	await official.goto(`${app.origin}/?all`);
	await official.getByRole('link', { name: '全区工作面' }).click();
	await expect(official.getByRole('heading', { name: '全区工作面' })).toBeVisible();
	await fits(official);
	await clean(official);
	const first = official.locator('[data-stuck]').first();
	await expect(first).toContainText('请区里：');
	await expect(first).toContainText('云溪镇');
	await first.getByRole('button', { name: /^答复/ }).click();
	await official.getByLabel('内容').fill('区财政局本周五前下达指标。');
	await official.getByRole('dialog').getByRole('button', { name: '答复' }).click();
	await expect(first.locator('[data-answer]').last()).toContainText('区财政局本周五前下达指标');
	await expect(planner.locator('[data-instruction]').filter({ hasText: '本周五前' })).toContainText(
		'示例区 钱区长'
	);

	// Figures of places in the order of their codes: no column sorts, nobody is named.
	const side = official.locator('[data-side=project]');
	await expect(side.locator('tbody th').first()).toHaveText('云溪镇');
	await expect(side.locator('tbody tr').first()).toContainText(/\d+个村未知/);
	await expect(side.getByRole('button')).toHaveCount(0);
	await expect(official.locator('main')).not.toContainText('李网格');

	// On the item: whoever asked accepts, sends back, takes back; the township cannot.
	const mine = official.locator('[data-instruction]').filter({ hasText: '厕所和导览' });
	await mine.getByRole('button', { name: '退回重报' }).click();
	await official.getByLabel('退回原因').fill('请写明完成日期。');
	await official.getByRole('dialog').getByRole('button', { name: '退回重报' }).click();
	await expect(mine).toContainText('待回复');
	const theirs = planner.locator('[data-instruction]').filter({ hasText: '厕所和导览' });
	await expect(theirs).toContainText('请写明完成日期');
	await expect(theirs.getByRole('button', { name: '认可' })).toHaveCount(0);

	// The register as the office files it.
	const [file] = await Promise.all([
		planner.waitForEvent('download'),
		planner.getByRole('link', { name: '导出台账' }).click()
	]);
	expect(file.suggestedFilename()).toContain('批示答复台账');
	// Whoever works in a township finds no such page.
	expect((await planner.request.get(`${app.origin}/district`)).status()).toBe(404);
});
