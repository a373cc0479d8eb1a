import type { Page } from '@playwright/test';
import { newOp } from '../../src/lib/domain/op';
import { expect, mapIdle, rest, sendOps, test, townshipOf, type App } from './app';
import { chinaDay } from '../../src/lib/domain/day';

const village = '白马村';

/** Said, done, proven and planned of a village as its line in the list shows them. */
async function figures(page: Page) {
	const line = page.locator('ul a[data-village]').filter({ hasText: village });
	const [said, done, proven] = (await line.locator('dd b').allTextContents()).map(Number);
	const planned = Number((await line.locator('dd .of').first().textContent())!.replace(/\D/g, ''));
	return { planned, said, done, proven };
}

/** Where the village's name stands: a point that lies in it. The Data API gives shapes as EWKB. */
async function pointIn(page: Page, app: App): Promise<[number, number]> {
	const { body } = await rest(page, app, `places?level=eq.village&name=eq.${village}&select=label`);
	const point = Buffer.from(body[0].label, 'hex');
	return [point.readDoubleLE(9), point.readDoubleLE(17)];
}

async function stepOf(page: Page, app: App, task: string) {
	const { body } = await rest(page, app, `steps?thing_id=eq.${task}&select=*`);
	return body[0];
}

const openId = (page: Page) => new URL(page.url()).searchParams.get('open')!.split(':')[1]!;

test('found, said, done, proven by four people, and everybody sees it move', async ({
	person,
	app
}) => {
	const planner = await person('planner');
	const observer = await person('observer');
	await mapIdle(planner);
	const before = await figures(observer);
	expect(before.planned).toBeGreaterThan(0);
	const loads: string[] = [];
	observer.on('framenavigated', (frame) => loads.push(frame.url()));

	// Found: a type, a tap on the map, recorded.
	await planner.getByRole('button', { name: '新增' }).click();
	await planner.getByRole('menuitem', { name: '发现一个问题' }).click();
	const form = planner.getByRole('form', { name: '发现一个问题' });
	await form.getByRole('radio').first().waitFor();
	const at = await pointIn(planner, app);
	await form.getByRole('radio').first().locator('xpath=..').click();
	await expect(planner.getByText('点一下地图选位置')).toBeVisible();
	const xy = await planner.evaluate((at) => {
		const map = (window as any).__map;
		const box = map.getCanvas().getBoundingClientRect();
		const { x, y } = map.project(at);
		return { x: box.x + x, y: box.y + y };
	}, at);
	await planner.mouse.click(xy.x, xy.y);
	await expect(form.getByText('已标位置')).toBeVisible();
	await form.getByRole('button', { name: '登记', exact: true }).click();
	const panel = planner.locator('article');
	await expect(panel).toBeVisible();
	await expect(panel.getByText(village).first()).toBeVisible();
	await expect.poll(() => figures(observer)).toEqual({ ...before, planned: before.planned + 1 });
	const task = openId(planner);

	// Said: handed over to 李网格 with a day.
	await panel.getByRole('button', { name: '交办' }).click();
	const say = planner.getByRole('form', { name: '交办' });
	const who = say.getByLabel('谁负责');
	await who.selectOption({
		label: (await who.locator('option').allTextContents()).find((t) => t.includes('李网格'))!
	});
	const due = chinaDay(9);
	await say.locator('input[type=date]').fill(due);
	await say.getByRole('button', { name: '交办' }).click();
	await expect(panel.getByText('李网格').first()).toBeVisible();
	await expect
		.poll(() => figures(observer))
		.toEqual({ ...before, planned: before.planned + 1, said: before.said! + 1 });

	// Done, by whom it was given to; he cannot prove it and reads why.
	const field = await person('field');
	await field.goto(planner.url());
	const his = field.locator('article');
	await his.getByRole('button', { name: '报完成' }).click();
	await field.getByRole('form', { name: '报完成' }).getByRole('button', { name: '报完成' }).click();
	await expect(his.getByRole('button', { name: '撤回完成' })).toBeVisible();
	await his.getByText('其他操作').click();
	const line = his.locator('li, p').filter({ has: field.getByRole('button', { name: '验收' }) });
	await expect(line.getByRole('button', { name: '验收' })).toBeDisabled();
	await expect(line).toContainText('您的角色在这里没有这项权限');
	await expect
		.poll(() => figures(observer))
		.toEqual({
			planned: before.planned + 1,
			said: before.said! + 1,
			done: before.done! + 1,
			proven: before.proven
		});

	// Proven, by somebody else who went there.
	const inspector = await person('inspector');
	await inspector.goto(planner.url());
	const hers = inspector.locator('article');
	await hers.getByRole('button', { name: '验收' }).click();
	const prove = inspector.getByRole('form', { name: '验收' });
	await expect(prove.getByRole('radio', { name: '现场核查' })).toBeChecked();
	await prove.getByRole('button', { name: '验收' }).click();
	await expect(hers.getByText('现场核查').first()).toBeVisible();
	await expect
		.poll(() => figures(observer))
		.toEqual({
			planned: before.planned + 1,
			said: before.said! + 1,
			done: before.done! + 1,
			proven: before.proven! + 1
		});
	expect(loads, 'the observer never loaded the page again').toEqual([]);
	const step = await stepOf(planner, app, task);
	expect(step).toMatchObject({ state: 'proven', proven_how: 'on_site', due_on: due });
});

test('nobody proves their own work: not by the page, the Data API, an op, or somebody else’s op', async ({
	person,
	app
}) => {
	const planner = await person('planner');
	const township = townshipOf(planner);
	const create = newOp('task.create', township, crypto.randomUUID(), {
		category: 'TRASH',
		title: '自己干的事'
	});
	const [made] = await sendOps(planner, township, [create]);
	expect(made!.body.outcome).toBe('applied');
	await planner.goto(`${app.origin}/t/${township}?open=task:${create.target}`);
	const panel = planner.locator('article');
	await panel.getByRole('button', { name: '报完成' }).click();
	await planner
		.getByRole('form', { name: '报完成' })
		.getByRole('button', { name: '报完成' })
		.click();

	const line = panel
		.locator('li, p')
		.filter({ has: planner.getByRole('button', { name: '验收' }) });
	await expect(line.getByRole('button', { name: '验收' })).toBeDisabled();
	await expect(line).toContainText('要由别人来验收');

	const before = await stepOf(planner, app, create.target);
	expect(before.state).toBe('done');
	const unchanged = async (how: string) =>
		expect(await stepOf(planner, app, create.target), how).toEqual(before);

	// The Data API, with his own token.
	for (const change of [
		{ state: 'proven' },
		{ proven_on: '2026-11-23', proven_by: before.done_by, proven_how: 'on_site', state: 'proven' },
		{ done_by: null }
	]) {
		const { status, body } = await rest(planner, app, `steps?id=eq.${before.id}`, {
			method: 'PATCH',
			body: change
		});
		expect(status, JSON.stringify(body)).toBeGreaterThanOrEqual(400);
		expect(status).toBeLessThan(500);
		await unchanged(`PATCH ${JSON.stringify(change)}`);
	}
	// The same op by RPC and through the page's door.
	const prove = newOp('step.prove', township, before.id, { how: 'on_site' }, before.version);
	const rpc = await rest(planner, app, 'rpc/apply_op', { method: 'POST', body: { p_op: prove } });
	expect(rpc.body).toMatchObject({ outcome: 'refused', reason: 'own_work' });
	await unchanged('rpc');
	const [door] = await sendOps(planner, township, [
		newOp('step.prove', township, before.id, { how: 'on_site' }, before.version)
	]);
	expect(door!.body).toMatchObject({ outcome: 'refused', reason: 'own_work' });
	await unchanged('door');

	// Another thing, proven by the inspector: her op sent again by the planner does nothing for him.
	const other = newOp('task.create', township, crypto.randomUUID(), {
		category: 'TRASH',
		title: '别人干的事'
	});
	await sendOps(planner, township, [other]);
	const theirs = await stepOf(planner, app, other.target);
	const mayor = await person('mayor');
	const did = newOp('step.do', township, theirs.id, {}, theirs.version);
	expect((await sendOps(mayor, township, [did]))[0]!.body.outcome).toBe('applied');
	const inspector = await person('inspector');
	const done = await stepOf(planner, app, other.target);
	const hers = newOp('step.prove', township, theirs.id, { how: 'on_site' }, done.version);
	expect((await sendOps(inspector, township, [hers]))[0]!.body.outcome).toBe('applied');
	const proven = await stepOf(planner, app, other.target);
	for (const replay of [hers, { ...hers, target: before.id, base_version: before.version }]) {
		const { body } = await rest(planner, app, 'rpc/apply_op', {
			method: 'POST',
			body: { p_op: replay }
		});
		expect(body).toMatchObject({ outcome: 'refused', reason: 'op_of_another' });
		const [again] = await sendOps(planner, township, [replay]);
		expect(again!.body).toMatchObject({ outcome: 'refused', reason: 'op_of_another' });
		await unchanged('replay');
	}
	expect(await stepOf(planner, app, other.target)).toEqual(proven);
	// A name of somebody else inside the payload is not believed either.
	const [forged] = await sendOps(planner, township, [
		{
			...newOp('step.prove', township, before.id, { how: 'on_site' }, before.version),
			payload: { how: 'on_site', person_id: before.id }
		}
	]);
	expect(forged!.status).toBe(400);
	await unchanged('forged');
});

test('a page is not read twice when it is opened, unless something happened before it listened', async ({
	person,
	app
}) => {
	const planner = await person('planner');
	const township = townshipOf(planner);
	const observer = await person('observer');
	let reads = 0;
	observer.on('request', (r) => {
		if (r.url().includes('__data.json')) reads++;
	});
	const asked = () => observer.waitForResponse((r) => r.url().includes('/live/stands'));
	const opened = asked();
	await observer.goto(`${app.origin}/t/${township}/plans`);
	expect((await opened).status()).toBe(200);
	// Long enough for what would be read after all.
	await observer.waitForTimeout(1500);
	expect(reads).toBe(0);

	let release = () => {};
	const held = new Promise<void>((resolve) => (release = resolve));
	await observer.routeWebSocket(/websocket/, async (line) => {
		await held;
		line.connectToServer();
	});
	await observer.reload();
	const title = '开着页面时新建的';
	const create = newOp('plan.create', township, crypto.randomUUID(), { title });
	const [made] = await sendOps(planner, township, [create]);
	expect(made!.body.outcome, JSON.stringify(made!.body)).toBe('applied');
	await observer.waitForTimeout(1500);
	await expect(observer.getByText(title)).toHaveCount(0);
	const again = asked();
	release();
	expect((await again).status()).toBe(200);
	await expect(observer.getByText(title).first()).toBeVisible();
	expect(reads).toBe(1);

	// Only who may look at the township is told where it stands.
	const stands = `${app.origin}/live/stands?township=`;
	const foreign = await observer.request.get(stands + crypto.randomUUID());
	expect(foreign.status()).toBe(404);
	const nobody = await fetch(stands + township);
	expect(nobody.status).toBe(401);
	expect(await nobody.text()).not.toContain('stands');
});
