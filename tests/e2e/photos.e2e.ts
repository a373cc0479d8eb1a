import { createHash } from 'node:crypto';
import type { APIResponse, Page } from '@playwright/test';
import sharp from 'sharp';
import { newId, newOp } from '../../src/lib/domain/op';
import { expect, sendOps, test, townshipOf, type App } from './app';
import { exif, segment, withSegments } from '../node/photos-bytes';
import { photo } from '../node/photos-pictures';

const secret = 'K7Q2-SECRET';

async function carrying(seed: number): Promise<Buffer> {
	const thumbnail = await sharp(await photo(seed + 1))
		.resize(160)
		.jpeg()
		.toBuffer();
	return withSegments(
		await photo(seed),
		segment(0xe1, exif(6, thumbnail, secret)),
		segment(0xfe, Buffer.from(secret))
	);
}

const put = (page: Page, app: App, at: string, bytes: Buffer, sha?: string): Promise<APIResponse> =>
	page.request.put(app.origin + at, {
		data: bytes,
		headers: {
			origin: app.origin,
			'content-type': 'image/jpeg',
			'x-sha256': sha ?? createHash('sha256').update(bytes).digest('hex')
		}
	});
const cover = (page: Page, app: App, at: string, data: unknown): Promise<APIResponse> =>
	page.request.post(`${app.origin}${at}/redact`, { data, headers: { origin: app.origin } });

test('a photo is kept once, seen as a copy without metadata, and never exchanged', async ({
	app,
	person
}) => {
	const maker = await person('planner');
	const t = townshipOf(maker);
	const id = newId();
	const at = `/t/${t}/photo/${id}`;
	const bytes = await carrying(501);
	const sha256 = createHash('sha256').update(bytes).digest('hex');

	const first = await put(maker, app, at, bytes);
	expect([first.status(), await first.json()]).toEqual([
		200,
		{ id, sha256, width: 600, height: 800 }
	]);
	expect(await (await put(maker, app, at, bytes)).json()).toEqual({
		id,
		sha256,
		width: 600,
		height: 800
	});
	const other = await put(maker, app, at, await carrying(601));
	expect([other.status(), await other.json()]).toMatchObject([
		409,
		{ reason: 'id_reused', sha256 }
	]);
	expect((await put(maker, app, `/t/${t}/photo/${newId()}`, bytes, 'f'.repeat(64))).status()).toBe(
		400
	);
	for (const [body, status, reason] of [
		['not a picture', 415, 'photo_type'],
		['', 422, 'photo_empty'],
		[bytes.subarray(0, 20_000), 422, 'photo_damaged'],
		[Buffer.alloc(25 * 1024 * 1024 + 1), 413, 'too_large']
	] as const) {
		const answer = await put(maker, app, `/t/${t}/photo/${newId()}`, Buffer.from(body));
		expect([answer.status(), (await answer.json()).reason]).toEqual([status, reason]);
	}
	const observer = await person('observer');
	expect((await put(observer, app, `/t/${t}/photo/${newId()}`, bytes)).status()).toBe(403);
	expect((await observer.request.get(`${app.origin}${at}/small`)).status()).toBe(404);

	// Attached by an op: then members see the copies, and nobody but reviewers and its maker the original.
	const target = newId();
	const [made] = await sendOps(maker, t, [
		newOp('task.create', t, target, {
			category: 'TRASH',
			photos: [id],
			geometry: { type: 'Point', coordinates: [110.81, 32.61] }
		})
	]);
	expect(made!.body).toMatchObject({ outcome: 'applied' });
	for (const size of ['small', 'large']) {
		const answer = await observer.request.get(`${app.origin}${at}/${size}`);
		const got = await answer.body();
		expect(answer.headers()).toMatchObject({
			'content-type': 'image/jpeg',
			'x-content-type-options': 'nosniff',
			'content-security-policy': "default-src 'none'; sandbox",
			'cache-control': 'private, max-age=604800, immutable'
		});
		expect(answer.headers()['content-disposition']).toMatch(
			/^inline; filename="[0-9a-f-]+-(small|large)\.jpeg"$/
		);
		for (const word of [secret, 'Exif', 'HUAWEI']) expect(got.includes(word)).toBe(false);
		expect((await sharp(got).metadata()).width).toBeLessThanOrEqual(size === 'small' ? 320 : 1600);
	}
	expect((await observer.request.get(`${app.origin}${at}/original`)).status()).toBe(404);
	const inspector = await person('inspector');
	const original = await inspector.request.get(`${app.origin}${at}/original`);
	expect(
		createHash('sha256')
			.update(await original.body())
			.digest('hex')
	).toBe(sha256);

	// E-08: however it is asked for, it is a picture or nothing.
	for (const path of [
		`${at}/huge`,
		`${at}/small%2f..`,
		`${at}/..%2f..%2fsecrets.json`,
		`/t/${t}/photo/%E5%9B%BE/small`,
		`/t/${t}/photo/${newId()}/small`
	]) {
		const answer = await inspector.request.get(app.origin + path);
		expect(answer.status(), path).toBe(404);
	}
	const ranged = await inspector.request.get(`${app.origin}${at}/small`, {
		headers: { accept: 'text/html', range: 'bytes=0-9' }
	});
	expect(ranged.headers()['content-type']).toBe('image/jpeg');

	// Covered: the copy takes its place for members; the original stays for reviewers.
	const copy = newId();
	const boxes = [{ x: 0.1, y: 0.1, width: 0.3, height: 0.2 }];
	expect((await cover(observer, app, at, { id: newId(), boxes })).status()).toBe(404);
	expect((await cover(maker, app, at, { id: newId(), boxes: [] })).status()).toBe(400);
	expect((await cover(maker, app, at, { id: copy, boxes })).status()).toBe(200);
	expect((await cover(maker, app, at, { id: copy, boxes })).status()).toBe(200);
	const seen = await observer.request.get(`${app.origin}${at}/large`);
	expect(seen.headers()['content-disposition']).toContain(copy);
	expect(seen.headers()['cache-control']).toBe('private, no-cache');
	expect((await observer.request.get(`${app.origin}/t/${t}/photo/${copy}/original`)).status()).toBe(
		404
	);
	const still = await inspector.request.get(`${app.origin}${at}/original`);
	expect(
		createHash('sha256')
			.update(await still.body())
			.digest('hex')
	).toBe(sha256);
});
