/**
 * A public notice from a spreadsheet to its end: an identity column refused by name, published, objected to by a
 * stranger on a phone without JavaScript, answered, printed as it stands on the screen, taken down at once.
 */
import { AxeBuilder } from '@axe-core/playwright';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { toXLSX } from '../../src/lib/geo/write/xlsx';
import { expect, test, townshipOf } from './app';

const xlsx = async (headings: string[], rows: (string | number)[][]) => ({
	name: '补助名单.xlsx',
	mimeType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
	buffer: Buffer.from(await toXLSX({ title: '补助名单', headings, rows }))
});
/** What is printed and what is shown, without spaces and line breaks. */
const bare = (text: string) => text.replace(/[\s\u200b]+/g, '');

test('from a list to taken down', async ({ person, open, app }, info) => {
	test.setTimeout(180_000);
	const planner = await person('planner', { viewport: { width: 1366, height: 768 } });
	const home = `${app.origin}/t/${townshipOf(planner)}/notices`;
	await planner.goto(home);
	await expect(planner.locator('[data-notice]')).toHaveCount(2);
	await expect(
		planner.locator('[data-notice]').filter({ hasText: '拟评定A级景区村庄' })
	).toContainText('异议1件，已答复1件');
	await planner.getByRole('button', { name: '新建公示' }).click();
	await planner.getByRole('radio', { name: '名单' }).check();
	await planner.getByRole('textbox', { name: '标题' }).fill('危房改造拟补助对象公示');
	await planner.getByRole('button', { name: '保存' }).click();
	await planner.waitForURL(/notices\/[0-9a-f-]{36}$/);
	const at = planner.url();

	const input = planner.getByLabel('选择名单文件');
	await input.setInputFiles(
		await xlsx(
			['序号', '姓名', '身份证号', '村组'],
			[[1, '张三', '11010519491231002X', '白马村一组']]
		)
	);
	await expect(planner.locator('[data-problems]')).toContainText('“身份证号”列不得公示');
	await expect(planner.getByRole('button', { name: '放入公示' })).toHaveCount(0);
	await input.setInputFiles(
		await xlsx(
			['序号', '姓名', '村组', '事项'],
			[
				[1, '张三丰', '白马村一组', '危房改造'],
				[2, '欧阳小明', '云台村二组', '卡号6222021234567890128']
			]
		)
	);
	await expect(planner.locator('[data-problems]')).toContainText('“事项”有银行账号');
	await input.setInputFiles(
		await xlsx(
			['序号', '姓名', '村组', '事项'],
			[
				[1, '张三丰', '白马村一组', '危房改造（联系人13812345678）'],
				[2, '欧阳小明', '云台村二组', '危房改造']
			]
		)
	);
	await planner.getByRole('button', { name: '放入公示' }).click();
	await expect(planner.locator('[data-sheet] td.name')).toHaveText(['张*丰', '欧*小明']);
	await planner.getByLabel('正文').fill('经村级初审、镇级复核，现予公示。');
	await planner.getByLabel('受理单位').fill('村镇建设办');
	await planner.getByLabel('受理电话').fill('13812345678');
	await planner.getByRole('button', { name: '保存', exact: true }).click();
	await expect(planner.getByRole('alert').filter({ hasText: '办公电话' }).first()).toBeVisible();
	await planner.getByLabel('受理电话').fill('0719-1234567');
	await planner.getByRole('button', { name: '保存', exact: true }).click();
	await expect(planner.locator('[data-sheet]')).toContainText('5个工作日');
	// What is being written is not swept away by what somebody else saves meanwhile.
	const second = await person('planner');
	await second.goto(at);
	await planner.getByLabel('正文').fill('经村级初审、镇级复核，现予公示，请予监督。');
	await second.getByLabel('受理单位').fill('村镇办');
	await second.getByRole('button', { name: '保存', exact: true }).click();
	await expect(second.locator('[data-sheet]')).toContainText('村镇办');
	const warning = planner.getByText('别人刚改过这份公示');
	await expect(warning).toBeVisible();
	await planner.getByRole('button', { name: '保存', exact: true }).click();
	await planner.getByRole('dialog').getByRole('button', { name: '用我的' }).click();
	await expect(planner.locator('[data-sheet]')).toContainText('请予监督');
	await expect(planner.getByLabel('受理单位')).toHaveValue('村镇建设办');
	await expect(warning).toHaveCount(0);
	await second.context().close();
	await planner.getByRole('button', { name: '发布', exact: true }).click();
	await planner.getByRole('dialog').getByRole('button', { name: '发布', exact: true }).click();
	await expect(planner.locator('p[data-state]')).toHaveAttribute('data-state', 'published');
	const axe = await new AxeBuilder({ page: planner }).analyze();
	expect(axe.violations.map((v) => v.id)).toEqual([]);

	// A stranger with an old phone.
	const address = (await planner.getByRole('link', { name: '公示页' }).getAttribute('href'))!;
	const phone = await (
		await open({ viewport: { width: 390, height: 844 }, javaScriptEnabled: false, locale: 'zh-CN' })
	).newPage();
	const answer = await phone.goto(app.origin + address);
	expect(answer!.headers()).toMatchObject({
		'cache-control': 'no-cache',
		'x-robots-tag': 'noindex, nofollow, noarchive'
	});
	expect((await answer!.body()).length).toBeLessThan(20_000);
	await expect(phone.locator('[data-sheet]')).toContainText('138****5678');
	expect(await phone.content()).not.toContain('张三丰');
	expect(
		await phone.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)
	).toBe(true);
	const etag = answer!.headers().etag!;
	const again = await phone.request.get(app.origin + address, {
		headers: { 'If-None-Match': etag, 'Accept-Language': 'zh-CN' }
	});
	expect(again.status()).toBe(304);
	await phone.getByLabel('异议内容').fill('我的身份证是11010519491231002X');
	await phone.getByRole('button', { name: '提交异议' }).click();
	await expect(phone.getByRole('alert')).toContainText('请去掉身份证号');
	await phone.getByLabel('异议内容').fill('张某户的房子是去年新盖的');
	await phone.getByLabel('联系电话').fill('13611112222');
	await phone.getByRole('button', { name: '提交异议' }).click();
	const receipt = /[0-9a-f]{12}/.exec(await phone.getByRole('status').innerText())![0];

	// The paper says what the screen says.
	const shown = await phone.locator('[data-sheet]').innerText();
	const pdf = await planner.request.get(`${at}/papers/notice.pdf`);
	expect(pdf.status()).toBe(200);
	const file = info.outputPath('notice.pdf');
	writeFileSync(file, await pdf.body());
	const printed = bare(
		execFileSync('pdftotext', ['-raw', '-nopgbrk', file, '-'], { encoding: 'utf8' })
	).replace(/[—\-–]\d+[—\-–]/g, '');
	for (const line of shown.split('\n').flatMap((l) => l.split('\t')))
		if (line.trim()) expect(printed, line).toContain(bare(line));
	for (const gone of ['张三丰', '13812345678', '13611112222']) expect(printed).not.toContain(gone);
	expect((await planner.request.get(`${at}/papers/notice.docx`)).status()).toBe(200);

	// Somebody else than the maker answers.
	const mayor = await person('mayor');
	await mayor.goto(at);
	const objection = mayor.locator('[data-objection]');
	await expect(objection).toContainText('张某户的房子');
	await expect(objection).toContainText('13611112222');
	await objection.getByRole('button', { name: '答复' }).click();
	await mayor.getByRole('dialog').getByLabel('答复内容').fill('经核实，该房建于2009年。');
	await mayor.getByRole('dialog').getByRole('button', { name: '保存' }).click();
	await expect(objection).toContainText('不是公示制作人');
	await phone.goto(app.origin + address);
	await expect(phone.getByText('已收到异议1件，已答复1件')).toBeVisible();
	await phone.getByLabel('查询凭证').fill(receipt);
	await phone.getByRole('button', { name: '查询' }).click();
	await expect(phone.getByRole('status')).toContainText('该房建于2009年');

	// A correction, and the end.
	await planner.reload();
	await planner.getByLabel('正文').fill('经村级初审、镇级复核，现予公示（更正）。');
	await planner.getByRole('button', { name: '保存', exact: true }).click();
	await planner.getByRole('button', { name: '发布更正' }).click();
	await planner.getByRole('dialog').getByLabel('更正了什么').fill('补充正文');
	await planner.getByRole('dialog').getByRole('button', { name: '发布更正' }).click();
	await expect(planner.getByText('第2版')).toBeVisible();
	await phone.goto(app.origin + address);
	await expect(phone.getByText('更正：补充正文')).toBeVisible();
	const seen = await (await open({ viewport: { width: 390, height: 844 } })).newPage();
	await seen.goto(app.origin + address);
	const public_ = await new AxeBuilder({ page: seen }).analyze();
	expect(public_.violations.map((v) => v.id)).toEqual([]);
	await planner.getByRole('button', { name: '撤下' }).click();
	await planner.getByRole('dialog').getByLabel('撤下原因').fill('名单重新核定');
	await planner.getByRole('dialog').getByRole('button', { name: '撤下' }).click();
	await expect(planner.locator('p[data-state]')).toHaveAttribute('data-state', 'down');
	const down = await phone.goto(app.origin + address);
	expect(down!.status()).toBe(410);
	await expect(phone.getByRole('heading')).toHaveText('本公示已撤下');
	expect(await phone.content()).not.toContain('危房');
});
