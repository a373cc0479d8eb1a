import { readFileSync, readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { rowsOf } from './draft';
import { readFiles } from './read';

/** A small generator, so that a seed brings back a failure. */
function random(seed: number): () => number {
	let s = seed >>> 0;
	return () => {
		s = (s + 0x6d2b79f5) >>> 0;
		let t = Math.imul(s ^ (s >>> 15), 1 | s);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
	};
}

const seeds = [
	'township',
	'import/kml',
	'import/gpx',
	'import/shp',
	'import/boundary-txt',
	'import'
]
	.flatMap((f) =>
		readdirSync(`tests/fixtures/${f}`, { withFileTypes: true })
			.filter((e) => e.isFile())
			.map((e) => `tests/fixtures/${f}/${e.name}`)
	)
	.filter((f) => !/expected\.json|LICENSE/.test(f))
	.map((f) => ({ name: f.replace(/^.*\//, ''), bytes: new Uint8Array(readFileSync(f)) }));

// E-02 in small; the long run is `FUZZ=5000 vitest run src/lib/geo/fuzz.test.ts`.
it(
	'gives rows or problems for damaged files, and never throws or hangs',
	{ timeout: 600_000 },
	async () => {
		const seed = Number(process.env['SEED'] ?? Date.now() % 1e9);
		console.log(`SEED=${seed}`);
		const next = random(seed);
		const below = (n: number) => Math.floor(next() * n);
		for (let i = 0; i < Number(process.env['FUZZ'] ?? 300); i++) {
			const from = seeds[below(seeds.length)]!;
			let bytes = Uint8Array.from(from.bytes);
			const how = below(5);
			if (how === 0) bytes = bytes.subarray(0, below(bytes.length));
			else if (how === 1)
				for (let k = below(8); k >= 0; k--) bytes[below(bytes.length)] = below(256);
			else if (how === 2)
				for (let k = Math.ceil(bytes.length * next() * 0.05); k > 0; k--)
					bytes[below(bytes.length)]! ^= 1 << below(8);
			else if (how === 3)
				bytes = Uint8Array.from(
					Buffer.concat([
						bytes.subarray(0, below(bytes.length)),
						bytes.subarray(below(bytes.length))
					])
				);
			else
				bytes = new Uint8Array(
					Buffer.from(new TextDecoder('gb18030').decode(bytes), next() < 0.5 ? 'utf8' : 'utf16le')
				);
			const name = next() < 0.8 ? from.name : seeds[below(seeds.length)]!.name;
			const begin = performance.now();
			const what = `SEED=${seed} i=${i} ${from.name} as ${name} how=${how}`;
			const d = await readFiles([{ name, bytes }]).catch((error) =>
				expect.fail(`${what}: ${error.stack}`)
			);
			expect(performance.now() - begin, what).toBeLessThan(5000);
			expect(rowsOf(d).length + d.problems.length, what).toBeGreaterThan(0);
			expect(
				d.problems.filter((p) => p.code === 'file_not_read').map((p) => p.values),
				what
			).toEqual([]);
			JSON.stringify(d);
		}
	}
);
