/**
 * The cheapest way to a grade over 60 items beside the same over 20, in one process: how it grows matters,
 * not how fast the machine is. `BENCH=cheapest npm run bench`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** Numbers that are the same in every run. @param {number} seed */
function numbers(seed) {
	let at = seed;
	return (/** @type {number} */ below) => {
		at = (Math.imul(at, 1_103_515_245) + 12_345) >>> 0;
		return (at >>> 8) % below;
	};
}

/**
 * A standard of so many items in six sections whose caps bite, three options each, one veto to close.
 * @param {number} items
 * @param {number} step hundredths between points: 100 whole points, 1 the finest there is
 * @param {boolean} proportional cost follows points: every sum is worth keeping, the worst there is
 */
export function question(items, step, proportional) {
	const next = numbers(items);
	const day = () => `2026-0${1 + next(9)}-01`;
	const sections = Array.from({ length: 6 }, (_, s) => {
		const list = Array.from({ length: items }, (_, i) => i)
			.filter((i) => i % 6 === s)
			.map((i) => ({ code: `${s + 1}.${i}`, zh: '项', max: 10 }));
		return { code: String(s + 1), zh: '节', max: list.length * 8, items: list };
	});
	const total = sections.reduce((n, s) => n + s.max, 0);
	const all = sections.flatMap((s) => s.items.map((i) => i.code));
	/** @param {string} code */
	const options = (code) => [
		code,
		[600, 800, 1000].map((most) => {
			const points = most - step * next(Math.floor(100 / step) + 1);
			return {
				points,
				cost: proportional ? points : (100 + next(900)) * Math.round(points / 100),
				readyOn: day()
			};
		})
	];
	return {
		body: {
			total,
			bonus_max: 0,
			grades: [{ grade: 'AAA', zh: '', min: Math.round(total * 0.85) }],
			assessors: [],
			vetoes: [{ code: 'V1', zh: '否决' }],
			sections,
			bonus: []
		},
		now: { items: Object.fromEntries(all.map((c) => [c, step * next(300 / step)])), vetoes: [] },
		options: Object.fromEntries([
			...all.map(options),
			['V1', [{ met: true, cost: 5000, readyOn: day() }]]
		]),
		target: 'AAA'
	};
}

/** @returns {Promise<{ what: string, ms: number, beside: number, chosen: number }[]>} */
export async function cheapestRows() {
	const folder = mkdtempSync(path.join(os.tmpdir(), 'xt-cheapest-'));
	try {
		const { build } = await import('vite');
		await build({
			configFile: false,
			logLevel: 'error',
			build: {
				ssr: true,
				target: 'node20',
				outDir: folder,
				rollupOptions: {
					input: { cheapest: 'src/lib/domain/cheapest.ts' },
					output: { entryFileNames: '[name].mjs' },
					external: ['zod']
				}
			}
		});
		const { cheapest } = await import(pathToFileURL(path.join(folder, 'cheapest.mjs')).href);
		/** @param {ReturnType<typeof question>} q */
		const median = (q) => {
			const times = [];
			for (let n = 0; n < 12; n++) {
				const began = performance.now();
				cheapest(q);
				times.push(performance.now() - began);
			}
			return times.slice(3).sort((a, b) => a - b)[4] ?? NaN;
		};
		/** @type {[string, number, boolean][]} */
		const kinds = [
			['whole points', 100, false],
			['quarter points', 25, false],
			['hundredths', 1, false],
			['quarter points, cost follows points', 25, true],
			['hundredths, cost follows points', 1, true]
		];
		return kinds.map(([what, step, proportional]) => {
			const q = question(60, step, proportional);
			const found = cheapest(q);
			return {
				what: `cheapest way, 60 items, ${what}`,
				ms: median(q),
				beside: median(question(20, step, proportional)),
				chosen: found.reachable ? found.chosen.length : 0
			};
		});
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}
