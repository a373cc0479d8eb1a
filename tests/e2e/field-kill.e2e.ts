/**
 * A phone that dies in the hand (security.md H-07): Chromium is killed with SIGKILL twenty times, while a photo
 * is captured, sealed, written down or sent. Whatever the page had called "saved" (已记下) is on the server in the end,
 * once, with its photo.
 */
import { chromium, type Browser, type BrowserContext, type Page } from '@playwright/test';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, test, townshipOf } from './app';
import { dayOf, jpeg, spot } from './phone';

// All twenty take two minutes; CI plays six.
const kills = Number(process.env.XT_KILLS ?? (process.env.CI ? 6 : 20));

type Phone = { child: ChildProcess; browser: Browser; context: BrowserContext; page: Page };

/** A Chromium of its own, so that it can be killed as a battery does it. */
async function switchOn(profile: string, args: string[]): Promise<Phone> {
	await rm(path.join(profile, 'DevToolsActivePort'), { force: true });
	const child = spawn(
		process.env.CHROMIUM ?? '/usr/bin/chromium',
		[
			'--headless=new',
			'--remote-debugging-port=0',
			`--user-data-dir=${profile}`,
			'--lang=zh-CN',
			'--disable-gpu',
			...args.filter((a) => !/swiftshader|gpu-blocklist/.test(a)),
			'about:blank'
		],
		{ stdio: 'ignore', env: { ...process.env, LANG: 'zh_CN.UTF-8' } }
	);
	let port = '';
	for (let i = 0; i < 200 && !port; i++) {
		await new Promise((r) => setTimeout(r, 100));
		port = (await readFile(path.join(profile, 'DevToolsActivePort'), 'utf8').catch(() => '')).split(
			'\n'
		)[0]!;
	}
	const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`);
	const context = browser.contexts()[0]!;
	const page = context.pages()[0] ?? (await context.newPage());
	await page.setViewportSize({ width: 390, height: 844 });
	return { child, browser, context, page };
}

async function die(phone: Phone): Promise<void> {
	const gone = new Promise((resolve) => phone.child.once('exit', resolve));
	phone.child.kill('SIGKILL');
	await gone;
	await phone.browser.close().catch(() => undefined);
}

test(`nothing that was called saved is lost when the phone dies ${kills} times`, async ({
	person,
	app,
	launchOptions
}) => {
	test.setTimeout(kills * 30_000 + 120_000);
	const profile = await mkdtemp(path.join(os.tmpdir(), 'xt-phone-'));
	// Signed in once; the cookies stand in for a profile that Chromium writes down only now and then.
	const signedIn = await person('field');
	const cookies = await signedIn.context().cookies();
	const township = townshipOf(signedIn);
	const [longitude, latitude] = await spot(signedIn, township, '白马村', 400);
	const known = new Set((await dayOf(signedIn, township)).day.tasks.map((t) => t.id));

	const open = async (): Promise<Phone> => {
		const phone = await switchOn(profile, launchOptions.args ?? []);
		await phone.context.addCookies(cookies);
		await phone.context.grantPermissions(['geolocation']);
		await phone.context.setGeolocation({ longitude, latitude, accuracy: 5 });
		await phone.page.goto(`${app.origin}/t/${township}/field?tab=report`);
		await expect(phone.page.getByRole('button', { name: '拍照上报' })).toBeVisible();
		return phone;
	};

	let saved = 0;
	let told = 0;
	for (let i = 0; i < kills; i++) {
		const phone = await open();
		const { page } = phone;
		// Every other time there is no signal, so that it lies in the box when the battery goes.
		if (i % 2) await phone.context.setOffline(true);
		const chooser = page.waitForEvent('filechooser');
		await page.getByRole('button', { name: '拍照上报' }).click();
		await (
			await chooser
		).setFiles({ name: 'IMG.jpg', mimeType: 'image/jpeg', buffer: await jpeg(500 + i) });
		await page.locator('label').filter({ hasText: '问题厕所' }).click();
		await page.getByRole('button', { name: '上报', exact: true }).click();
		told++;
		// From "at once" to "long since on its way".
		const word = page.getByText('已记下：上报').first();
		await Promise.race([
			word.waitFor({ timeout: 10_000 }).catch(() => undefined),
			new Promise((r) => setTimeout(r, i % 5 === 0 ? 30 : 10_000))
		]);
		if (i % 3 === 0) await new Promise((r) => setTimeout(r, (i * 83) % 700));
		if (await word.isVisible().catch(() => false)) saved++;
		await die(phone);
	}

	// Switched on once more, with signal: the box empties itself.
	const phone = await open();
	const arrived = async () =>
		(await dayOf(signedIn, township)).day.tasks.filter((t) => !known.has(t.id));
	// The server is asked, not the page: a box that is not open yet shows nothing unsent either.
	await expect
		.poll(async () => (await arrived()).length, { timeout: 120_000 })
		.toBeGreaterThanOrEqual(saved);
	await expect(phone.page.getByText(/未发/)).toHaveCount(0, { timeout: 60_000 });
	const made = await arrived();
	await die(phone);
	await rm(profile, { recursive: true, force: true });

	console.log(`killed ${kills} times: ${told} told, ${saved} saved, ${made.length} arrived`);
	expect(made.length).toBeLessThanOrEqual(told);
	expect(made.every((t) => t.photos.length === 1)).toBe(true);
	expect(new Set(made.map((t) => t.photos[0]!.id)).size).toBe(made.length);
	// A test in which nothing was ever saved would prove nothing.
	expect(saved).toBeGreaterThan(kills / 2);
});
