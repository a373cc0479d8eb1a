import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readInProcess } from './read';

// Not in build/: another run may be writing there.
const folder = mkdtempSync(path.join(tmpdir(), 'reader-'));
const script = path.join(folder, 'reader.mjs');
const at = (name: string, code: string) => {
	const file = path.join(folder, name);
	writeFileSync(file, code);
	return file;
};

describe('reading in a process of its own', () => {
	beforeAll(() =>
		build({
			configFile: false,
			logLevel: 'warn',
			resolve: { alias: { $lib: path.resolve('src/lib') } },
			ssr: { noExternal: true },
			build: {
				ssr: true,
				target: 'node20',
				outDir: folder,
				emptyOutDir: false,
				rollupOptions: {
					input: { reader: 'src/lib/server/reader/reader.worker.ts' },
					output: { entryFileNames: '[name].mjs' }
				}
			}
		})
	);
	afterAll(() => rmSync(folder, { recursive: true, force: true }));

	it('gives the same draft as reading here', async () => {
		const names = ['ledger.xlsx', 'villages_gbk.zip', 'outline.geojson', 'hazards.kml'];
		const files = names.map((name) => ({
			name,
			bytes: new Uint8Array(readFileSync(`tests/fixtures/township/${name}`))
		}));
		const draft = await readInProcess(files, {}, { script });
		expect(draft.layers.map((l) => [l.kind, l.count])).toEqual([
			['tasks', 540],
			['villages', 16],
			['outline', 1],
			['hazards', 18]
		]);
		expect(Object.getPrototypeOf(draft.layers[0]!.rows[0]!.values)).toBeNull();
	});

	it('reads five at once, two at a time', async () => {
		const files = [
			{ name: 'a.json', bytes: new TextEncoder().encode('{"type":"Point","coordinates":[110,32]}') }
		];
		const drafts = await Promise.all(
			Array.from({ length: 5 }, () => readInProcess(files, {}, { script }))
		);
		expect(drafts.map((d) => d.layers[0]!.count)).toEqual([1, 1, 1, 1, 1]);
	});

	it.each([
		['for (;;);', 'reader_timeout'],
		['setInterval(() => {}, 1000)', 'reader_timeout'],
		['process.exit(3)', 'reader_crashed'],
		['const all = []; for (;;) all.push(new Array(1e6).fill(Math.random()))', 'reader_crashed']
	])('says what happened: %s', async (code, problem) => {
		const bad = at(`bad${code.length}.mjs`, `process.once('message', () => { ${code} })`);
		const draft = await readInProcess([], {}, { script: bad, timeoutMs: 4000, memoryMb: 64 });
		expect(draft.problems.map((p) => p.code)).toEqual([problem]);
	});

	it('refuses more than the limit before copying it', async () => {
		const draft = await readInProcess(
			[{ name: 'a', bytes: new Uint8Array(51 * 1024 * 1024) }],
			{},
			{ script }
		);
		expect(draft.problems[0]!.code).toBe('file_too_large');
	});
});
