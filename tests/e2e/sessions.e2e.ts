/**
 * A whole meeting: a village proposes, a leader checks, the agenda, the room with follow, compare, votes and marks,
 * three decisions that are said on the map at once, read back, minutes.
 */
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { strFromU8, unzipSync } from 'fflate';
import { expect, mapIdle, rest, test, townshipOf } from './app';

type Bounds = [number, number, number, number];
const boundsOf = (page: Page) =>
	page.evaluate(
		() =>
			(window as never as { __map: { getBounds(): { toArray(): [number[], number[]] } } }).__map
				.getBounds()
				.toArray()
				.flat() as [number, number, number, number]
	);
const centre = ([w, s, e, n]: Bounds) => [(w + e) / 2, (s + n) / 2];
const joined = (page: Page) =>
	expect(page.locator('[data-room]').first()).toHaveAttribute('data-room', 'joined');

test('from a proposed topic to issued minutes: followed, compared, voted, decided, read back', async ({
	person,
	app
}) => {
	test.setTimeout(300_000);
	// A village proposes; whoever proposed does not check.
	const village = await person('village');
	const township = townshipOf(village);
	const home = `${app.origin}/t/${township}/meetings`;
	await village.goto(home);
	await village.getByRole('button', { name: '提出议题' }).click();
	await village.getByRole('textbox', { name: '议题' }).fill('河滩采砂坑回填');
	await village.getByLabel('汇报单位').fill('云台村');
	await village.getByLabel('涉及').selectOption({ label: '村：云台村' });
	await village.getByRole('button', { name: '保存' }).click();
	await village.goto(`${home}?tab=topics`);
	const own = village.locator('[data-topic]').filter({ hasText: '河滩采砂坑回填' });
	await expect(own).toContainText('待分管领导审核');
	await expect(own.getByRole('button', { name: '审核通过' })).toHaveCount(0);
	await expect(village.getByRole('button', { name: '召集会议' })).toHaveCount(0);

	const planner = await person('planner', { viewport: { width: 1366, height: 768 } });
	await planner.goto(`${home}?tab=topics`);
	await planner
		.locator('[data-topic]')
		.filter({ hasText: '河滩采砂坑回填' })
		.getByRole('button', { name: '审核通过' })
		.click();
	await expect(planner.locator('[data-topic]').filter({ hasText: '河滩采砂坑回填' })).toContainText(
		'已审核'
	);
	await planner.goto(home);
	await planner.getByRole('link', { name: /下一步产业谋划/ }).click();
	await planner.waitForURL(/meetings\/[0-9a-f-]{36}$/);
	const at = planner.url();
	const id = at.split('/').at(-1)!;
	// Last session's decisions are there by themselves.
	await expect(planner.getByText('一周内清完河滩漂浮物')).toBeVisible();
	await planner
		.getByRole('listitem')
		.filter({ hasText: '河滩采砂坑回填' })
		.getByRole('button', { name: '列入议程' })
		.click();
	await expect(planner.locator('[data-topic]')).toHaveCount(4);
	for (const name of ['周书记', '吴镇长']) {
		const seat = planner.getByRole('group', { name, exact: true });
		await seat.getByRole('button', { name: '到会' }).click();
	}
	await expect(planner.getByText('应到2人，实到2人')).toBeVisible();
	// Nobody without a seat: neither page nor papers.
	expect((await village.request.get(at)).status()).toBe(404);
	expect((await village.request.get(`${at}/papers/minutes.docx`)).status()).toBe(404);

	await planner.getByRole('button', { name: '开会', exact: true }).click();
	await planner.waitForURL(/\/room$/);
	await joined(planner);
	const mayor = await person('mayor', { viewport: { width: 1100, height: 700 } });
	await mayor.goto(`${at}/room`);
	await joined(mayor);
	await expect(mayor.getByText('2人在场')).toBeVisible();
	const wall = await person('planner', { viewport: { width: 1920, height: 1080 } });
	await wall.goto(`${at}/room?wall`);

	// The presenter leads: bounds, not centre and zoom; a hand on the map breaks away, one press returns.
	await mapIdle(planner);
	await mapIdle(mayor);
	await planner.getByRole('button', { name: '下一项' }).click();
	await expect(mayor.getByRole('heading', { name: '产业方案比选' })).toBeVisible();
	await expect(wall.getByRole('heading', { level: 1, name: '产业方案比选' })).toBeVisible();
	await planner.getByRole('button', { name: '我来演示' }).click();
	await expect(mayor.getByRole('button', { name: '正跟随周书记' })).toBeVisible();
	const before = await boundsOf(planner);
	await planner.mouse.move(420, 420);
	for (let i = 0; i < 4; i++) await planner.mouse.wheel(0, -400);
	const near = async (page: Page) => {
		const [a, b] = [await boundsOf(planner), await boundsOf(page)];
		const [ca, cb] = [centre(a), centre(b)];
		return Math.hypot(ca[0]! - cb[0]!, ca[1]! - cb[1]!) < (a[2] - a[0]) * 0.3;
	};
	const wide = (b: Bounds) => b[2] - b[0];
	await expect
		.poll(async () => wide(await boundsOf(planner)) / wide(before), { timeout: 20_000 })
		.toBeLessThan(0.8);
	await expect
		.poll(async () => wide(await boundsOf(mayor)) / wide(await boundsOf(planner)))
		.toBeLessThan(1.4);
	await expect.poll(() => near(mayor)).toBe(true);
	await mayor.mouse.move(400, 400);
	await mayor.mouse.down();
	await mayor.mouse.move(520, 470, { steps: 6 });
	await mayor.mouse.up();
	await expect(mayor.getByRole('button', { name: '跟随周书记', exact: true })).toBeVisible();
	await mayor.getByRole('button', { name: '跟随周书记', exact: true }).click();
	await expect.poll(() => near(mayor)).toBe(true);
	// His cursor stands on the others' maps, with his name.
	await planner.mouse.move(430, 430, { steps: 5 });
	await expect(mayor.locator('.cursor')).toContainText('周书记');

	// Scenarios side by side, for everybody who follows.
	await planner.getByRole('button', { name: /^比方案/ }).click();
	await expect(mayor.locator('[data-compare]')).toContainText('方案二：分两年做');
	await expect(wall.locator('[data-compare]')).toContainText('方案一：先做大茶叶');
	await planner.getByRole('button', { name: '回到地图' }).click();
	await expect(mayor.locator('[data-compare]')).toHaveCount(0);

	// A vote: nobody sees another's before the end.
	await planner.getByRole('button', { name: '表决／盲标' }).click();
	await planner.getByLabel('问题').fill('是否采纳方案二');
	await planner.getByRole('button', { name: '开始', exact: true }).click();
	await mayor.getByRole('button', { name: '同意', exact: true }).click();
	await expect(planner.getByText('已投1人；应到2人，实到2人')).toBeVisible();
	const { body: hidden } = await rest(planner, app, 'casts?select=choice');
	expect(hidden).toEqual([]);
	await planner.getByRole('button', { name: '同意', exact: true }).click();
	await planner.getByRole('button', { name: '结束并亮出' }).click();
	await expect(mayor.getByText('通过（超过应到2人的半数）')).toBeVisible();
	await expect(wall.getByText('通过（超过应到2人的半数）')).toBeVisible();

	// Three decisions: a scenario, a task with a place, a milestone.
	const decide = async (text: string, way: string, more: () => Promise<void>) => {
		await planner.getByRole('button', { name: '作出议定' }).click();
		await planner.getByLabel('议定什么').fill(text);
		await planner.getByLabel('成为').selectOption({ label: way });
		await more();
		await planner.getByRole('button', { name: '议定', exact: true }).click();
		await expect(planner.locator('[data-decision]').filter({ hasText: text })).toBeVisible();
	};
	await decide('产业按方案二办', '采纳方案：方案二：分两年做', () =>
		expect(planner.getByText(/富硒茶叶加工厂：.*资金/).first()).toBeVisible()
	);
	await expect(
		mayor.locator('[data-decision]').filter({ hasText: '产业按方案二办' })
	).toContainText('已采纳');
	await planner.getByRole('button', { name: '下一项' }).click();
	await expect(planner.getByRole('heading', { name: '沟渠清淤怎么排先后' })).toBeVisible();
	await decide('先清白马沟，再清其余四条', '一项新任务', async () => {
		await planner.getByLabel('村', { exact: true }).selectOption({ label: '白马村' });
		await planner.getByLabel('责任人').selectOption({ label: '李网格' });
		await expect(planner.getByText(/这个人手上还有\d+项/)).toBeVisible();
		await planner.getByLabel('怎样算完成').fill('沟底见泥，水能流');
	});
	await decide('标牌一并更新', '景区村庄节点：白马水岸景区村创建', () =>
		planner.getByLabel('责任单位').fill('文旅办')
	);
	const { body: said } = await rest(
		planner,
		app,
		`decisions?meeting_id=eq.${id}&select=body,step_id,kind&order=seq`
	);
	expect(said.map((d: any) => d.kind)).toEqual(['scenario', 'task', 'project']);
	const { body: steps } = await rest(
		planner,
		app,
		`steps?id=in.(${said.flatMap((d: any) => d.step_id ?? []).join()})&select=state,due_on`
	);
	expect(steps.map((s: any) => s.state)).toEqual(['said', 'said']);

	// Marks: from the other, taken back and put back with keys.
	await mayor.getByRole('tab', { name: /标注/ }).click();
	await mayor.getByLabel('文字', { exact: true }).fill('沟口要装拦污栅');
	await mayor.getByRole('button', { name: '写上' }).click();
	await planner.getByRole('tab', { name: /标注/ }).click();
	await expect(planner.locator('[data-mark]')).toContainText('沟口要装拦污栅');
	await mayor.locator('h1').first().click();
	await mayor.keyboard.press('Control+z');
	await expect(mayor.getByRole('button', { name: '放回' })).toBeVisible();
	await mayor.keyboard.press('Control+y');
	await expect(mayor.getByRole('button', { name: '取下' })).toBeVisible();

	// The wall is read from five metres: 24 px and more, contrast AA.
	await expect(wall.locator('[data-wall] [data-decision]')).toHaveCount(2);
	const small = await wall.evaluate(() => {
		const out: string[] = [];
		const walk = document.createTreeWalker(
			document.querySelector('[data-wall]')!,
			NodeFilter.SHOW_TEXT
		);
		for (let n = walk.nextNode(); n; n = walk.nextNode()) {
			const el = n.parentElement!;
			if (!n.textContent!.trim() || el.closest('.sr-only')) continue;
			const px = parseFloat(getComputedStyle(el).fontSize);
			if (px < 24) out.push(`${px} ${n.textContent}`);
		}
		return out;
	});
	expect(small, 'smaller than 24 px').toEqual([]);
	const { violations } = await new AxeBuilder({ page: wall }).include('[data-wall]').analyze();
	expect(violations.map((v) => v.id)).toEqual([]);
	await wall.screenshot({ path: 'test-results/wall.png' });

	// Read back, one by one; then the papers are there.
	await planner.getByRole('tab', { name: /议定/ }).click();
	await planner.getByRole('button', { name: '宣读议定事项' }).click();
	const end = planner.getByRole('button', { name: '散会' });
	await expect(end).toBeDisabled();
	for (const n of [1, 2, 3]) await planner.getByLabel(`第${n}条已宣读`).check();
	await end.click();
	await planner.waitForURL(at);
	const words = planner.locator('[data-topic]').filter({ hasText: '沟渠清淤' });
	await words.getByLabel('会议认为').fill('雨季前必须清完');
	await words.getByRole('button', { name: '保存' }).click();
	await expect(words.getByRole('button', { name: '保存' })).toHaveCount(0);
	await planner.getByRole('button', { name: '签发纪要' }).click();
	await expect(planner.getByText(/签发存证：第\d+条操作记录/)).toBeVisible();
	const docx = await planner.request.get(`${at}/papers/minutes.docx`);
	expect(docx.status()).toBe(200);
	const xml = strFromU8(unzipSync(new Uint8Array(await docx.body()))['word/document.xml']!).replace(
		/<[^>]+>/g,
		''
	);
	for (const text of [
		'云溪镇谋划调度会会议纪要',
		'周书记',
		'会议听取了产业办关于“产业方案比选”的汇报',
		'应到会成员2人，实到2人，同意2票',
		'采纳方案“方案二：分两年做”',
		'雨季前必须清完',
		'责任单位：白马村 李网格',
		'校验值'
	])
		expect(xml).toContain(text);
	for (const paper of ['minutes.pdf', 'followup.docx', 'people.docx'])
		expect((await planner.request.get(`${at}/papers/${paper}`)).status(), paper).toBe(200);
	// The register chases; the replay shows the session once more.
	await planner.goto(`${home}?tab=register`);
	const line = planner.getByRole('listitem').filter({ hasText: '先清白马沟' });
	await line.getByRole('button', { name: '提醒' }).click();
	await expect(line.getByRole('button', { name: '今天已催' })).toBeDisabled();
	await planner.goto(`${at}/room?replay`);
	await planner.getByRole('slider', { name: '回放' }).press('End');
	await planner.getByRole('tab', { name: /议定/ }).click();
	await expect(planner.locator('[data-decision]')).toHaveCount(3);
	await expect(planner.getByRole('button', { name: '作出议定' })).toHaveCount(0);
});

for (const [width, height] of [
	[1366, 768],
	[390, 844]
] as const)
	test(`axe finds nothing serious on the pages of meetings at ${width}×${height}`, async ({
		person,
		app
	}) => {
		test.setTimeout(150_000);
		const page = await person('planner', { viewport: { width, height } });
		const home = `${app.origin}/t/${townshipOf(page)}/meetings`;
		await page.goto(home);
		const past = await page.getByRole('link', { name: /环境整治和景区/ }).getAttribute('href');
		for (const where of [
			home,
			`${home}?tab=topics`,
			`${home}?tab=register`,
			`${app.origin}${past}`,
			`${app.origin}${past}/room?replay`
		]) {
			await page.goto(where);
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
