/** Weeks of random work with a moved clock, as acts from a seed, and what its log says each report must count. */
import { fold, type Folded, type TaskEvent } from '../../src/lib/domain/fold';
import { figures, type Figure } from '../../src/lib/domain/report';
import { idOf, random } from './sequences';

export const firstDay = '2026-08-03';
export const days = 70;

export const plus = (day: string, n: number): string =>
	new Date(Date.parse(day) + n * 86_400_000).toISOString().slice(0, 10);

type Act = {
	day: string;
	who: string;
	/** An op, or `import` / `undo`. */
	kind: string;
	target: string;
	payload: Record<string, unknown>;
};

const villages = ['baima', 'guqing'];
const types = ['TRASH', 'RUIN', 'BIN', 'WATER'];
const campaigns = ['', '', '春季攻坚', '迎检'];
const usual = ['say', 'start', 'do', 'prove', 'reopen', 'do', 'prove', 'close'];
const others = [
	...['say', 'recall', 'start', 'do', 'withdraw', 'prove', 'return', 'close', 'reopen'],
	...['reject', 'drop', 'merge', 'block', 'unblock', 'block', 'ask', 'grant', 'deny']
];
const doers: Record<string, string> = {
	...{ say: 'pan', start: 'finn', do: 'finn', withdraw: 'finn', prove: 'ines', return: 'ines' },
	...{ close: 'ines', reopen: 'finn', block: 'finn', unblock: 'finn', ask: 'finn' }
};

export function history(seed: number): Act[] {
	const next = random(seed);
	const pick = <T>(of: readonly T[]): T => of[Math.floor(next() * of.length)]!;
	const acts: Act[] = [];
	const steps: { target: string; at: number; alive: string }[] = [];
	let n = 0;
	for (let d = 0; d < days; d++) {
		const day = plus(firstDay, d);
		const put = (
			who: string,
			kind: string,
			target: string,
			payload: Record<string, unknown> = {}
		) => acts.push({ day, who, kind, target, payload });
		const village = () => idOf(pick(villages));
		const due = () => plus(day, Math.floor(next() * 25));
		for (let i = Math.floor(next() * 4); i > 0; i--) {
			const target = `task ${n++}`;
			put(pick(['pan', 'pan', 'ines']), 'task.create', target, {
				category: pick(types),
				campaign: pick(campaigns),
				...(next() < 0.9 ? { village_id: village() } : {}),
				...(next() < 0.4 ? { answers: idOf('person finn'), due_on: due() } : {})
			});
			steps.push({ target, at: 0, alive: day });
		}
		if (next() < 0.12) {
			const thing = `thing ${n++}`;
			const kind = pick(['project', 'plan']);
			const own = Array.from(
				{ length: 1 + Math.floor(next() * 4) },
				(_, i) => `${thing} step ${i}`
			);
			put('pan', `${kind}.create`, thing, {
				title: thing,
				village_id: village(),
				...(kind === 'project' ? { unit_name: thing, target_grade: 'AA' } : {}),
				steps: own.map((s) => ({
					id: idOf(s),
					title: s,
					...(next() < 0.7 ? { due_on: due() } : {})
				}))
			});
			for (const s of own) steps.push({ target: s, at: 0, alive: day });
			if (next() < 0.5) put('pan', `${kind}.edit`, thing, { village_id: village() });
		}
		if (d === 20 || d === 45)
			put('pan', 'import', `ledger ${d}`, {
				rows: Array.from({ length: 12 }, (_, i) => {
					const found = plus(day, -Math.floor(next() * 30));
					const state = pick(['found', 'said', 'done', 'proven']);
					return {
						kind: 'tasks',
						file: 'a.xlsx',
						data: {
							...{ title: `ledger ${d} row ${i}`, category: pick(types), village: pick(villages) },
							...{ state, found_on: found, said_on: plus(found, 1), due_on: plus(found, 6) },
							...{ done_on: plus(found, 4), proven_on: plus(found, 9), answers_name: '李' }
						}
					};
				})
			});
		if (d === 45)
			for (let i = 0; i < 12; i++)
				steps.push({ target: `title:ledger 45 row ${i}`, at: Math.floor(next() * 4), alive: day });
		// Taken back before anybody worked on it.
		if (d === 24) put('pan', 'undo', 'ledger 20');
		for (let i = 3 + Math.floor(next() * 8); i > 0 && steps.length; i--) {
			const s = steps[Math.max(0, steps.length - 1 - Math.floor(next() ** 2 * 40))]!;
			const along = next() < 0.7;
			const verb = along ? usual[s.at++ % usual.length]! : pick(others);
			put(
				next() < 0.9 ? (doers[verb] ?? 'pan') : pick(['pan', 'ines', 'finn', 'noah']),
				`step.${verb}`,
				s.target,
				payloadOf(verb, day, next, pick, () => pick(steps).target)
			);
		}
		if (next() < 0.3 && steps.length)
			put('pan', 'task.edit', pick(steps).target, {
				...(next() < 0.5 ? { village_id: village() } : {}),
				...(next() < 0.5 ? { category: pick(types) } : {}),
				...(next() < 0.3 ? { campaign: pick(campaigns) } : {})
			});
		if (next() < 0.1 && steps.length)
			put('pan', 'handover.create', `sheet ${n++}`, { tasks: [idOf(pick(steps).target)] });
	}
	return acts;
}

function payloadOf(
	verb: string,
	day: string,
	next: () => number,
	pick: <T>(of: readonly T[]) => T,
	other: () => string
): Record<string, unknown> {
	switch (verb) {
		case 'say':
			return {
				...(next() < 0.5 ? { answers: idOf('person finn') } : {}),
				...(next() < 0.8 ? { due_on: plus(day, Math.floor(next() * 20)) } : {})
			};
		case 'prove':
			return { how: pick(['on_site', 'on_site', 'desk']) };
		case 'return':
		case 'drop':
			return { note: '还有' };
		case 'reopen':
			return { why: 'came_back', note: '反弹' };
		case 'reject':
			return { why: 'not_ours' };
		case 'merge':
			return { into: idOf(other()) };
		case 'block':
			return { blocker: pick(['land', 'money']), who: '自然资源所' };
		case 'ask':
			return { to_day: plus(day, 30) };
		default:
			return {};
	}
}

/**
 * A clock that the test sets: every function and every default that asks for the time asks it. And the play: each
 * act on its day, what the report of the seven days until then says each evening, and what stands there at the end.
 */
export const movedClock = `
create function tests.clock() returns timestamptz language sql stable as $$ select current_setting('xt.now')::timestamptz $$;
grant usage on schema tests to app_definer;
grant execute on function tests.clock() to app_definer, authenticated, service_role;
do $$
declare r record; d text;
begin
	for r in select p.oid from pg_proc p join pg_namespace n on n.oid = p.pronamespace
		where n.nspname in ('public', 'private') and p.prokind = 'f' and p.prosrc ~ '\\m(now|clock_timestamp)\\(\\)'
			and not exists (select from pg_depend x where x.objid = p.oid and x.deptype = 'e') loop
		execute regexp_replace(pg_get_functiondef(r.oid), '\\m(now|clock_timestamp)\\(\\)', 'tests.clock()', 'g');
	end loop;
	for r in select c.oid::regclass as t, a.attname, pg_get_expr(f.adbin, f.adrelid) as e from pg_attrdef f
		join pg_class c on c.oid = f.adrelid join pg_namespace n on n.oid = c.relnamespace
		join pg_attribute a on a.attrelid = f.adrelid and a.attnum = f.adnum
		where n.nspname in ('public', 'private') and pg_get_expr(f.adbin, f.adrelid) ~ '\\m(now|clock_timestamp)\\(\\)' loop
		execute format('alter table %s alter column %I set default %s', r.t, r.attname,
			regexp_replace(r.e, '\\m(now|clock_timestamp)\\(\\)', 'tests.clock()', 'g'));
	end loop;
end $$;
create table tests.evenings (day date primary key, told jsonb);
create function tests.target(p text) returns uuid language sql stable as $$
	select case when p like 'title:%' then (select id from public.tasks where title = substring(p from 7)) else tests.id(p) end
$$;
create function tests.live(p_acts jsonb, p_first date, p_days integer) returns jsonb language plpgsql as $$
declare a jsonb; r jsonb; n integer := 0; outcomes jsonb := '{}'; k text; d date;
begin
	for i in 0 .. p_days - 1 loop
		d := p_first + i;
		perform set_config('xt.now', d || 'T10:00:00+08:00', false);
		for a in select * from jsonb_array_elements(p_acts) e where e ->> 'day' = d::text loop
			n := n + 1;
			perform tests.act_as(a ->> 'who');
			if a ->> 'kind' = 'import' then
				r := public.import_apply(jsonb_build_object('township_id', tests.id('yunxi'), 'import_id', tests.id(a ->> 'target'),
					'title', '台账', 'files', '[]'::jsonb, 'rows', a -> 'payload' -> 'rows'));
			elsif a ->> 'kind' = 'undo' then
				r := public.import_undo(tests.id('yunxi'), tests.id(a ->> 'target'));
			else
				r := public.apply_op(jsonb_build_object('op_id', tests.id('live ' || n), 'kind', a ->> 'kind',
					'township_id', tests.id('yunxi'), 'target', tests.target(a ->> 'target'), 'payload', a -> 'payload'));
			end if;
			k := (a ->> 'kind') || ' ' || (r ->> 'outcome');
			outcomes := outcomes || jsonb_build_object(k, coalesce((outcomes ->> k)::integer, 0) + 1);
		end loop;
		perform tests.act_as('olga');
		r := public.report(tests.id('yunxi'), d - 6, d, null, false);
		perform tests.act_as_owner();
		insert into tests.evenings values (d, r);
	end loop;
	return outcomes;
end $$;
create function tests.record() returns jsonb language sql as $$
	select jsonb_build_object(
		'events', (select jsonb_agg(jsonb_build_object('action', e.action, 'subject', e.subject_id, 'person', e.person_id,
			'day', (e.at at time zone 'Asia/Shanghai')::date, 'data', e.data) order by e.seq) from public.events e where e.township_id = tests.id('yunxi')),
		'rows', (select jsonb_agg(jsonb_build_object('import', r.import_id, 'target', r.target_id, 'data', r.data,
			'village', (select id from public.places where name = r.data ->> 'village' and township_id = tests.id('yunxi'))) order by r.n) from public.import_rows r),
		'undone', (select coalesce(jsonb_agg(id), '[]') from public.imports where undone_at is not null),
		'evenings', (select jsonb_object_agg(day, told) from tests.evenings))
$$;`;

export type Logged = TaskEvent & { data: Record<string, never> };
export type Told = {
	events: Logged[];
	rows: { import: string; target: string; village: string; data: Record<string, string> }[];
	undone: string[];
	evenings: Record<string, Record<string, unknown>>;
};

type Seen = { kind: string; category: string; campaign: string };
/** A step as the log alone tells it on that day. */
export type Known = Folded & Seen;

/**
 * Every step as of the end of `day`, from the events alone; rows of a ledger are read from the ledger. With
 * `ledger`, also those imported later, as they say it was on that day.
 */
export function knownOn(told: Told, day: string, ledger: boolean): Known[] {
	const seen = new Map<string, Seen>();
	const stepsOf = new Map<string, string[]>();
	const plain: TaskEvent[] = [];
	/** A ledger's deadline for what it calls found only: it holds from the day somebody says it. */
	const onPaper = new Map<string, string>();
	const put = (action: string, subject: string, on: string, data: object, person: string | null) =>
		plain.push({ action, subject, day: on, data: data as Record<string, unknown>, person });
	for (const e of told.events) {
		const d = e.data as Record<string, unknown>;
		if (e.action === 'import.apply') {
			if (told.undone.includes(e.subject)) continue;
			const known = e.day <= day;
			if (!known && !ledger) continue;
			for (const row of told.rows.filter((r) => r.import === e.subject)) {
				const c = row.data;
				const rank = ['found', 'said', 'done', 'proven'].indexOf(c.state!);
				const claimed = [c.found_on!, c.said_on!, c.done_on!, c.proven_on!].map((x) =>
					x > e.day ? e.day : x
				);
				if (!known && claimed[0]! > day) continue;
				seen.set(row.target, { kind: 'task', category: c.category!, campaign: '' });
				if (rank === 0) onPaper.set(row.target, c.due_on!);
				put('task.create', row.target, claimed[0]!, { village_id: row.village }, null);
				const verbs = ['step.say', 'step.do', 'step.prove'];
				verbs.slice(0, rank).forEach((verb, i) => {
					const on = claimed.slice(0, i + 2).reduce((a, b) => (b > a ? b : a));
					if (known || on <= day)
						put(verb, row.target, on, { due_on: c.due_on, how: 'ledger' }, null);
				});
			}
			continue;
		}
		if (e.day > day) continue;
		const [what, verb] = e.action.split('.');
		if (what === 'task' && verb === 'create')
			seen.set(e.subject, {
				kind: 'task',
				category: String(d.category),
				campaign: String(d.campaign ?? '')
			});
		if (what === 'task' && verb === 'edit') {
			const o = seen.get(e.subject)!;
			seen.set(e.subject, {
				...o,
				...('category' in d ? { category: String(d.category) } : {}),
				...('campaign' in d ? { campaign: String(d.campaign) } : {})
			});
		}
		if ((what === 'project' || what === 'plan') && (verb === 'create' || verb === 'edit')) {
			const own = stepsOf.get(e.subject) ?? [];
			for (const s of (d.steps ?? []) as { id: string; due_on?: string }[]) {
				seen.set(s.id, { kind: what, category: '', campaign: '' });
				own.push(s.id);
				put(
					'task.create',
					s.id,
					e.day,
					{ ...s, said: !!s.due_on, village_id: d.village_id },
					e.person
				);
			}
			stepsOf.set(e.subject, own);
			if (verb === 'edit' && 'village_id' in d)
				for (const s of own) put('task.edit', s, e.day, { village_id: d.village_id }, e.person);
			continue;
		}
		const due = onPaper.get(e.subject);
		if (due && (e.action === 'step.say' || e.action === 'step.do')) {
			onPaper.delete(e.subject);
			put('step.say', e.subject, e.day, { due_on: due }, e.person);
		}
		plain.push(e);
	}
	return [...fold(plain).values()].map((f) => ({ ...f, ...seen.get(f.id)! }));
}

/** What counts as what: written again from the report's own words, not from its SQL. */
const counts: Record<Figure, (s: Known, from: string, on: string) => boolean> = {
	found: (s, from) => s.foundOn >= from,
	said: (s, from) => s.saidOn !== null && s.saidOn >= from,
	done: (s, from) => s.doneOn !== null && s.doneOn >= from,
	proven: (s, from) => s.provenOn !== null && s.provenOn >= from,
	open: (s) => s.doneOn === null,
	waiting: (s) => s.doneOn !== null && s.provenOn === null,
	overdue: (s, _, on) => s.saidOn !== null && s.doneOn === null && s.dueOn !== null && s.dueOn < on,
	carried: (s, from) => s.doneOn === null && s.foundOn < from,
	blocked: (s) => s.blocked,
	due: (s, _, on) =>
		s.saidOn !== null &&
		s.doneOn === null &&
		s.dueOn !== null &&
		s.dueOn > on &&
		s.dueOn <= plus(on, 7),
	all_found: () => true,
	all_said: (s) => s.saidOn !== null,
	all_done: (s) => s.doneOn !== null,
	all_proven: (s) => s.provenOn !== null
};

/** "kind village category" → numbers in the order of `figures`, and behind each number the steps. */
export function cellsOf(known: Known[], from: string, on: string, campaign: string | null) {
	const cells: Record<string, number[]> = {};
	const behind: Record<string, string[]> = {};
	for (const s of known) {
		if (s.droppedOn !== null || (campaign !== null && s.campaign !== campaign)) continue;
		const key = `${s.kind} ${s.villageId ?? '-'} ${s.category}`;
		const row = (cells[key] ??= figures.map(() => 0));
		figures.forEach((f, i) => {
			if (!counts[f](s, from, on)) return;
			row[i]!++;
			(behind[`${key} ${f}`] ??= []).push(s.id);
		});
	}
	return { cells, behind };
}
