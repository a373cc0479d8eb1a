import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { newId, newOp } from '../../src/lib/domain/op';
import { expect, sendOps, test, townshipOf, type App } from './app';
import { dayOf, Finger, jpeg, phone, spot, taskOf } from './phone';
import { chinaDay } from '../../src/lib/domain/day';

const home = (app: App, township: string) => `${app.origin}/t/${township}/field`;
const village = '白马村';
const card = (page: Page, id: string) => page.locator(`article[data-task="${id}"]`);

/** A task of 白马村 given to 李网格, made through the planner's door. */
async function given(planner: Page, township: string, at: [number, number], category = 'TRASH') {
	const { day } = await dayOf(planner, township);
	const li = (day as never as { people: { id: string; name: string }[] }).people.find(
		(p) => p.name === '李网格'
	)!;
	const id = newId();
	const [made, said] = await sendOps(
		planner,
		township,
		[
			newOp('task.create', township, id, {
				category,
				geometry: { type: 'Point', coordinates: at },
				method: 'map'
			}),
			newOp('step.say', township, id, { answers: li.id, due_on: chinaDay(5) })
		],
		1
	);
	expect([made!.body.outcome, said!.body.outcome]).toEqual(['applied', 'applied']);
	return id;
}

test('reported in three taps and a photo, done in two and a photo, proven in two', async ({
	person,
	app
}) => {
	const planner = await person('planner');
	const township = townshipOf(planner);
	const at = await spot(planner, township, village, 300);

	// Report.
	const field = await person('field', phone(at));
	await field.goto(home(app, township));
	const before = new Set((await dayOf(field, township)).day.tasks.map((t) => t.id));
	const first = new Finger(field);
	await first.shoot(field.getByRole('button', { name: '拍照上报' }), await jpeg(1));
	await first.tap(field.locator('label').filter({ hasText: '暴露垃圾' }));
	await first.tap(field.getByRole('button', { name: '上报', exact: true }));
	expect(first).toMatchObject({ taps: 3, photos: 1 });
	await expect
		.poll(async () => (await dayOf(field, township)).day.tasks.filter((t) => !before.has(t.id)))
		.toHaveLength(1);
	const made = (await dayOf(field, township)).day.tasks.find((t) => !before.has(t.id))!;
	const { day } = await dayOf(field, township);
	expect(made).toMatchObject({ category: 'TRASH', stage: 'found', title: '', note: '' });
	expect(day.villages.find((v) => v.id === made.villageId)!.name).toBe(village);
	expect(made.at![0]).toBeCloseTo(at[0], 5);
	expect(made.photos.map((p) => p.role)).toEqual(['before']);

	// Done: the phone opens where it was last.
	await field.goto(`${home(app, township)}?tab=todo`);
	await expect(card(field, made.id)).toBeVisible();
	await field.goto(home(app, township));
	const second = new Finger(field);
	await second.shoot(
		card(field, made.id).getByRole('button', { name: '拍照报完成' }),
		await jpeg(2)
	);
	await second.tap(field.getByRole('button', { name: '报完成', exact: true }));
	expect(second).toMatchObject({ taps: 2, photos: 1 });
	await expect
		.poll(() => taskOf(field, township, made.id))
		.toMatchObject({ stage: 'reported', doneByName: '李网格' });
	expect((await taskOf(field, township, made.id))!.photos.map((p) => p.role).sort()).toEqual([
		'after',
		'before'
	]);

	// Proven by somebody else, who stands there and finds it first in the list.
	const inspector = await person('inspector', phone(at));
	await inspector.goto(home(app, township));
	await expect(inspector.locator('article').first()).toHaveAttribute('data-task', made.id);
	const third = new Finger(inspector);
	await third.tap(card(inspector, made.id).getByRole('link'));
	await expect(inspector.getByRole('slider')).toBeVisible();
	await third.tap(inspector.getByRole('button', { name: '现场核查通过' }));
	expect(third).toMatchObject({ taps: 2, photos: 0 });
	await expect
		.poll(() => taskOf(inspector, township, made.id))
		.toMatchObject({ stage: 'proven', provenHow: 'on_site', provenByName: '孙核查' });

	// Struck off with one more.
	await inspector.locator(`li[data-task="${made.id}"]`).getByRole('button', { name: '销号' }).tap();
	await expect.poll(() => taskOf(inspector, township, made.id)).toMatchObject({ stage: 'closed' });
});

test('nobody is offered their own work, and who stands there has it', async ({ person, app }) => {
	const planner = await person('planner', phone());
	const township = townshipOf(planner);
	const at = await spot(planner, township, village, -400);
	const mine = await given(planner, township, at);
	const [done] = await sendOps(planner, township, [newOp('step.do', township, mine, {})]);
	expect(done!.body.outcome).toBe('applied');
	await planner.goto(`${home(app, township)}?tab=check`);
	await expect(planner.locator('article').first()).toBeVisible();
	await expect(card(planner, mine)).toHaveCount(0);
	// By its address neither.
	await planner.goto(`${home(app, township)}?task=${mine}`);
	await expect(planner.getByRole('heading', { name: '暴露垃圾' })).toBeVisible();
	await expect(planner.getByRole('button', { name: '现场核查通过' })).toHaveCount(0);

	const inspector = await person('inspector', phone(at));
	await inspector.goto(`${home(app, township)}?tab=check`);
	await card(inspector, mine).getByRole('link').tap();
	await expect(inspector.getByText(/由您核查，保留到/)).toBeVisible();
	const mayor = await person('mayor', phone());
	await mayor.goto(`${home(app, township)}?task=${mine}`);
	await expect(mayor.getByText(/孙核查正在核查，到 \d+:\d\d 自动放开/)).toBeVisible();
	await expect(mayor.getByRole('button', { name: '现场核查通过' })).toBeDisabled();
	// She leaves without a word: free again, and the other phone is told.
	await inspector.getByRole('link', { name: '关闭' }).tap();
	await expect(mayor.getByRole('button', { name: '现场核查通过' })).toBeEnabled();
});

test('what was returned is read before it is done again', async ({ person, app }) => {
	const planner = await person('planner');
	const township = townshipOf(planner);
	const at = await spot(planner, township, village, 700);
	const id = await given(planner, township, at);
	const field = await person('field', phone(at));
	await field.goto(`${home(app, township)}?task=${id}`);
	// Without a photo is possible.
	await field.getByRole('button', { name: '不拍照，直接报完成' }).tap();
	await expect.poll(() => taskOf(field, township, id)).toMatchObject({ stage: 'reported' });

	const inspector = await person('inspector', phone(at));
	await inspector.goto(`${home(app, township)}?task=${id}`);
	await inspector.getByRole('button', { name: '退回' }).tap();
	const form = inspector.getByRole('form', { name: '退回' });
	await expect(form.getByRole('button', { name: '退回', exact: true })).toBeDisabled();
	await form.getByRole('button', { name: '没有清理干净' }).tap();
	await form.getByRole('radio', { name: '部分退回' }).tap();
	await form.getByRole('button', { name: '退回', exact: true }).tap();
	await expect
		.poll(() => taskOf(inspector, township, id))
		.toMatchObject({
			stage: 'returned',
			round: 2,
			returned: { note: '没有清理干净', part: true, by: '孙核查' }
		});

	await field.goto(`${home(app, township)}?tab=todo`);
	await expect(card(field, id)).toContainText('没有清理干净');
	await expect(card(field, id).getByRole('button')).toHaveCount(0);
	await card(field, id).getByRole('link').tap();
	await expect(field.getByText('部分退回，先看原因')).toBeVisible();
	await expect(field.getByRole('button', { name: '拍照报完成' })).toHaveCount(0);
	await field.getByRole('button', { name: '看了退回原因，继续整改' }).tap();
	await expect.poll(() => taskOf(field, township, id)).toMatchObject({ stage: 'doing' });
	await new Finger(field).shoot(field.getByRole('button', { name: '拍照报完成' }), await jpeg(3));
	await field.getByRole('button', { name: '报完成', exact: true }).tap();
	await expect
		.poll(() => taskOf(field, township, id))
		.toMatchObject({ stage: 'reported', round: 2 });
});

test('the same kind close by is offered for merging, what was settled as come back', async ({
	person,
	app
}) => {
	const planner = await person('planner');
	const township = townshipOf(planner);
	const at = await spot(planner, township, village, 1000);
	const id = await given(planner, township, at, 'FILM');
	const field = await person('field', phone(at));
	const count = async () => (await dayOf(field, township)).day.tasks.length;
	const before = await count();

	await field.goto(`${home(app, township)}?tab=report`);
	await new Finger(field).shoot(field.getByRole('button', { name: '拍照上报' }), await jpeg(4));
	await field.locator('label').filter({ hasText: '农膜农药包装' }).tap();
	await field.getByRole('button', { name: '是同一处，并入' }).tap();
	await expect
		.poll(async () => (await taskOf(field, township, id))!.photos.map((p) => p.role))
		.toEqual(['before']);
	expect(await count()).toBe(before);

	await field.goto(`${home(app, township)}?task=${id}`);
	await field.getByRole('button', { name: '不拍照，直接报完成' }).tap();
	await expect.poll(() => taskOf(field, township, id)).toMatchObject({ stage: 'reported' });
	const inspector = await person('inspector');
	const [proven] = await sendOps(inspector, township, [
		newOp('step.prove', township, id, { how: 'desk' })
	]);
	expect(proven!.body.outcome).toBe('applied');

	await field.goto(`${home(app, township)}?tab=report`);
	await new Finger(field).shoot(field.getByRole('button', { name: '拍照上报' }), await jpeg(5));
	await field.locator('label').filter({ hasText: '农膜农药包装' }).tap();
	await field.getByRole('button', { name: '又出现了（回潮）' }).tap();
	await expect
		.poll(() => taskOf(field, township, id))
		.toMatchObject({ stage: 'assigned', round: 2 });
});

test('without a position one tap on the map sets the place, and a code on the wall opens it', async ({
	person,
	app
}) => {
	const field = await person('field', phone());
	const township = townshipOf(field);
	const known = new Set((await dayOf(field, township)).day.tasks.map((t) => t.id));
	const fresh = async () =>
		(await dayOf(field, township)).day.tasks.filter((t) => !known.has(t.id));
	await field.goto(`${home(app, township)}?tab=report`);
	const finger = new Finger(field);
	await finger.shoot(field.getByRole('button', { name: '拍照上报' }), await jpeg(6));
	await finger.tap(field.locator('label').filter({ hasText: '露天焚烧' }));
	await finger.tap(field.getByRole('application'));
	await expect(field.getByText('点图定位')).toBeVisible();
	await finger.tap(field.getByRole('button', { name: '上报', exact: true }));
	expect(finger.taps).toBe(4);
	await expect.poll(fresh).toHaveLength(1);
	const [made] = await fresh();
	const { day } = await dayOf(field, township);
	expect(made!.at).not.toBeNull();
	expect(day.villages.find((v) => v.id === made!.villageId)!.name).toBe(village);

	// The code of a spot.
	await field.goto(`${home(app, township)}?task=${made!.id}`);
	await expect(field.getByRole('heading', { name: '露天焚烧' })).toBeVisible();
	const at = await spot(field, township, village, 1300);
	await field.goto(`${home(app, township)}?new=1&at=${at.join(',')}`);
	await field.getByRole('button', { name: /直接登记/ }).tap();
	await expect(field.getByText('点图定位')).toBeVisible();
	await field.locator('label').filter({ hasText: '污水直排' }).tap();
	await field.getByRole('button', { name: '上报', exact: true }).tap();
	await expect.poll(fresh).toHaveLength(2);
	expect((await fresh()).find((t) => t.category === 'SEWAGE')!.at![0]).toBeCloseTo(at[0], 5);
});

test('a day without signal: the page opens again, work is kept, and goes out when signal is back', async ({
	person,
	app
}) => {
	const planner = await person('planner');
	const township = townshipOf(planner);
	const at = await spot(planner, township, village, 1600);
	const id = await given(planner, township, at, 'ADS');
	const known = new Set((await dayOf(planner, township)).day.tasks.map((t) => t.id));
	const field = await person('field', phone(at));
	await field.goto(`${home(app, township)}?tab=todo`);
	await expect(card(field, id)).toBeVisible();
	// The shell and its code are kept a moment after the page is there.
	await field.waitForFunction(
		async (path) =>
			navigator.serviceWorker.controller?.state === 'activated' &&
			Boolean(await caches.match(path)),
		`/t/${township}/field`,
		{ timeout: 60_000 }
	);

	// Chromium writes a registration down a little later; a visit that went through it proves it did.
	await expect(async () => {
		await field.reload();
		expect(await field.evaluate(() => navigator.serviceWorker.controller !== null)).toBe(true);
	}).toPass({ timeout: 60_000 });
	await expect(card(field, id)).toBeVisible();

	await field.context().setOffline(true);
	await field.goto(`${home(app, township)}?tab=todo`);
	await expect(field.getByText('没有信号')).toBeVisible();
	await new Finger(field).shoot(
		card(field, id).getByRole('button', { name: '拍照报完成' }),
		await jpeg(7)
	);
	await field.getByRole('button', { name: '报完成', exact: true }).tap();
	await expect(card(field, id).getByText('未发')).toBeVisible();
	await field.getByRole('link', { name: /^上报/ }).tap();
	await new Finger(field).shoot(field.getByRole('button', { name: '拍照上报' }), await jpeg(8));
	await field.locator('label').filter({ hasText: '问题厕所' }).tap();
	await field.getByRole('button', { name: '上报', exact: true }).tap();
	await expect(field.getByRole('link', { name: /待发/ })).toContainText('2');

	// The tab is closed and opened again, still without signal: nothing is lost.
	await field.reload();
	await field.getByRole('link', { name: /待发/ }).tap();
	await expect(field.getByRole('heading', { name: /^2 条未发，最久/ })).toBeVisible();
	await expect(field.locator('article[data-op="step.do"]')).toContainText('等待发送');
	expect((await taskOf(planner, township, id))!.stage).toBe('assigned');

	// What lies on the phone cannot be read from outside the page's key.
	const plain = await field.evaluate(async () => {
		const db = await new Promise<IDBDatabase>((resolve) => {
			const asked = indexedDB.open('xt-offline');
			asked.onsuccess = () => resolve(asked.result);
		});
		const rows = await new Promise<{ sealed: { iv: unknown; data: ArrayBuffer } }[]>((resolve) => {
			const asked = db.transaction('ops').objectStore('ops').getAll();
			asked.onsuccess = () => resolve(asked.result);
		});
		db.close();
		return rows.map((r) => new TextDecoder().decode(r.sealed.data).includes('step.do'));
	});
	expect(plain).toEqual([false, false]);

	// Saved to a file as well, in case the phone dies.
	const [saved] = await Promise.all([
		field.waitForEvent('download'),
		field.getByRole('button', { name: '存成文件' }).tap()
	]);
	const file = (await saved.path())!;
	const code = (await field.locator('[data-code]').textContent())!;

	await field.context().setOffline(false);
	await expect(field.getByText('都已发出')).toBeVisible({ timeout: 30_000 });
	const there = await dayOf(planner, township);
	const done = there.day.tasks.find((t) => t.id === id)!;
	expect(done).toMatchObject({ stage: 'reported', doneByName: '李网格' });
	expect(done.photos.map((p) => p.role)).toEqual(['after']);
	expect(there.day.tasks.filter((t) => !known.has(t.id))).toMatchObject([
		{ category: 'TOILET', stage: 'found', photos: [{ role: 'before' }] }
	]);

	// Laid beside the server's list at the office afterwards: all of it is there already, nothing is doubled.
	const look = async (page: Page) => {
		await page.goto(`${home(app, township)}/desk`);
		await page.locator('input[type=file]').setInputFiles(file);
		await page.getByLabel('十六位口令').fill(code);
		await page.getByRole('button', { name: '打开核对' }).click();
	};
	const office = await person('field');
	await look(office);
	await expect(office.getByText('服务器已有')).toHaveCount(2);
	await office.getByRole('button', { name: /^补报 2 件/ }).click();
	await expect(office.getByRole('status').filter({ hasText: '已接收 2 件' })).toBeVisible();
	expect((await dayOf(planner, township)).day.tasks.length).toBe(there.day.tasks.length);
	// Somebody else's word is not taken over: it would be written down as theirs.
	await look(planner);
	await expect(planner.getByText(/1 件是李网格自己做的/)).toBeVisible();
});

test('two people change one thing: both values are shown and a person chooses', async ({
	person,
	app
}) => {
	const planner = await person('planner');
	const township = townshipOf(planner);
	const at = await spot(planner, township, village, -700);
	const id = await given(planner, township, at, 'ROAD');
	const field = await person('field', phone(at));
	await field.goto(`${home(app, township)}?task=${id}`);
	await field.getByRole('button', { name: '登记受阻' }).waitFor();
	await field.context().setOffline(true);
	await field.getByRole('button', { name: '登记受阻' }).tap();
	await field.getByLabel('谁来解').fill('县公路段');
	await field
		.getByRole('form', { name: '登记受阻' })
		.getByRole('button', { name: '登记受阻' })
		.tap();
	await expect(field.getByText('未发')).toBeVisible();
	// Meanwhile the office gives it another day.
	const [said] = await sendOps(planner, township, [
		newOp('step.say', township, id, {
			due_on: chinaDay(20)
		})
	]);
	expect(said!.body.outcome).toBe('applied');
	await field.context().setOffline(false);
	await field.getByRole('link', { name: /待发/ }).tap();
	const line = field.locator('article[data-op="step.block"]');
	await expect(line).toContainText('别人先改了', { timeout: 30_000 });
	await line.getByRole('button', { name: '选择以哪个为准' }).tap();
	const dialog = field.getByRole('dialog');
	await expect(dialog).toContainText('登记受阻');
	await dialog.getByRole('button', { name: '用我的' }).tap();
	await expect(field.getByText('都已发出')).toBeVisible();
	expect(await taskOf(planner, township, id)).toMatchObject({
		stage: 'blocked',
		blocker: { who: '县公路段' }
	});
});

test('axe finds nothing serious, every target is big enough, nothing is wider than the phone', async ({
	person,
	app
}) => {
	const page = await person('inspector', phone());
	const township = townshipOf(page);
	const { day } = await dayOf(page, township);
	const reported = day.tasks.find((t) => t.stage === 'reported')!;
	const assigned = day.tasks.find((t) => t.stage === 'assigned')!;
	for (const at of [
		'?tab=report',
		'?tab=todo',
		'?tab=check',
		'?tab=out',
		`?task=${reported.id}`,
		`?task=${assigned.id}`,
		'/desk'
	]) {
		await page.goto(home(app, township) + at);
		await page.locator('main').waitFor();
		await page.waitForTimeout(300);
		const { violations } = await new AxeBuilder({ page }).analyze();
		const bad = violations
			.filter((v) => v.impact === 'serious' || v.impact === 'critical')
			.map((v) => `${at}: ${v.id}: ${v.nodes.slice(0, 3).map((n) => n.target.join(' '))}`);
		expect.soft(bad).toEqual([]);
		const small = await page
			.locator('a:visible, button:visible, summary:visible, select:visible')
			.evaluateAll((all) =>
				all
					.map((e) => ({ box: e.getBoundingClientRect(), say: e.textContent!.trim() }))
					.filter(({ box }) => box.height > 0 && box.height < 39.5)
					.map(({ say, box }) => `${say} ${Math.round(box.height)}`)
			);
		// A card's link covers the whole card by its ::after.
		expect
			.soft(
				small.filter((s) => !/ 2\d$/.test(s)),
				at
			)
			.toEqual([]);
		expect
			.soft(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), at)
			.toBeLessThanOrEqual(0);
	}
});
