import type { SharedContent, ShareFrame, ShareOutline } from '$lib/domain/shared';
import { layerKindWords, verdictWords } from '$lib/features/plans/words';
import { blockerWords, number, proofWords } from '$lib/features/things/words';
import { dayWords, kindWord, shortDay } from '$lib/features/wallmap/words';
import { sourceWords } from '$lib/features/works/moneywords';
import * as m from '$lib/i18n/paraglide/messages';
import * as leads from './leads';
import { mapSvg } from './mapsvg';
import { scenarioRows } from './scenariorows';
import { signWord } from './Sign.svelte';
import { changeWords, dayOfMoment, listed, momentWords } from './words';

type Section = ShareOutline['sections'][number];
const cell = (n: number | null) => (n === null ? '—' : number(n));
const table = (
	heads: [head: string, width: number, align?: 'left'][],
	rows: string[][]
): Section['table'] =>
	rows.length
		? {
				columns: heads.map(([head, width, align]) => ({ head, width, align: align ?? 'center' })),
				rows
			}
		: null;

/** The same content as the page, for a paper: its sentences, its tables, its map. */
export function outlineOf(content: SharedContent, frame: ShareFrame): ShareOutline {
	const { figures, session, options } = content;
	const sections: Section[] = [];
	const add = (heading: string, lines: string[], of: Section['table'] = null, map = false) =>
		sections.push({ heading, lines: lines.filter(Boolean), table: of, map });
	const facts = (['said', 'done', 'proven'] as const)
		.map((f) => `${signWord(f)} ${content.counts[f]}/${content.counts.planned}`)
		.join(m.map_comma());
	const key = content.map.points
		.filter((p) => p.kind !== 'village')
		.map((p, i) => `${p.no ?? i + 1} ${p.name}`);
	add(
		m.sharepage_q_what(),
		[content.about, facts, key.length ? listed(key) : ''],
		null,
		content.map.bounds !== null
	);
	if (content.grade) add(m.sharepage_q_grade(), leads.gradeLead(content));
	if (session)
		add(
			m.sharepage_q_decisions(),
			[leads.decisionsLead(content)],
			table(
				[
					['', 0.6],
					[m.sharepage_q_decisions(), 5, 'left'],
					[m.things_unit(), 2, 'left'],
					[m.sharepage_due({ day: '' }).trim(), 1.6],
					[m.sharepage_col_step(), 1.4]
				],
				session.decisions.map((d) => [
					String(d.no),
					d.ask && options.stuck ? `${d.text}（${m.sharepage_ask()}：${d.ask}）` : d.text,
					d.office || '—',
					d.dueOn ? shortDay(d.dueOn) : '—',
					d.state ? signWord(d.state) : m.sharepage_scn_adopted()
				])
			)
		);
	if (content.scenarios.length)
		add(
			m.sharepage_q_scenarios(),
			[],
			table(
				[
					['', 2.4, 'left'],
					...content.scenarios.map((s): [string, number] => [
						s.title || m.sharepage_scn_baseline(),
						2
					])
				],
				scenarioRows.map(([label, of]) => [label(), ...content.scenarios.map((s) => number(of(s)))])
			)
		);
	if (figures.land)
		add(
			m.sharepage_q_land(),
			[
				leads.landLead(figures.land).join(''),
				figures.land.check
					? `${m.sharepage_check_on({ day: dayWords(figures.land.check.on) })}${m.map_comma()}${m.sharepage_check_not()}`
					: ''
			],
			table(
				[
					[m.sharepage_col_layer(), 3, 'left'],
					[m.sharepage_col_verdict(), 2],
					[m.sharepage_col_mu(), 2]
				],
				(figures.land.check?.layers ?? []).map((l) => [
					layerKindWords[l.kind](),
					verdictWords[l.verdict](),
					l.verdict === 'not_checked' && !l.mu ? '—' : number(l.mu)
				])
			)
		);
	if (options.money && !session)
		add(
			m.sharepage_q_money(),
			[leads.moneyLead(figures.money).join('')],
			table(
				[
					[m.sharepage_money_source(), 3, 'left'],
					[m.sharepage_money_planned(), 2],
					[m.sharepage_money_allocated(), 2],
					[m.sharepage_money_spent(), 2]
				],
				(figures.money?.rows ?? []).map((r) => [
					sourceWords[r.source](),
					cell(r.planned),
					cell(r.allocated),
					cell(r.spent)
				])
			)
		);
	const gains = leads.gainsRows(content);
	if (gains.length)
		add(m.sharepage_q_gains(), [
			listed(gains.map(([label, figure]) => `${label} ${figure}`)) + m.sharepage_stop(),
			figures.gains?.mechanism ?? ''
		]);
	if (content.steps.length)
		add(
			m.sharepage_q_steps(),
			[leads.stepsLead(content).join('')],
			table(
				[
					[m.sharepage_col_step(), 4, 'left'],
					[m.sharepage_due({ day: '' }).trim(), 1.8],
					[signWord('done'), 1.8],
					[signWord('proven'), 2.2]
				],
				content.steps.map((s) => [
					[s.work, s.title].filter(Boolean).join(' · ') +
						(s.blocked ? `（${signWord('blocked')}）` : ''),
					(s.dueOn ? shortDay(s.dueOn) : '—') +
						(s.drift > 0 && s.firstDueOn
							? `（${m.sharepage_drift({ first: shortDay(s.firstDueOn), n: s.drift })}）`
							: ''),
					s.doneOn ? shortDay(s.doneOn) : '—',
					s.provenOn
						? shortDay(s.provenOn) +
							(s.provenHow && s.provenHow !== 'on_site' ? `（${proofWords[s.provenHow]()}）` : '')
						: '—'
				])
			)
		);
	if (content.things.length)
		add(
			m.sharepage_q_things(),
			[],
			table(
				[
					[m.sharepage_col_thing(), 4, 'left'],
					[m.sharepage_col_village(), 1.8],
					[m.sharepage_col_step(), 2],
					[signWord('proven'), 1.4]
				],
				content.things.map((t) => [
					t.title,
					t.village ?? '—',
					t.step || signWord(t.state),
					`${t.counts.proven}/${t.counts.planned}`
				])
			)
		);
	if (content.villages.length) {
		const columns = ['said', 'done', 'proven', 'overdue', 'blocked'] as const;
		add(
			m.sharepage_q_villages(),
			[leads.setLead(content)],
			table(
				[
					[m.sharepage_col_village(), 3, 'left'],
					...columns.map((c): [string, number] => [signWord(c), 1.4])
				],
				[
					...content.sets.map((s) => ({ name: kindWord(s.kind), tasks: s.counts })),
					...(content.villages.length > 1 ? content.villages : [])
				].map(({ name, tasks }) => [
					name,
					...(tasks.planned
						? columns.map((c) => String(tasks[c]))
						: columns.map((_, i) => (i ? '' : m.map_unknown())))
				])
			)
		);
	}
	if (options.stuck && (content.asks.length || !session))
		add(m.sharepage_q_stuck(), [
			leads.stuckLead(content).join(''),
			...content.asks.map(
				(a, i) =>
					`${i + 1}. ${a.title}（${blockerWords[a.kind]()}）：${[a.text, m.sharepage_stuck_wait({ who: a.who, since: dayWords(a.since), days: a.days })].filter(Boolean).join('，')}。${a.ask ? `${m.sharepage_ask()}：${a.ask}。` : ''}`
			)
		]);
	if (options.changes && content.changes.length)
		add(m.sharepage_q_changes(), [
			...content.changes
				.slice(0, 12)
				.map(
					(c) =>
						`${shortDay(dayOfMoment(c.at))} ${changeWords[c.what]()}${c.title !== content.title ? ` ${c.title}` : ''}${leads.changeTo(c) ? ` ${leads.changeTo(c)}` : ''}`
				)
		]);
	const svg = mapSvg(content);
	return {
		title: frame.title,
		under: [
			[content.district, content.township, content.village].filter(Boolean).join(' '),
			[
				frame.live || !frame.snapshotAt
					? ''
					: m.sharepage_snapshot({ moment: momentWords(frame.snapshotAt) }),
				m.sharepage_day_of({ day: dayWords(content.day) })
			]
				.filter(Boolean)
				.join(m.map_comma())
		],
		mark: content.demo ? m.sharepage_demo() : null,
		map: svg ? { svg, caption: m.sharepage_map_note() } : null,
		sections,
		foot: [
			m.sharepage_counted(),
			`${m.sharepage_secret()}${m.sharepage_stop()}`,
			...(frame.contact ? [m.sharepage_contact({ contact: frame.contact })] : [])
		]
	};
}
