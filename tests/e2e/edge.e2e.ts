/** The edge (security.md F-01 to F-06, K-07): what a browser, a proxy or a raw socket may send, and what the program says. */
import type { Page } from '@playwright/test';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { request as send, type IncomingHttpHeaders } from 'node:http';
import { connect, createServer, type AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { newId, newOp, type Op } from '../../src/lib/domain/op';
import { expect, rest, sendOps, startApp, test, townshipOf, type App } from './app';
import { addressOf, routes } from './routes';

type Answer = { status: number; headers: IncomingHttpHeaders; body: string };

/** A request as written, with any headers, past everything a browser would add. */
function raw(
	app: App,
	method: string,
	at: string,
	headers: Record<string, string | string[]> = {},
	body = ''
): Promise<Answer> {
	return new Promise((resolve, reject) => {
		const { port } = new URL(app.origin);
		const request = send(
			{
				host: '127.0.0.1',
				port,
				method,
				path: at,
				headers: {
					Host: `localhost:${port}`,
					Accept: 'application/json',
					'Content-Length': Buffer.byteLength(body),
					...headers
				}
			},
			(answer) => {
				const parts: Buffer[] = [];
				answer.on('data', (part) => parts.push(part));
				answer.on('end', () =>
					resolve({
						status: answer.statusCode!,
						headers: answer.headers,
						body: Buffer.concat(parts).toString()
					})
				);
			}
		);
		request.on('error', reject);
		request.end(body);
	});
}

const cookiesOf = async (page: Page) =>
	(await page.context().cookies()).map((c) => `${c.name}=${c.value}`).join('; ');

const all = routes();

test('F-02: no other site makes a signed-in browser change anything', async ({ app, person }) => {
	test.setTimeout(180_000);
	const page = await person('admin');
	const cookie = await cookiesOf(page);
	const auditor = await person('auditor');
	const township = townshipOf(auditor);
	const rows = async () => {
		const [e, r] = await Promise.all(
			['events', 'refusals'].map((t) =>
				rest(auditor, app, `${t}?select=seq&township_id=eq.${township}&order=seq.desc&limit=1`)
			)
		);
		return JSON.stringify([e!.body, r!.body]);
	};
	const before = await rows();
	const { port } = new URL(app.origin);
	const origins: Record<string, string>[] = [
		{},
		{ Origin: 'null' },
		{ Origin: 'https://evil.example' },
		{ Origin: `http://sub.localhost:${port}` },
		{ Origin: `http://localhost:${Number(port) + 1}` },
		{ Origin: `https://localhost:${port}` },
		{ Origin: app.origin, 'Sec-Fetch-Site': 'cross-site' },
		{ Origin: app.origin, 'Sec-Fetch-Site': 'same-site' }
	];
	const types: [Record<string, string>, string][] = [
		[{ 'Content-Type': 'application/x-www-form-urlencoded' }, 'id=x&name=x'],
		[{ 'Content-Type': 'APPLICATION/X-WWW-FORM-URLENCODED' }, 'id=x&name=x'],
		[
			{ 'Content-Type': 'multipart/form-data; boundary=b' },
			'--b\r\nContent-Disposition: form-data; name="id"\r\n\r\nx\r\n--b--\r\n'
		],
		[{ 'Content-Type': 'text/plain' }, '{"purpose":"call"}'],
		[{ 'Content-Type': 'application/json' }, '{}'],
		[{}, '{}']
	];
	const open: string[] = [];
	let tried = 0;
	const writes = all.flatMap((r) => r.writes.map((w) => ({ at: addressOf(r.id, township), w })));
	expect(writes.length).toBeGreaterThan(25);
	for (const { at, w } of writes) {
		const [method = '', query = ''] = w.split(' ');
		await Promise.all(
			origins.flatMap((origin) =>
				types.map(async ([type, body]) => {
					tried++;
					const answer = await raw(
						app,
						method,
						at + query,
						{ ...origin, ...type, Cookie: cookie },
						body
					);
					if (answer.status !== 403)
						open.push(
							`${method} ${at}${query} ${JSON.stringify({ ...origin, ...type })}: ${answer.status}`
						);
				})
			)
		);
		// The same as a GET changes nothing either.
		tried++;
		await raw(app, 'GET', at + query, { Cookie: cookie, Origin: 'https://evil.example' });
	}
	expect(open).toEqual([]);
	expect(await rows()).toBe(before);
	// With the control passed the very same request does something: done or refused, it leaves its row.
	const own = await raw(
		app,
		'POST',
		`/t/${township}/op`,
		{ Origin: app.origin, Cookie: cookie, 'Content-Type': 'application/json' },
		JSON.stringify(newOp('task.create', township, newId(), { category: 'OTHER' }))
	);
	expect(JSON.parse(own.body)).toMatchObject({
		outcome: expect.stringMatching(/^(applied|refused)$/)
	});
	expect(await rows()).not.toBe(before);
	console.log(
		`F-02: ${writes.length} state-changing routes, ${tried} requests of other sites, 0 effects`
	);
});

const wanted: [string, RegExp][] = [
	['content-security-policy', /default-src '(self|none)'.*/],
	['x-content-type-options', /^nosniff$/],
	// Pages read through a link tell nobody where they are.
	['referrer-policy', /^(strict|same)-origin$/],
	['cross-origin-opener-policy', /^same-origin$/],
	['permissions-policy', /camera=\(self\)/],
	// The preview of a shared page stands in a frame of our own.
	['x-frame-options', /^(DENY|SAMEORIGIN)$/]
];
/** What is missing from an answer. */
function lacks({ headers, body }: Answer, https = false): string[] {
	const csp = String(headers['content-security-policy'] ?? '');
	const nonce = /'nonce-([^']+)'/.exec(csp)?.[1];
	return [
		...wanted
			.filter(([name, form]) => !form.test(String(headers[name] ?? '')))
			.map(([name]) => name),
		...(/frame-ancestors '(none|self)'|sandbox/.test(csp) ? [] : ['frame-ancestors']),
		...(/script-src[^;]*'unsafe-(inline|eval)'/.test(csp) ? ['unsafe script-src'] : []),
		...(https && !/max-age=\d{8}/.test(String(headers['strict-transport-security'] ?? ''))
			? ['hsts']
			: []),
		// A script that speaks of scripts is no page.
		...(/^text\/html/.test(String(headers['content-type']))
			? [...body.matchAll(/<script\b([^>]*)>/g)]
			: []
		)
			.filter(
				([, attributes]) =>
					!/\bsrc=/.test(attributes!) && (!nonce || !attributes!.includes(`nonce="${nonce}"`))
			)
			.map(() => 'inline script without nonce')
	];
}

test('F-03: headers on every answer, and a working day without one violation', async ({
	app,
	person
}) => {
	test.setTimeout(240_000);
	const page = await person('planner');
	const township = townshipOf(page);
	const cookie = await cookiesOf(page);
	const built = (await readdir('build/client', { recursive: true }))
		.filter((f) => /\.(js|css|woff2?|png|svg|json|wasm|webmanifest)$/.test(f))
		.map((f) => `/${f.split(path.sep).join('/')}`);
	const addresses = [
		...all.filter((r) => r.gets).map((r) => addressOf(r.id, township)),
		...built.filter((_, i) => i % Math.ceil(built.length / 40) === 0),
		'/nothing-here',
		'/rest/v1/tasks',
		'/auth/v1/user',
		'/_system/config',
		'/%zz'
	];
	const wrong: string[] = [];
	for (const at of addresses)
		for (const who of [{ Cookie: cookie }, {}] as Record<string, string>[]) {
			const answer = await raw(app, 'GET', at, { ...who, Accept: 'text/html,*/*' });
			const missing = lacks(answer);
			// What a proxy takes as the head of an answer by default.
			if (JSON.stringify(answer.headers).length > 7500) missing.push('a short head');
			if (missing.length) wrong.push(`${at} ${answer.status}: ${missing.join(', ')}`);
		}
	expect(wrong).toEqual([]);

	const reports: string[] = [];
	await page.context().exposeFunction('__violated', (what: string) => void reports.push(what));
	await page
		.context()
		.addInitScript(() =>
			document.addEventListener('securitypolicyviolation', (e) =>
				(window as never as { __violated: (what: string) => void }).__violated(
					`${location.pathname} ${e.effectiveDirective} ${e.blockedURI} ${e.sample}`
				)
			)
		);
	page.on('console', (message) => {
		if (/content security policy/i.test(message.text())) reports.push(message.text());
	});
	const home = `/t/${township}`;
	const day = [
		'',
		'?kind=project',
		'?kind=plan',
		'/stuck',
		'/tasks',
		'/tasks?view=board',
		'/tasks/types',
		'/tasks/qr',
		'/rounds',
		'/projects',
		'/plans',
		'/layers',
		'/sites',
		'/schemes',
		'/standards',
		'/calendar',
		'/meetings',
		'/people',
		'/import',
		'/field',
		'/rounds/new'
	];
	for (const at of day) {
		await page.goto(app.origin + home + at);
		await page.waitForTimeout(100);
	}
	const plans = await rest(page, app, `plans?select=id&limit=1`);
	for (const tab of ['overview', 'record', 'money', 'land', 'check'])
		await page.goto(`${app.origin}${home}/plans/${plans.body[0].id}?tab=${tab}`);
	expect(reports).toEqual([]);
	// It does report: a script that is not ours.
	await page.evaluate(() => {
		const script = document.createElement('script');
		script.textContent = '1';
		document.head.append(script);
	});
	await expect.poll(() => reports.length).toBeGreaterThan(0);
	console.log(
		`F-03: ${addresses.length} addresses signed in and out, 0 without a header; ${day.length + 5} pages of a day, 0 violations`
	);
});

test('F-04, F-05: cookies over https; proxy headers count only as deep as they are configured', async () => {
	test.setTimeout(240_000);
	const dirs = await Promise.all([0, 1, 2].map(() => mkdtemp(path.join(os.tmpdir(), 'xt-edge-'))));
	const apps: App[] = [];
	try {
		for (const depth of [0, 1, 2])
			apps.push(
				await startApp({
					dataDir: dirs[depth]!,
					demo: false,
					env: {
						ORIGIN: 'https://xiangtu.example',
						...(depth && { ADDRESS_HEADER: 'x-forwarded-for', XFF_DEPTH: String(depth) })
					}
				})
			);
		const post = (
			app: App,
			at: string,
			form: Record<string, string>,
			headers: Record<string, string> = {}
		) =>
			raw(
				app,
				'POST',
				at,
				{
					Origin: 'https://xiangtu.example',
					'Content-Type': 'application/x-www-form-urlencoded',
					...headers
				},
				new URLSearchParams(form).toString()
			);
		// F-05: 20 wrong links from one network, then wait. Whatever the client writes itself counts for nothing.
		const figures: string[] = [];
		for (const [depth, app] of apps.entries()) {
			const spoof = (i: number) => `${20 + i}.7.${i}.9`;
			const chain = (i: number, real: string) =>
				depth === 0
					? spoof(i)
					: depth === 1
						? `${spoof(i)}, ${real}`
						: `${spoof(i)}, ${real}, 10.0.0.2`;
			const guess = (i: number, real: string) =>
				post(
					app,
					'/invitation?/peek',
					{ secret: `guess ${i}` },
					{
						'X-Forwarded-For': chain(i, real),
						'X-Real-IP': spoof(i),
						Forwarded: `for=${spoof(i)};host=evil.example`,
						'X-Forwarded-Host': 'evil.example',
						'X-Forwarded-Proto': 'http'
					}
				);
			const statuses: string[] = [];
			for (let i = 0; i < 24; i++)
				statuses.push(/"status":(\d+)/.exec((await guess(i, '198.51.100.7')).body)?.[1] ?? '?');
			expect(statuses.slice(0, 20), `depth ${depth}`).toEqual(Array(20).fill('404'));
			expect(statuses.slice(20), `depth ${depth}`).toEqual(Array(4).fill('429'));
			// Another network behind the same proxies is another matter; without proxies there is one.
			const other = /"status":(\d+)/.exec((await guess(99, '203.0.113.7')).body)?.[1];
			expect(other).toBe(depth === 0 ? '429' : '404');
			figures.push(`depth ${depth}: 20 of 24 tried`);
			// Past the proxies: no header, or fewer addresses than there are proxies. Answered, and counted.
			if (depth)
				expect((await post(app, '/invitation?/peek', { secret: 'x' })).body).toContain(
					'"status":404'
				);
			const evil = await raw(app, 'GET', '/sign-in', {
				Host: 'evil.example',
				'X-Forwarded-Host': 'evil.example',
				Accept: 'text/html'
			});
			expect(JSON.stringify(evil)).not.toContain('evil.example');
			expect(
				(
					await raw(app, 'POST', '/sign-out', {
						Host: 'evil.example',
						Origin: 'https://evil.example'
					})
				).status
			).toBe(403);
		}
		// F-04
		const [app] = apps;
		const password = /\n\s+([a-z0-9]{5}-[a-z0-9]{4,5}-[a-z0-9]{4,5})/.exec(app!.output())![1]!;
		const entered = await post(
			app!,
			'/sign-in',
			{ login: 'admin', password },
			{ Accept: 'text/html' }
		);
		expect(entered.status).toBe(303);
		const set = entered.headers['set-cookie'] ?? [];
		expect(set.length).toBeGreaterThan(0);
		for (const cookie of set) {
			expect(cookie).toMatch(/^__Host-/);
			expect(cookie).toMatch(/; Path=\/(;|$)/i);
			for (const word of ['Secure', 'HttpOnly', 'SameSite=Lax'])
				expect(cookie.toLowerCase()).toContain(word.toLowerCase());
			expect(cookie).not.toMatch(/domain=/i);
		}
		expect(lacks(await raw(app!, 'GET', '/sign-in', { Accept: 'text/html' }), true)).toEqual([]);
		expect(lacks(await raw(app!, 'GET', '/favicon.svg'), true)).toEqual([]);
		const out = await post(
			app!,
			'/sign-out',
			{},
			{ Cookie: set.map((c) => c.split(';')[0]).join('; ') }
		);
		for (const cookie of out.headers['set-cookie'] ?? [])
			expect(cookie).toMatch(/^__Host-.*Secure/i);
		console.log(
			`F-04: ${set.length} cookies, all __Host-, Secure, HttpOnly, SameSite; F-05: ${figures.join(', ')}`
		);
	} finally {
		await Promise.all(apps.map((app) => app.kill()));
		await Promise.all(dirs.map((dir) => rm(dir, { recursive: true, force: true })));
	}
});

/** Bytes on a bare socket; everything that came back until the end or a second of silence. */
function bytes(app: App, text: string): Promise<string> {
	return new Promise((resolve) => {
		const { port } = new URL(app.origin);
		const socket = connect(Number(port), '127.0.0.1');
		let got = '';
		let timer = setTimeout(() => socket.destroy(), 2500);
		socket.on('data', (part) => {
			got += part;
			clearTimeout(timer);
			timer = setTimeout(() => socket.destroy(), 400);
		});
		socket.on('error', () => undefined);
		socket.on('close', () => (clearTimeout(timer), resolve(got)));
		socket.write(text);
	});
}

test('F-06: smuggled and odd requests are refused, and the program lives', async ({
	app,
	person
}) => {
	test.setTimeout(120_000);
	const { host } = new URL(app.origin);
	const inner = `GET /live/token HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
	const head = (line: string, ...headers: string[]) =>
		`${line}\r\nHost: ${host}\r\n${headers.map((h) => `${h}\r\n`).join('')}\r\n`;
	const attacks: [string, string][] = [
		[
			'CL and TE',
			head(
				'POST /sign-in HTTP/1.1',
				`Content-Length: ${inner.length}`,
				'Transfer-Encoding: chunked'
			) + `0\r\n\r\n${inner}`
		],
		[
			'TE and CL',
			head('POST /sign-in HTTP/1.1', 'Transfer-Encoding: chunked', 'Content-Length: 4') +
				`5c\r\n${inner}\r\n0\r\n\r\n`
		],
		[
			'two CL',
			head('POST /sign-in HTTP/1.1', 'Content-Length: 0', `Content-Length: ${inner.length}`) + inner
		],
		['CL list', head('POST /sign-in HTTP/1.1', `Content-Length: 0, ${inner.length}`) + inner],
		['CL +0', head('POST /sign-in HTTP/1.1', 'Content-Length: +0') + inner],
		['CL -1', head('POST /sign-in HTTP/1.1', 'Content-Length: -1') + inner],
		['TE xchunked', head('POST /sign-in HTTP/1.1', 'Transfer-Encoding: xchunked') + inner],
		[
			'TE twice',
			head('POST /sign-in HTTP/1.1', 'Transfer-Encoding: chunked', 'Transfer-Encoding: identity') +
				`0\r\n\r\n${inner}`
		],
		[
			'TE space',
			head('POST /sign-in HTTP/1.1', 'Transfer-Encoding : chunked') + `0\r\n\r\n${inner}`
		],
		['bare LF', `GET /sign-in HTTP/1.1\nHost: ${host}\n\n${inner.replaceAll('\r', '')}`],
		[
			'bare CR',
			`GET /sign-in HTTP/1.1\r\nHost: ${host}\r\nX: a\rTransfer-Encoding: chunked\r\n\r\n`
		],
		[
			'folded',
			`GET /sign-in HTTP/1.1\r\nHost: ${host}\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n`
		],
		['bad chunk', head('POST /sign-in HTTP/1.1', 'Transfer-Encoding: chunked') + `zz\r\n${inner}`],
		['NUL in header', head('GET /sign-in HTTP/1.1', 'X: a\0b')],
		['no host', 'GET /sign-in HTTP/1.1\r\n\r\n'],
		['HTTP/0.9', 'GET /sign-in\r\n\r\n'],
		['HTTP/9.9', head('GET /sign-in HTTP/9.9')],
		['TRACE', head('TRACE /sign-in HTTP/1.1', 'X-Secret: mirror')],
		['TRACK', head('TRACK /sign-in HTTP/1.1', 'X-Secret: mirror')],
		['CONNECT', `CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: 127.0.0.1:22\r\n\r\n`],
		['PROPFIND', head('PROPFIND / HTTP/1.1')],
		['no such method', head('GETT / HTTP/1.1')],
		['1 MB header', head('GET /sign-in HTTP/1.1', `X: ${'a'.repeat(1_048_576)}`)],
		['1 MB address', head(`GET /${'a'.repeat(1_048_576)} HTTP/1.1`)],
		[
			'5,000 headers',
			head('GET /sign-in HTTP/1.1', ...Array.from({ length: 5000 }, (_, i) => `X-${i}: ${i}`))
		],
		['not HTTP', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03']
	];
	const wrong: string[] = [];
	for (const [name, text] of attacks) {
		const answer = await bytes(app, text);
		const statuses = [...answer.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map((m) => Number(m[1]));
		if (statuses.length > 1 || statuses.some((s) => s < 400 || s >= 500) || /mirror/.test(answer))
			wrong.push(`${name}: ${statuses.join(' ')} ${answer.slice(0, 60)}`);
	}
	expect(wrong).toEqual([]);
	const alive = await raw(app, 'GET', '/sign-in', { Accept: 'text/html' });
	expect(alive.status).toBe(200);
	await person('planner');
	console.log(`F-06: ${attacks.length} of ${attacks.length} refused, the process answers`);
});

test('F-01: no address that somebody types is ever asked', async ({ app, person }) => {
	test.setTimeout(180_000);
	let asked = 0;
	const listeners = await Promise.all(
		['127.0.0.1', '::1'].map(
			(host) =>
				new Promise<{ port: number; close: () => void }>((resolve) => {
					const server = createServer((socket) => {
						asked++;
						socket.destroy();
					});
					server.on('error', () => resolve({ port: 9, close: () => undefined }));
					server.listen(0, host, () =>
						resolve({
							port: (server.address() as AddressInfo).port,
							close: () => void server.close()
						})
					);
				})
		)
	);
	const hosts = (port: number) =>
		[
			...[
				'127.0.0.1',
				'localhost',
				'127.1',
				'127.0.1',
				'2130706433',
				'0x7f000001',
				'0x7f.0.0.1',
				'0177.0.0.1',
				'017700000001',
				'0.0.0.0',
				'0',
				'127.0.0.1.',
				'LOCALHOST',
				'localhost.localdomain'
			],
			...[
				'[::1]',
				'[::]',
				'[::ffff:127.0.0.1]',
				'[::ffff:7f00:1]',
				'[0:0:0:0:0:0:0:1]',
				'[64:ff9b::7f00:1]'
			],
			...[
				'169.254.169.254',
				'100.100.100.200',
				'10.0.0.1',
				'172.16.0.1',
				'192.168.0.1',
				'metadata.google.internal'
			],
			...[
				'127.0.0.1.nip.io',
				'localtest.me',
				'user:pass@127.0.0.1',
				'evil.example@127.0.0.1',
				'127.0.0.1#@evil.example',
				'①②⑦.⓪.⓪.①'
			]
		].map((host) => `${host}:${port}`);
	const urls = [
		...listeners.flatMap(({ port }) =>
			hosts(port).flatMap((h) => [`http://${h}/x`, `https://${h}/x`])
		),
		...[
			'file:///etc/passwd',
			'gopher://127.0.0.1:6379/_INFO',
			'ftp://127.0.0.1/x',
			'dict://127.0.0.1:11211/stat',
			'jar:http://127.0.0.1!/x',
			'//127.0.0.1/x',
			'data:text/html,x',
			'javascript:fetch("http://127.0.0.1")'
		]
	].slice(0, 130);
	expect(urls.length).toBeGreaterThanOrEqual(120);
	const page = await person('planner');
	const township = townshipOf(page);
	const at = { type: 'Point' as const, coordinates: [110.81, 32.61] as [number, number] };
	const plans = (await rest(page, app, `plans?select=id,version&archived_at=is.null&limit=1`))
		.body as { id: string }[];
	let fields = 0;
	const ops = urls.flatMap((url) => {
		const text = url.slice(0, 80);
		const made = [
			newOp('task.create', township, newId(), {
				category: 'OTHER',
				title: text,
				note: url,
				place_text: text,
				geometry: at
			}),
			newOp('topic.propose', township, newId(), { title: url, note: url, unit: text }),
			newOp('plan.edit', township, plans[0]!.id, { party: text, content: url, unit: text }),
			newOp('plan.contact', township, plans[0]!.id, { name: text.slice(0, 40), note: url })
		] as Op[];
		fields += 11;
		return made;
	});
	const outcomes = await sendOps(page, township, ops);
	expect(outcomes.filter((a) => a.body.outcome === 'applied').length).toBeGreaterThan(
		urls.length * 2
	);
	const kml = `<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>${urls
		.map((u) => u.replace(/[<>&"]/g, ''))
		.map(
			(u) =>
				`<NetworkLink><Link><href>${u}</href></Link></NetworkLink><Style id="s"><IconStyle><Icon><href>${u}</href></Icon></IconStyle></Style><GroundOverlay><Icon><href>${u}</href></Icon></GroundOverlay><Placemark><styleUrl>${u}</styleUrl><name>${u}</name><description><![CDATA[<img src="${u}"><a href="${u}">x</a>]]></description><Point><coordinates>110.81,32.61</coordinates></Point></Placemark>`
		)
		.join('')}</Document></kml>`;
	const xxe = `<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY x SYSTEM "${urls[0]}">]><kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><name>&x;</name></Placemark></Document></kml>`;
	const geojson = JSON.stringify({
		type: 'FeatureCollection',
		crs: { type: 'link', properties: { href: urls[0], type: 'proj4' } },
		features: urls.map((u) => ({
			type: 'Feature',
			properties: { 名称: u, url: u, image: u, $ref: u },
			geometry: at
		}))
	});
	const csv = `村,问题,经度,纬度\n${urls.map((u) => `白马村,"${u.replaceAll('"', '')}",110.81,32.61`).join('\n')}`;
	const read = await page.evaluate(
		async ({ township, files }) => {
			const statuses: number[] = [];
			for (const [name, text] of files) {
				const form = new FormData();
				form.append('file', new File([text], name));
				statuses.push(
					(await fetch(`/t/${township}/import/read`, { method: 'POST', body: form })).status
				);
			}
			return statuses;
		},
		{
			township,
			files: [
				['a.kml', kml],
				['x.kml', xxe],
				['a.geojson', geojson],
				['a.csv', csv]
			] as [string, string][]
		}
	);
	expect(read.every((s) => s < 500)).toBe(true);
	for (const to of [
		'',
		'/tasks',
		'/meetings?tab=topics',
		`/plans/${plans[0]!.id}?tab=record`,
		'/sign-in'
	]) {
		await page.goto(
			to === '/sign-in'
				? `${app.origin}/sign-in?to=${encodeURIComponent(urls[0]!)}`
				: `${app.origin}/t/${township}${to}`
		);
		await page.waitForTimeout(150);
	}
	expect(new URL(page.url()).host).toBe(new URL(app.origin).host);
	for (const url of urls.slice(0, 60))
		await raw(app, 'GET', `/sign-in?to=${encodeURIComponent(url)}`, {
			Host: url.replace(/^\w+:\/\//, '').split('/')[0]!,
			'X-Forwarded-Host': 'localhost:9',
			Referer: url
		});
	// The code that runs on the server asks nothing but its own process.
	const source: string[] = [];
	for (const folder of ['src/lib/server', 'src/lib/data', 'src/lib/geo', 'src/routes'])
		for (const file of await readdir(folder, { recursive: true }))
			if (/(?<!\.test)\.(ts|js)$/.test(file) && !/\+page\.ts$/.test(file)) {
				const text = await readFile(path.join(folder, file), 'utf8');
				if (
					/(?<![.\w])fetch\(|import (?!type).*from 'node:https?'|from '(undici|nodemailer)'|WebSocket\(/.test(
						text
					)
				)
					source.push(path.join(folder, file));
			}
	// Letters go to the mail server of the configuration alone.
	expect(source.sort()).toEqual(['src/lib/server/mail.ts', 'src/lib/server/witness.ts']);
	listeners.forEach((l) => l.close());
	console.log(
		`F-01: ${urls.length} addresses in ${fields} fields and ${read.length} files: ${asked} connections`
	);
	expect(asked).toBe(0);
});

test('K-07: nothing that opens or calls anybody is printed, one line an event', async ({
	app,
	open,
	person
}) => {
	test.setTimeout(120_000);
	const from = app.output().length;
	const secrets = JSON.parse(
		await readFile(path.join(app.dataDir, 'secrets.json'), 'utf8')
	) as Record<string, string>;
	const phone = '13855557777';
	const idNumber = '420321199001011234';
	const password = 'Geheim-Passwort-77x';
	const linkSecret = 'Qz7' + 'aB3'.repeat(13) + 'x';
	const page = await person('planner');
	const township = townshipOf(page);
	const tokens = (await page.context().cookies()).map((c) => c.value);
	const { token } = (await page.evaluate(async () => (await fetch('/live/token')).json())) as {
		token: string;
	};
	const stranger = await (await open()).newPage();
	await stranger.goto(`${app.origin}/sign-in`);
	const post = (at: string, form: Record<string, string>) =>
		raw(
			app,
			'POST',
			at,
			{ Origin: app.origin, 'Content-Type': 'application/x-www-form-urlencoded' },
			new URLSearchParams(form).toString()
		);
	await post('/sign-in', { login: phone, password });
	await post('/sign-in', { login: password, password: phone });
	await post('/invitation?/accept', { secret: linkSecret, login: `x\r\ny${phone}`, password });
	const cookie = await cookiesOf(page);
	await sendOps(page, township, [
		newOp('task.create', township, newId(), {
			category: 'OTHER',
			title: `a\r\nERROR fake line ${phone}`,
			note: `${idNumber}\u2028${token}`
		}),
		{ op_id: 'x', kind: `x\r\n${phone}`, payload: { password } },
		newOp('plan.contact', township, newId(), { name: '张示例', phone })
	]);
	for (const at of [
		phone,
		`%0d%0a${phone}`,
		linkSecret,
		token,
		`..%2f${idNumber}`,
		`photo/${phone}`,
		`document/${linkSecret}`,
		`plans/${phone}`,
		`tiles/${phone}/1/1`
	]) {
		await raw(app, 'GET', `/t/${township}/${at}`, { Cookie: cookie });
		await raw(
			app,
			'PUT',
			`/t/${township}/photo/${at.replace(/.*\//, '')}`,
			{ Cookie: cookie, Origin: app.origin },
			phone
		);
		await raw(app, 'GET', `/rest/v1/tasks?title=eq.${at}&nothing=eq.${phone}`, {
			apikey: secrets.publishableKey!,
			Authorization: `Bearer ${token}`
		});
		await raw(
			app,
			'POST',
			`/rest/v1/rpc/plan_contact?p_township=${at}`,
			{ apikey: secrets.secretKey!, Authorization: `Bearer ${token}x` },
			JSON.stringify({ phone })
		);
	}
	// A fault in the middle of the program: a name that is no name of a file.
	await raw(
		app,
		'POST',
		`/t/${township}/import/read`,
		{ Cookie: cookie, Origin: app.origin, 'Content-Type': 'multipart/form-data; boundary=b' },
		`--b\r\nContent-Disposition: form-data; name="file"; filename="${phone}"\r\n\r\n${idNumber}`
	);
	await page.waitForTimeout(300);
	const printed = app.output().slice(from);
	const searched: [string, string][] = [
		['phone', phone],
		['id number', idNumber],
		['password', password],
		['link secret', linkSecret],
		['token', token],
		...tokens.filter((t) => t.length > 20).map((t): [string, string] => ['cookie', t]),
		...Object.entries(secrets)
	];
	const found = searched.filter(([, text]) => printed.includes(text)).map(([what]) => what);
	const lines = printed.split('\n').filter(Boolean);
	const torn = lines.filter((line) => {
		try {
			return typeof JSON.parse(line) !== 'object';
		} catch {
			return true;
		}
	});
	console.log(
		`K-07: ${lines.length} lines printed, ${searched.length} secrets looked for, ${found.length} found, ${torn.length} lines that are no single event`
	);
	expect(found).toEqual([]);
	expect(torn).toEqual([]);
});
