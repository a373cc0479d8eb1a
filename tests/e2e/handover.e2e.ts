import { createHash } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { alive, expect, rest, signIn, startApp, test, townshipOf } from './app';

test('a planner hands the township over; another installation opens the file', async ({
	person,
	open,
	app
}) => {
	test.setTimeout(240_000);
	const page = await person('planner');
	const township = townshipOf(page);
	await page.goto(`${app.origin}/t/${township}/handover`);
	await expect(page.getByRole('heading', { level: 1, name: '整镇移交' })).toBeVisible();
	const box = page.getByLabel('口令', { exact: true });
	const passphrase = await box.inputValue();
	expect(passphrase).toMatch(/^[a-z2-9-]{17}$/);
	// Without one, what that means is said.
	await page.getByLabel('用口令加密').uncheck();
	await expect(page.getByText('不加口令，谁拿到文件谁就能看到')).toBeVisible();
	await page.getByLabel('用口令加密').check();
	const { violations } = await new AxeBuilder({ page }).analyze();
	expect(violations.map((v) => v.id)).toEqual([]);

	await page.getByRole('button', { name: '制作移交文件' }).click();
	const fetchIt = page.getByRole('link', { name: '下载移交文件' });
	await expect(fetchIt).toBeVisible({ timeout: 60_000 });
	const said = await page.locator('code').first().innerText();
	const down = page.waitForEvent('download');
	await fetchIt.click();
	const download = await down;
	expect(download.suggestedFilename()).toMatch(/^云溪镇_\d{4}-\d\d-\d\d_移交\.xiangtu$/);
	const folder = await mkdtemp(path.join(os.tmpdir(), 'xt-restore-'));
	const file = path.join(folder, 'file.xiangtu');
	await download.saveAs(file);
	const bytes = await readFile(file);
	expect(createHash('sha256').update(bytes).digest('hex')).toBe(said);
	expect(bytes.includes(Buffer.from('云溪镇'))).toBe(false);
	// On the server it is the program's alone, and gone when it is taken away.
	const kept = path.join(app.dataDir, 'handover');
	const [name] = await readdir(kept);
	expect((await stat(path.join(kept, name!))).mode & 0o777).toBe(0o600);
	await page.getByRole('button', { name: '从服务器删除' }).click();
	await expect(fetchIt).toBeHidden();
	expect(await readdir(kept)).toEqual([]);
	await expect(page.getByText('周书记 · 已加密')).toBeVisible();

	// A wrong passphrase ends the start with its name; the right one opens an installation.
	const env = { XT_RESTORE: file };
	const dataDir = path.join(folder, 'data');
	const wrong = startApp({ dataDir, demo: false, env: { ...env, XT_PASSPHRASE: 'not this one' } });
	await expect(wrong).rejects.toThrow('口令不对');
	const other = await startApp({
		dataDir,
		demo: false,
		env: { ...env, XT_PASSPHRASE: passphrase }
	});
	try {
		expect(other.output()).toContain('已恢复 云溪镇');
		const password = /^ {4}(\S+)$/m.exec(other.output())![1]!;
		const there = alive(await (await open()).newPage());
		await signIn(there, other, 'admin', password);
		await there.goto(`${other.origin}/t/${township}/tasks`);
		const count = async (p: typeof page, a: typeof app) =>
			(await rest(p, a, `tasks?select=id&township_id=eq.${township}`)).body.length;
		expect(await count(there, other)).toBe(await count(page, app));
		await expect(there.getByText(/共 \d+ 件/)).toBeVisible();
	} finally {
		await other.kill();
		await rm(folder, { recursive: true, force: true });
	}
});

test('nobody else hands over', async ({ person, app }) => {
	// An official of the district arrives at the district's page: the township is the planner's.
	const township = townshipOf(await person('planner'));
	for (const login of ['field', 'observer', 'inspector', 'auditor']) {
		const page = await person(login);
		const at = `/t/${township}/handover`;
		expect((await page.goto(app.origin + at))!.status()).toBe(403);
		const answer = await page.evaluate(
			(url) =>
				fetch(url, {
					method: 'POST',
					headers: { 'Content-Type': 'application/json' },
					body: JSON.stringify({ passphrase: 'a long enough one' })
				}).then(async (r) => `${r.status} ${((await r.json()) as { reason: string }).reason}`),
			at
		);
		expect(answer).toBe('403 not_allowed');
	}
});
