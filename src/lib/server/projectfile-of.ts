import { withoutNames } from '$lib/domain/round';
import type { Assessor, Exhibit, FundSource, ProjectPage, Score } from '$lib/domain/project';
import type { Exhibit as FiledExhibit, FiledScore, ProjectFile } from '$lib/domain/projectfile';
import { scoresBy, totalsOf } from '$lib/domain/score';
import type { Item, Standard } from '$lib/domain/standard';
import { phaseWord } from './officewords';

const sources: Record<FundSource, string> = {
	central: '中央资金',
	province: '省级资金',
	city: '市级资金',
	county: '县级资金',
	bridging: '衔接资金',
	social: '社会资本',
	collective: '村集体',
	loan: '贷款',
	other: '其他'
};
const kindOf: Record<Exhibit['kind'], FiledExhibit['kind']> = {
	photo: 'photo',
	document: 'doc',
	number: 'number',
	place: 'map',
	task: 'inspection',
	plan: 'link'
};

/** What an assessor gave, in words. */
function inWords({ value, na }: Score, item: Item | undefined): string {
	if (na || !value) return '不适用';
	if ('yes' in value) return value.yes ? '是' : '否';
	if ('option' in value) {
		const rule = item?.rule;
		return (rule?.type === 'tiered' && rule.options[value.option]?.zh) || `第${value.option + 1}档`;
	}
	if ('count' in value) return `${value.count}${unitOf(item)}`;
	if ('findings' in value) return `发现${value.findings}处`;
	if ('rate' in value) return `${Math.round(value.rate * 1000) / 10}%`;
	return '';
}
const unitOf = (item: Item | undefined): string =>
	item?.rule?.type === 'per_unit' ? (item.rule.unit ?? '个') : '';

type Fetch = {
	photo: (id: string) => Promise<Uint8Array>;
	document: (sha256: string) => Promise<Uint8Array>;
};

/**
 * A project's page as the file that is handed in: units sign, so the names of people are taken out of every
 * text. Null where no standard was chosen.
 */
export function projectFileOf(
	page: ProjectPage,
	people: readonly string[],
	fetch: Fetch
): ProjectFile | null {
	if (!page.standard) return null;
	const body = page.standard.body as Standard;
	const items = [...body.sections.flatMap((s) => s.items), ...(body.bonus ?? [])];
	const clean = (text: string) => withoutNames(text, people);
	const sides = body.assessors.map((a) => a.code as Assessor);
	const filed = (code: string): FiledScore[] =>
		page.scores
			.filter((s) => s.item === code && sides.includes(s.assessor))
			.map((s) => ({
				assessor: s.assessor,
				value: inWords(
					s,
					items.find((i) => i.code === code)
				),
				points: s.points,
				...(s.na ? { na: true } : {}),
				note: clean(s.note),
				day: s.on
			}));
	const stepsOf = (code: string) => {
		const works = page.works.filter((w) => w.items.includes(code)).map((w) => w.id);
		const target = page.targets.find((t) => t.item === code && t.points !== null);
		const steps = page.steps
			.filter((s) => s.workId && works.includes(s.workId) && s.state !== 'dropped')
			.map((s) => ({
				title: [page.works.find((w) => w.id === s.workId)?.title, s.title].join('：'),
				unit: page.unit,
				saidOn: s.saidOn,
				doneOn: s.doneOn,
				provenOn: s.provenOn
			}));
		return target
			? [
					{
						title: `目标${target.points}分${target.note ? `：${clean(target.note)}` : ''}`,
						unit: page.unit,
						saidOn: target.saidOn,
						doneOn: null,
						provenOn: null
					},
					...steps
				]
			: steps;
	};
	return {
		township: page.township,
		title: page.title,
		unit: page.unit || `${page.village ?? page.township}村民委员会`,
		village: page.village ?? '',
		present: page.scenicUnit.presentGrade || null,
		target: page.targetGrade,
		phase: phaseWord[page.phase],
		log: [...page.log].reverse().map((l) => ({
			day: l.on,
			phase: phaseWord[l.to],
			unit: page.unit,
			note: clean(l.note)
		})),
		standard: {
			name: page.standard.name,
			edition: page.standard.edition,
			official: page.standard.official,
			body: {
				...body,
				bonus_max: body.bonus_max ?? 0,
				vetoes: body.vetoes ?? [],
				bonus: (body.bonus ?? []).map(withEvidence),
				sections: body.sections.map((s) => ({ ...s, items: s.items.map(withEvidence) }))
			}
		},
		scores: items.map(({ code }) => ({ code, scores: filed(code), steps: stepsOf(code) })),
		vetoes: (body.vetoes ?? []).map(({ code }) => ({
			code,
			answers: page.scores
				.filter((s) => s.item === code && sides.includes(s.assessor))
				.map((s) => ({
					assessor: s.assessor,
					met: s.value && 'yes' in s.value ? s.value.yes : null,
					note: clean(s.note),
					day: s.on
				}))
		})),
		totals: sides.map((assessor) => {
			const given = scoresBy(page.scores, assessor);
			if (!given.length) return { assessor, sections: {}, bonus: null, total: null, grade: null };
			const { sections, bonus, total, grade } = totalsOf(body, given);
			return { assessor, sections, bonus, total, grade };
		}),
		exhibits: page.exhibits
			.filter((e) => e.items.length > 0)
			.map((e) => ({
				id: e.id,
				title: clean(
					e.kind === 'number' && e.number !== null ? `${e.title}：${e.number}${e.measure}` : e.title
				),
				kind: kindOf[e.kind],
				day: e.happenedOn ?? e.on,
				items: e.items,
				unit: page.unit,
				file:
					e.kind === 'photo' && e.photoId
						? { name: `${e.title}.jpg`, bytes: () => fetch.photo(e.photoId!) }
						: e.file
							? { name: e.file.name, bytes: () => fetch.document(e.file!.sha256) }
							: null
			})),
		milestones: page.steps
			.filter((s) => s.state !== 'dropped')
			.map((s) => ({
				title: [page.works.find((w) => w.id === s.workId)?.title, s.title]
					.filter(Boolean)
					.join('：'),
				dueOn: s.dueOn,
				doneOn: s.doneOn,
				provenOn: s.provenOn
			})),
		money: [...new Set(page.funds.map((f) => f.source))].map((source) => {
			const of = page.funds.filter((f) => f.source === source);
			const sum = (key: 'planned' | 'allocated' | 'spent') =>
				Math.round(of.reduce((n, f) => n + (f[key] ?? 0), 0) * 100) / 100;
			return {
				source: sources[source],
				planned: sum('planned'),
				received: sum('allocated'),
				spent: sum('spent')
			};
		}),
		blockers: page.steps
			.filter((s) => s.blocker)
			.map((s) => ({
				title: s.title,
				since: s.blocker!.since,
				needs: clean(s.blocker!.ask || s.blocker!.note),
				unit: clean(s.blocker!.who)
			})),
		day: page.today
	};
}

const withEvidence = ({ evidence, ...item }: Item) => ({
	...item,
	...(evidence ? { evidence: { kinds: evidence.kinds, zh: evidence.zh ?? '' } } : {})
});
