import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cheapest, type Option, type Question } from './cheapest';
import { totalsOf } from './score';
import type { Standard } from './standard';

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
const item = (code: string, max = 10) => ({ code, zh: code, max });
const standard = (over: Partial<Standard> = {}): Standard => ({
	total: 30,
	grades: [
		{ grade: 'AA', zh: '', min: 25 },
		{ grade: 'A', zh: '', min: 20 }
	],
	assessors: [],
	sections: [
		{ code: '1', zh: '一', max: 15, items: ['1.1', '1.2', '1.3'].map((c) => item(c)) },
		{ code: '2', zh: '二', max: 15, items: ['2.1', '2.2'].map((c) => item(c)) }
	],
	bonus: [item('B1', 5)],
	bonus_max: 3,
	...over
});
const ask = (over: Partial<Question> = {}): Question => ({
	body: standard(),
	now: { items: {}, vetoes: [] },
	options: {},
	target: 'A',
	...over
});
const to = (points: number, cost: number, readyOn?: string): Option => ({
	points: points * 100,
	cost,
	...(readyOn && { readyOn })
});

describe('the cheapest way to a grade', () => {
	it('takes the dearer item where the cheaper ones run into the cap of their section', () => {
		const found = cheapest(
			ask({
				now: { items: { '1.1': 1000, '1.2': 400, '2.1': 400 }, vetoes: [] },
				options: { '1.3': [to(10, 1)], '1.2': [to(10, 1)], '2.2': [to(6, 500)] }
			})
		);
		expect(found).toMatchObject({
			reachable: true,
			cost: 500,
			total: 2400,
			spare: 400,
			chosen: [{ code: '2.2', gained: 600, counting: 600, why: 'points', without: null }]
		});
	});

	it('says what really counts after the cap, and what taking each one saves', () => {
		const found = cheapest(
			ask({
				options: { '1.1': [to(10, 100)], '1.2': [to(10, 100)], '2.1': [to(5, 100), to(9, 350.5)] }
			})
		);
		expect(found).toMatchObject({
			reachable: true,
			cost: 300,
			total: 2000,
			spare: 0,
			readyOn: null,
			chosen: [
				{ code: '1.1', option: 0, gained: 1000, counting: 1000, without: null },
				{ code: '1.2', option: 0, gained: 1000, counting: 500, without: null },
				{ code: '2.1', option: 0, gained: 500, counting: 500, cost: 100, without: null }
			]
		});
		const more = cheapest(
			ask({
				options: {
					'1.1': [to(10, 100)],
					'2.1': [to(10, 100)],
					'2.2': [to(10, 350.5)],
					'1.2': [to(10, 400)]
				}
			})
		);
		if (!more.reachable) throw new Error('not reachable');
		expect(more.chosen.map((c) => [c.code, c.without])).toEqual([
			['1.1', { cost: 500, saves: 300 }],
			['2.1', { cost: 450.5, saves: 250.5 }]
		]);
	});

	it('closes the vetoes of the grade, and only those', () => {
		const body = standard({
			vetoes: [
				{ code: 'V1', zh: '一' },
				{ code: 'V2', zh: '二', grades: ['AA'] },
				{ code: 'V3', zh: '三' }
			]
		});
		const question = ask({
			body,
			now: { items: { '1.1': 1000, '1.2': 500, '2.1': 1000 }, vetoes: ['V3'] },
			options: {
				V1: [
					{ met: true, cost: 90 },
					{ met: true, cost: 70, readyOn: '2026-05-01' }
				]
			}
		});
		expect(cheapest(question)).toMatchObject({
			reachable: true,
			cost: 70,
			readyOn: '2026-05-01',
			chosen: [{ code: 'V1', option: 1, why: 'veto', gained: 0, counting: 0, without: null }]
		});
		expect(cheapest({ ...question, target: 'AA' })).toEqual({
			reachable: false,
			missing: 0,
			best: 2500,
			vetoes: ['V2']
		});
	});

	it('takes only what is known to be ready, and of as cheap ways the one that is ready first', () => {
		const items = { '1.1': 1000, '2.1': 500 };
		const options = {
			'1.2': [to(10, 100, '2026-09-01')],
			'2.2': [to(10, 100, '2026-06-01')],
			'1.3': [to(10, 50)],
			'2.1': [to(10, 50, '2026-10-01')]
		};
		const open = cheapest(ask({ now: { items, vetoes: [] }, options }));
		expect(open).toMatchObject({ cost: 50, chosen: [{ code: '2.1' }], readyOn: '2026-10-01' });
		const soon = cheapest(ask({ now: { items, vetoes: [] }, options, by: '2026-09-30' }));
		expect(soon).toMatchObject({ cost: 100, chosen: [{ code: '2.2' }], readyOn: '2026-06-01' });
		expect(cheapest(ask({ now: { items, vetoes: [] }, options, by: '2026-05-31' }))).toEqual({
			reachable: false,
			missing: 500,
			best: 1500,
			vetoes: []
		});
	});

	it('does nothing where the grade is reached, and leaves alone what does not apply', () => {
		const now = { items: { '1.1': 1000, '1.2': 500, '2.1': 600 }, vetoes: [] };
		expect(cheapest(ask({ now, options: { '2.2': [to(10, 0)] } }))).toEqual({
			reachable: true,
			chosen: [],
			cost: 0,
			readyOn: null,
			total: 2100,
			spare: 100
		});
		const na = { items: { ...now.items, '2.1': 0, '2.2': 'na' as const }, vetoes: [] };
		expect(cheapest(ask({ now: na, options: { '2.2': [to(10, 0)] } }))).toMatchObject({
			reachable: false,
			missing: 500
		});
	});

	it('refuses points and costs that cannot be', () => {
		for (const option of [to(10.01, 1), to(1.234, 1), to(5, -1), to(5, NaN)])
			expect(() => cheapest(ask({ options: { '1.1': [option] } }))).toThrow(RangeError);
	});
});

// ── every way, tried ─────────────────────────────────────────────────────────────────────────────

type Way = { cost: number; day: string; count: number; picks: number[]; total: number };

/** Every choice of at most one option an item, with the sums of score.ts; the least by the order that is promised. */
function tried(q: Question, except: string | null = null): Way | null {
	const items = [...q.body.sections.flatMap((s) => s.items), ...(q.body.bonus ?? [])];
	const vetoes = q.body.vetoes ?? [];
	const codes = [...items, ...vetoes].map((x) => x.code);
	const line = q.body.grades.find((g) => g.grade === q.target)!.min;
	let best: Way | null = null;
	const picks: number[] = codes.map(() => 0);
	const options = codes.map((code) => (code === except ? [] : (q.options[code] ?? [])));
	const visit = (at: number): void => {
		if (at < codes.length) {
			for (let pick = 0; pick <= options[at]!.length; pick++) {
				picks[at] = pick;
				visit(at + 1);
			}
			picks[at] = 0;
			return;
		}
		const taken = codes.map((code, n) => ({
			code,
			o: picks[n] ? options[n]![picks[n]! - 1]! : null
		}));
		if (taken.some(({ o }) => o && q.by && !(o.readyOn && o.readyOn <= q.by))) return;
		const given = taken.map(({ code, o }) => {
			const now = q.now.items[code];
			const points = o && 'points' in o ? o.points : typeof now === 'number' ? now : 0;
			const met = q.now.vetoes.includes(code) || (!!o && 'met' in o);
			return {
				item: code,
				na: now === 'na',
				points: points / 100,
				value: met ? { yes: true } : null
			};
		});
		const sums = totalsOf(q.body, given);
		const blocked = vetoes.some(
			(v) => sums.unmet.includes(v.code) && (!v.grades || v.grades.includes(q.target))
		);
		if (blocked || sums.total < line) return;
		const chosen = taken.flatMap(({ o }) => (o ? [o] : []));
		const way: Way = {
			cost: chosen.reduce((n, o) => n + Math.round(o.cost * 100), 0) / 100,
			day:
				chosen
					.map((o) => o.readyOn ?? '9999')
					.sort()
					.at(-1) ?? '',
			count: chosen.length,
			picks: [...picks],
			total: Math.round(sums.total * 100)
		};
		if (!best || before(way, best)) best = way;
	};
	visit(0);
	return best;
}
function before(a: Way, b: Way): boolean {
	if (a.cost !== b.cost) return a.cost < b.cost;
	if (a.day !== b.day) return a.day < b.day;
	if (a.count !== b.count) return a.count < b.count;
	const at = a.picks.findIndex((p, n) => p !== b.picks[n]);
	return at >= 0 && a.picks[at]! < b.picks[at]!;
}

const question: fc.Arbitrary<Question> = fc
	.record({
		counts: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 3 }),
		/** Coarse steps make ties, fine ones make roundings. */
		step: fc.constantFrom(1, 25, 100, 100),
		share: fc.integer({ min: 30, max: 100 }),
		bonus: fc.nat(2),
		bonusMax: fc.integer({ min: 0, max: 600 }),
		flags: fc.tuple(fc.boolean(), fc.boolean()),
		vetoes: fc.array(fc.constantFrom(undefined, ['A' as const], ['AAA' as const]), {
			maxLength: 2
		}),
		line: fc.integer({ min: 40, max: 100 }),
		by: fc.constantFrom(null, null, '2026-02-01')
	})
	.chain((r) => {
		const codes = r.counts.map((n, s) => Array.from({ length: n }, (_, i) => `${s + 1}.${i + 1}`));
		const bonus = Array.from({ length: r.bonus }, (_, i) => `B${i + 1}`);
		const all = [...codes.flat(), ...bonus];
		const stepped = (most: number) =>
			fc.integer({ min: 0, max: Math.floor((most * 100) / r.step) }).map((n) => n * r.step);
		const cost = fc.oneof(
			fc.constantFrom(0, 1, 1, 2, 5),
			fc.integer({ min: 0, max: 500 }).map((n) => n / 4)
		);
		const readyOn = fc.constantFrom(undefined, '2026-01-01', '2026-02-01', '2026-03-01');
		const dated = <T extends object>(o: fc.Arbitrary<T>): fc.Arbitrary<Option> =>
			fc
				.tuple(o, cost, readyOn)
				.map(
					([o, cost, day]) => ({ ...o, cost, ...(day && { readyOn: day }) }) as unknown as Option
				);
		return fc
			.record({
				now: fc.tuple(
					...all.map(() =>
						fc.oneof(
							{ weight: 5, arbitrary: stepped(10) },
							{ weight: 1, arbitrary: fc.constant('na' as const) }
						)
					)
				),
				met: fc.tuple(...r.vetoes.map(() => fc.boolean())),
				options: fc.tuple(
					...all.map(() =>
						fc.array(dated(stepped(10).map((points) => ({ points }))), { maxLength: 2 })
					)
				),
				closing: fc.tuple(
					...r.vetoes.map(() => fc.array(dated(fc.constant({ met: true })), { maxLength: 2 }))
				)
			})
			.map(({ now, met, options, closing }): Question => {
				const sections = codes.map((list, s) => ({
					code: String(s + 1),
					zh: '节',
					max: Math.max(1, Math.floor((list.length * 10 * r.share) / 100)),
					items: list.map((c) => item(c))
				}));
				const total = sections.reduce((n, s) => n + s.max, 0);
				const vetoes = r.vetoes.map((grades, n) => ({
					code: `V${n + 1}`,
					zh: '否',
					...(grades && { grades: [...grades] })
				}));
				return {
					body: {
						total,
						bonus_max: r.bonusMax / 100,
						bonus_counts: r.flags[0],
						redistribute_na: r.flags[1],
						grades: [{ grade: 'A', zh: '', min: Math.round(total * r.line) / 100 }],
						assessors: [],
						vetoes,
						sections,
						bonus: bonus.map((c) => item(c))
					},
					now: {
						items: Object.fromEntries(all.map((c, n) => [c, now[n]!])),
						vetoes: vetoes.filter((_, n) => met[n]).map((v) => v.code)
					},
					options: Object.fromEntries([
						// What does not apply is not improved (nor, in the test, asked of the sums).
						...all.map((c, n) => [c, now[n] === 'na' ? [] : options[n]!]),
						...vetoes.map((v, n) => [v.code, closing[n]!])
					]),
					target: 'A',
					by: r.by
				};
			});
	});

it('is the one that trying every way finds, on 1,000 random cases', () => {
	console.log(`cheapest: SEED=${seed}`);
	const seen = { reached: 0, taken: 0, vetoes: 0, capped: 0, tooFar: 0, alternatives: 0 };
	fc.assert(
		fc.property(question, (q) => {
			const best = tried(q);
			const found = cheapest(q);
			expect(found.reachable).toBe(best !== null);
			if (!found.reachable) {
				seen.tooFar++;
				expect(found.missing > 0 || found.vetoes.length > 0).toBe(true);
				return;
			}
			const codes = [
				...q.body.sections.flatMap((s) => s.items),
				...q.body.bonus!,
				...q.body.vetoes!
			];
			expect({
				cost: found.cost,
				total: found.total,
				picks: codes.map(
					({ code }) => (found.chosen.find((c) => c.code === code)?.option ?? -1) + 1
				)
			}).toEqual({ cost: best!.cost, total: best!.total, picks: best!.picks });
			const day = best!.day === '9999' || !best!.day ? null : best!.day;
			expect(found.readyOn).toBe(day);
			const now = cheapest({ ...q, body: { ...q.body, grades: [{ grade: 'A', zh: '', min: 0 }] } });
			if (now.reachable)
				expect(found.chosen.reduce((n, c) => n + c.counting, 0)).toBe(found.total - now.total);
			for (const c of found.chosen) {
				const other = tried(q, c.code);
				expect(c.without?.cost ?? null).toBe(other?.cost ?? null);
				if (other) expect(c.without!.saves).toBe((other.cost * 100 - best!.cost * 100) / 100);
				seen.alternatives += Number(other !== null);
				seen.vetoes += Number(c.why === 'veto');
				seen.capped += Number(c.counting < c.gained);
			}
			seen.reached++;
			seen.taken += Number(found.chosen.length > 1);
		}),
		{ numRuns: 1000, seed }
	);
	for (const [what, times] of Object.entries(seen)) expect(times, what).toBeGreaterThan(10);
});
