/**
 * A link's whole way through the built program: made on a page, opened on a phone with and without scripts, read,
 * taken back; and what security.md C-02, C-05 and C-09 ask of it. Each prints its figure.
 */
import { createServer, request as ask, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BrowserContextOptions, Page } from '@playwright/test';
import sharp from 'sharp';
import { newId, newOp } from '../../src/lib/domain/op';
import { exif, segment, withSegments } from '../node/photos-bytes';
import { photo } from '../node/photos-pictures';
import { expect, rest, sendOps, test, townshipOf, type App } from './app';

const title = '共享页面 / Shared page';
const mark = 'K7Q2-SECRET';
const phone: BrowserContextOptions = {
	viewport: { width: 390, height: 844 },
	deviceScaleFactor: 2,
	hasTouch: true,
	isMobile: true,
	userAgent:
		'Mozilla/5.0 (Linux; Android 14; HarmonyOS) AppleWebKit/537.36 Chrome/120 Mobile Safari/537.36 MicroMessenger/8.0.50'
};

/** Every byte of every request, as a proxy on the way sees it. */
async function loggingProxy(): Promise<{
	server: Server;
	port: number;
	seen: { head: string; body: string }[];
}> {
	const seen: { head: string; body: string }[] = [];
	const server = createServer((from, to) => {
		const parts: Buffer[] = [];
		from.on('data', (part: Buffer) => parts.push(part));
		from.on('end', () => {
			const body = Buffer.concat(parts);
			const line = {
				head: `${from.method} ${from.url}\n${from.rawHeaders.join('\n')}`,
				body: body.toString('latin1')
			};
			seen.push(line);
			const on = ask(from.url!, { method: from.method!, headers: from.headers }, (answer) => {
				to.writeHead(answer.statusCode!, answer.rawHeaders);
				answer.pipe(to);
			});
			on.on('error', () => to.destroy());
			on.end(body);
		});
	});
	await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
	return { server, port: (server.address() as AddressInfo).port, seen };
}

/** A project of the demo with a photo of ours on its first step. */
async function projectWithPhoto(page: Page, app: App) {
	const t = townshipOf(page);
	const { body } = await rest(
		page,
		app,
		`projects?select=id,title&township_id=eq.${t}&archived_at=is.null&order=id&limit=1`
	);
	const project = body[0] as { id: string; title: string };
	const steps = await rest(page, app, `steps?select=id&thing_id=eq.${project.id}&order=id&limit=1`);
	const photoId = newId();
	const bytes = withSegments(
		await photo(901),
		segment(
			0xe1,
			exif(
				6,
				await sharp(await photo(902))
					.resize(160)
					.jpeg()
					.toBuffer(),
				mark
			)
		)
	);
	const put = await page.request.put(`${app.origin}/t/${t}/photo/${photoId}`, {
		data: bytes,
		headers: { origin: app.origin, 'content-type': 'image/jpeg' }
	});
	expect(put.status()).toBe(200);
	const [linked] = await sendOps(page, t, [
		newOp('step.photo', t, steps.body[0].id, { photos: [photoId], role: 'before' })
	]);
	expect(linked!.body).toMatchObject({ outcome: 'applied' });
	return { t, project, photoId };
}

/** Through the dialog: chosen, looked at, made. */
async function makeLink(
	page: Page,
	how: { passcode?: boolean; card?: boolean } = {}
): Promise<{ link: string; passcode: string }> {
	await page.getByRole('button', { name: '共享', exact: true }).click();
	const dialog = page.getByRole('dialog');
	let passcode = '';
	if (how.passcode) {
		await dialog.getByLabel('需要访问码').check();
		passcode = await dialog.getByLabel('访问码', { exact: true }).inputValue();
	}
	await dialog.getByRole('button', { name: '下一步：逐项检查' }).click();
	const make = dialog.getByRole('button', { name: '生成链接' });
	await expect(make).toBeVisible();
	const preview = dialog.frameLocator('iframe');
	await expect(preview.locator('h1')).toBeVisible();
	await expect(make).toBeDisabled();
	for (const box of await dialog.getByRole('checkbox').all()) {
		const card = (await box.evaluate((b) => b.parentElement?.textContent ?? '')).includes(
			'聊天预览图'
		);
		if (!card || how.card) await box.check();
	}
	await make.click();
	const link = await dialog.getByLabel('链接', { exact: true }).inputValue();
	expect(link).toMatch(/^http:\/\/localhost:\d+\/s\/[a-z2-9]{10}#[A-Za-z0-9_-]{43}$/);
	await expect(dialog.getByRole('img', { name: '链接二维码' })).toBeVisible();
	const chat = await dialog.getByLabel('发到聊天里的文字').inputValue();
	expect(chat).toContain(link);
	if (passcode) {
		expect(chat).not.toContain(passcode);
		await expect(dialog.getByText(passcode, { exact: true })).toBeVisible();
	}
	await page.screenshot({ path: `test-results/shares-made${passcode ? '-passcode' : ''}.png` });
	await dialog.getByRole('button', { name: '关闭' }).last().click();
	return { link, passcode };
}

test('a link is made on a page, opens on any phone, and is taken back', async ({
	app,
	person,
	open
}) => {
	const planner = await person('planner');
	const { t, project, photoId } = await projectWithPhoto(planner, app);
	await planner.goto(`${app.origin}/t/${t}/projects/${project.id}`);
	const { link, passcode } = await makeLink(planner, { passcode: true });
	const [address, secret] = link.split('#') as [string, string];
	const publicId = address.split('/').pop()!;

	// ── with scripts, through a proxy that writes everything down (C-02) ──
	const { server, port, seen } = await loggingProxy();
	const said: string[] = [];
	const context = await open({ ...phone, proxy: { server: `http://127.0.0.1:${port}` } });
	const reader = await context.newPage();
	reader.on('console', (line) => said.push(line.text()));
	reader.on('pageerror', (error) => said.push(String(error)));
	await reader.goto(link);
	// The link alone: one answer that does not say what is missing.
	await expect(reader.locator('.said .closed')).toBeVisible();
	expect(reader.url()).toBe(address);
	await expect(reader.getByText(project.title)).toHaveCount(0);
	await reader.screenshot({ path: 'test-results/shares-gate.png' });
	await reader.getByLabel('访问码').fill(passcode);
	await reader.getByRole('button', { name: '打开' }).click();
	await expect(reader.locator('h1')).toContainText(project.title);
	expect(reader.url()).toBe(address);
	await reader.screenshot({ path: 'test-results/shares-page.png', fullPage: true });
	await reader.emulateMedia({ media: 'print' });
	await reader.emulateMedia({ media: 'screen' });
	const hrefs = await reader.evaluate(() =>
		[...document.querySelectorAll('a[href]')]
			.map((a) => (a as HTMLAnchorElement).href)
			.filter((h) => h.startsWith(location.origin))
	);
	for (const href of hrefs)
		await reader.evaluate((h) => fetch(h).then((r) => r.arrayBuffer()), href);
	// Pressed once more, with the page open: the code leaves the address again.
	await reader.goto(link);
	await expect.poll(() => reader.url()).toBe(address);
	// An error, a photo that is not there, and away to another page of this site.
	await reader.evaluate((a) => fetch(`${a}/photo/none/small`), address);
	await reader.evaluate(() => console.error('made on purpose', location.href, document.referrer));
	await reader.goto(`${address}/nothing/here`);
	await reader.goto(`${app.origin}/sign-in`);
	const times = (text: string) => text.split(secret).length - 1;
	const bodies = seen.filter((r) => times(r.body));
	const heads = seen.reduce((n, r) => n + times(r.head), 0);
	console.log(
		`C-02: ${seen.length} requests of a reader: secret in ${heads} heads (line, Referer, cookies), ${bodies.length} bodies (POST /open: without and with the passcode), console ${times(said.join('\n'))}, server's output ${times(app.output())}`
	);
	expect(heads).toBe(0);
	expect(bodies.map((r) => r.head.split('\n')[0])).toEqual([
		`POST ${address}/open HTTP`.replace(' HTTP', ''),
		`POST ${address}/open`
	]);
	expect(times(said.join('\n')) + times(app.output())).toBe(0);
	expect(seen.length).toBeGreaterThan(8);
	server.close();

	// ── without scripts: the whole link is pasted ──
	const plain = await (await open({ ...phone, javaScriptEnabled: false })).newPage();
	await plain.goto(link);
	await expect(plain.locator('h1')).toHaveText('共享页面');
	await plain.screenshot({ path: 'test-results/shares-gate-plain.png' });
	await plain.getByLabel('粘贴收到的整条链接').fill(`${link}x`);
	await plain.getByLabel('访问码').fill(passcode);
	await plain.getByRole('button', { name: '打开' }).click();
	await expect(plain.locator('.said .closed')).toBeVisible();
	await plain.getByLabel('粘贴收到的整条链接').fill(link);
	await plain.getByLabel('访问码').fill(passcode);
	await plain.getByRole('button', { name: '打开' }).click();
	await expect(plain.locator('h1')).toContainText(project.title);
	expect(plain.url()).toBe(address);

	// ── kept nowhere (C-05) ──
	const jar = plain.context().request;
	const copy = await jar.get(`${address}/photo/${photoId}/large`);
	expect(copy.status()).toBe(200);
	expect((await copy.body()).includes(mark)).toBe(false);
	expect((await sharp(await copy.body()).metadata()).exif).toBeUndefined();
	const answers = await Promise.all([
		jar.get(address),
		copy,
		jar.get(`${address}/photo/${photoId}/small`),
		jar.get(`${address}/photo/${photoId}/original`),
		jar.get(`${address}/photo/${newId()}/small`),
		jar.get(`${address}/card`),
		jar.get(`${address}/nothing`),
		jar.get(`${app.origin}/s/aaaaaaaaaa`),
		jar.get(`${app.origin}/s/x`),
		jar.post(`${address}/open`, {
			form: { link: 'x' },
			headers: { origin: app.origin, accept: 'application/json' }
		}),
		jar.post(`${address}/open`, {
			form: { link },
			headers: { origin: 'https://elsewhere.example' }
		})
	]);
	expect(answers.map((a) => a.status())).toEqual([
		200, 200, 200, 404, 404, 404, 404, 200, 200, 403, 403
	]);
	const kept = answers.filter((a) => {
		const h = a.headers();
		return !(
			h['cache-control'] === 'private, no-store' &&
			h['x-robots-tag'] === 'noindex, nofollow, noarchive' &&
			h['referrer-policy'] === 'same-origin' &&
			!h['etag']
		);
	});
	const cookies = (await plain.context().cookies()).filter((c) => c.name.includes(publicId));
	expect(cookies).toMatchObject([{ httpOnly: true, sameSite: 'Lax' }]);
	expect(cookies[0]!.expires - Date.now() / 1000).toBeLessThanOrEqual(7200);

	// ── the owner sees who looked, and takes it back; the next request gets nothing ──
	await planner.goto(`${app.origin}/t/${t}/shares`);
	const row = planner.getByRole('article').filter({ hasText: project.title }).first();
	await expect(row).toContainText('打开 2 次，2 个读者');
	await row.getByText('打开记录').click();
	await expect(row).toContainText('手机微信');
	await planner.screenshot({ path: 'test-results/shares-list.png', fullPage: true });
	await row.getByRole('button', { name: '收回', exact: true }).click();
	await planner.getByRole('button', { name: '收回链接' }).click();
	await planner.getByRole('radio', { name: '已失效 1' }).check();
	await expect(
		planner.getByRole('article').filter({ hasText: project.title }).first()
	).toContainText('已收回');
	await plain.reload();
	await expect(plain.locator('h1')).toHaveText('共享页面');
	await expect(plain.getByText(project.title)).toHaveCount(0);
	expect((await jar.get(`${address}/photo/${photoId}/small`)).status()).toBe(404);
	await reader.goBack();
	await reader.goto(address);
	await expect(reader.locator('h1')).toHaveText('共享页面');
	await reader.goto(`${app.origin}/sign-in`);
	await reader.goBack();
	await expect(reader.locator('h1')).toHaveText('共享页面');
	await expect(reader.getByText(project.title)).toHaveCount(0);
	const cached = await reader.evaluate(async () => {
		let n = 0;
		for (const name of await caches.keys())
			n += (await (await caches.open(name)).keys()).filter((r) =>
				new URL(r.url).pathname.startsWith('/s/')
			).length;
		return n;
	});
	console.log(
		`C-05: ${answers.length} kinds of answers, ${kept.length} without private, no-store and noindex; ${cached} entries in caches; back after the end: gate`
	);
	expect(kept).toEqual([]);
	expect(cached).toBe(0);
});

test('a preview for a chat says nothing, unless its owner allows the picture (C-09)', async ({
	app,
	person,
	open
}) => {
	const planner = await person('planner');
	const { t, project, photoId } = await projectWithPhoto(planner, app);
	await planner.goto(`${app.origin}/t/${t}/projects/${project.id}`);
	const quiet = (await makeLink(planner)).link;
	const shown = (await makeLink(planner, { card: true })).link;
	const bots = [
		'Mozilla/5.0 (Linux; Android 10) MicroMessenger/8.0 WeChat-Link-Preview',
		'DingTalkBot-LinkService/1.0 (+https://h5.dingtalk.com)',
		'Mozilla/5.0 (compatible; LarkBot/1.0; Feishu)',
		'QQ-URL-Manager',
		'facebookexternalhit/1.1',
		'Twitterbot/1.0',
		'TelegramBot (like TwitterBot)',
		'Slackbot-LinkExpanding 1.0',
		'WhatsApp/2.23',
		'Mozilla/5.0 (compatible; Baiduspider/2.0)',
		'Mozilla/5.0 (compatible; Googlebot/2.1)',
		'Mozilla/5.0 (compatible; bingbot/2.0)'
	];
	const township = await rest(planner, app, `places?select=name&id=eq.${t}`);
	let said = 0;
	const unknown = 'aaaaaaaaaa';
	for (const agent of bots) {
		const bot = (await open()).request;
		const get = async (url: string) =>
			(await bot.get(url, { headers: { 'user-agent': agent } })).text();
		const address = quiet.split('#')[0]!;
		const html = await get(address);
		expect(html).toContain(`<title>${title}</title>`);
		expect(html).toContain(`<meta property="og:title" content="${title}"`);
		for (const word of [
			project.title,
			township.body[0].name,
			'og:image',
			'og:description',
			'<img',
			photoId
		])
			if (html.includes(word)) said++;
		// The same to the letter for a link that never was.
		const same = (text: string, id: string) =>
			text.replaceAll(id, 'ID').replace(/nonce-?[^\s"']*["']?[^\s"'>]*/g, '');
		expect(same(html, address.split('/').pop()!)).toBe(
			same(await get(`${app.origin}/s/${unknown}`), unknown)
		);
		expect((await bot.get(`${address}/card`)).status()).toBe(404);
	}
	const bot = (await open()).request;
	const card = shown.split('#')[0]!;
	const html = await (await bot.get(card)).text();
	expect(html).toContain(`<meta property="og:image" content="${card}/card"`);
	expect(html).not.toContain(project.title);
	const picture = await bot.get(`${card}/card`);
	expect([picture.status(), picture.headers()['content-type']]).toEqual([200, 'image/jpeg']);
	expect((await picture.body()).includes(mark)).toBe(false);
	console.log(
		`C-09: ${bots.length} bots: ${said} words or pictures of the page; the same as for a link that never was; the picture only where allowed`
	);
	expect(said).toBe(0);
});
