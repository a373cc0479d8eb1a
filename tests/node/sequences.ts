/** Random days of work as ops, from a seed: the same on every engine and every run. */
import { createHash } from 'node:crypto';

export type Act = {
	who: string;
	kind: string;
	target: string;
	payload: Record<string, unknown>;
	base?: number;
};

/** tests.id() of the cast: md5 as a UUID. */
export const idOf = (name: string): string =>
	createHash('md5')
		.update(`xiangtu:${name}`)
		.digest('hex')
		.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');

/** mulberry32: small, seedable, the same everywhere. */
export function random(seed: number): () => number {
	let a = seed >>> 0;
	return () => {
		a = (a + 0x6d2b79f5) | 0;
		let t = Math.imul(a ^ (a >>> 15), 1 | a);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
	};
}

const cast = ['finn', 'wang', 'lei', 'pan', 'pan', 'ines', 'ines', 'ines again', 'olga', 'noah'];
const tasks = ['s1', 's2'];
/** What usually comes next in a task's life: most acts follow it, the rest are out of place. */
const usual = ['say', 'start', 'do', 'return', 'start', 'do', 'prove', 'close', 'reopen', 'do'];
const doers: Record<string, string> = {
	say: 'pan',
	start: 'finn',
	do: 'finn',
	prove: 'ines',
	close: 'ines',
	reopen: 'finn',
	return: 'ines'
};
const verbs = [
	...['say', 'recall', 'start', 'do', 'withdraw', 'hold', 'release', 'prove', 'return', 'close'],
	...['reopen', 'reject', 'merge', 'drop', 'block', 'unblock', 'ask', 'grant', 'deny', 'unask']
];

/** `day(n)`: today + n, ISO. About `length` acts on two tasks. */
export function sequence(seed: number, length: number, day: (n: number) => string): Act[] {
	const next = random(seed);
	const pick = <T>(of: readonly T[]): T => of[Math.floor(next() * of.length)]!;
	const acts: Act[] = tasks.map((target, i) => ({
		who: pick(['finn', 'wang', 'pan', 'ines']),
		kind: 'task.create',
		target,
		payload: {
			category: pick(['TRASH', 'RUIN', 'BIN']),
			village_id: idOf(next() < 0.85 ? 'baima' : 'guqing'),
			...(i === 1 ? { answers: idOf('person finn'), due_on: day(3) } : {})
		}
	}));
	const at = new Map(tasks.map((t) => [t, 0]));
	while (acts.length < length) {
		const target = pick(tasks);
		const along = next() < 0.6;
		const step = at.get(target)!;
		const verb = along ? usual[step % usual.length]! : pick(verbs);
		if (along) at.set(target, step + 1);
		const who = along && next() < 0.9 ? doers[verb]! : pick(cast);
		acts.push({
			who,
			kind: `step.${verb}`,
			target,
			payload: payloadOf(verb, target, next, pick, day),
			...(next() < 0.1 ? { base: 1 + Math.floor(next() * 6) } : {})
		});
		if (next() < 0.05)
			acts.push({
				who: 'pan',
				kind: 'handover.create',
				target: `sheet ${acts.length}`,
				payload: { tasks: [idOf(pick(tasks))] }
			});
		if (next() < 0.05)
			acts.push({
				who: 'pan',
				kind: 'task.edit',
				target,
				payload: { village_id: idOf(next() < 0.85 ? 'baima' : 'guqing') }
			});
	}
	return acts;
}

function payloadOf(
	verb: string,
	target: string,
	next: () => number,
	pick: <T>(of: readonly T[]) => T,
	day: (n: number) => string
): Record<string, unknown> {
	switch (verb) {
		case 'say':
			return {
				...(next() < 0.7
					? { answers: idOf(pick(['person finn', 'person wang', 'person pan'])) }
					: {}),
				...(next() < 0.7 ? { due_on: day(Math.floor(next() * 40) - 2) } : {})
			};
		case 'start':
			return next() < 0.85 ? { read: 2 } : {};
		case 'prove':
			return { how: pick(['on_site', 'desk']) };
		case 'return':
			return { note: pick(['还有', '']), part: next() < 0.3 };
		case 'reopen':
			return { why: pick(['came_back', 'not_done', 'other']) };
		case 'reject':
			return { why: pick(['no_problem', 'not_ours']) };
		case 'merge':
			return { into: idOf(pick(tasks.filter((t) => t !== target))) };
		case 'drop':
			return { note: '不办' };
		case 'block':
			return { blocker: pick(['land', 'money']), who: '自然资源所' };
		case 'ask':
			return { to_day: day(Math.floor(next() * 60)) };
		case 'grant':
			return next() < 0.5 ? { to_day: day(50) } : {};
		default:
			return {};
	}
}

/** Functions of the test: plays acts and tells outcomes; what stands there afterwards, ids and moments left out. */
export const playing = `
create or replace function tests.play(p_acts jsonb) returns jsonb language plpgsql as $$
declare
	a jsonb; n integer := 0; r jsonb; told jsonb := '[]';
begin
	for a in select * from jsonb_array_elements(p_acts) loop
		n := n + 1;
		perform tests.act_as(a ->> 'who');
		r := public.apply_op(jsonb_build_object('op_id', tests.id('seq ' || n), 'kind', a ->> 'kind',
			'township_id', tests.id('yunxi'), 'target', tests.id(a ->> 'target'),
			'base_version', a -> 'base', 'payload', a -> 'payload'));
		told := told || to_jsonb(concat_ws(' ', a ->> 'who', a ->> 'kind', r ->> 'outcome', r ->> 'reason', r ->> 'stage'));
	end loop;
	perform tests.act_as_owner();
	return told;
end $$;
create or replace function tests.dump() returns jsonb language sql as $$
	select jsonb_build_object(
		'steps', (select jsonb_agg(to_jsonb(s) - '{found_at,said_at,done_at,proven_at,held_until}'::text[] order by s.id) from public.steps s),
		'tasks', (select jsonb_agg(to_jsonb(t) - 'created_at' order by t.id) from public.tasks t),
		'blockers', (select jsonb_agg(to_jsonb(b) - 'id' order by b.step_id, b.closed_on nulls first, (to_jsonb(b) - 'id')::text collate "C") from public.blockers b),
		'extensions', (select jsonb_agg(to_jsonb(e) - 'id' order by e.step_id, (to_jsonb(e) - 'id')::text collate "C") from public.extensions e),
		'acceptances', (select jsonb_agg(to_jsonb(a) - '{id,at}'::text[] order by a.step_id, a.round) from public.acceptances a),
		'progress', (select jsonb_agg(to_jsonb(p) order by p.village_id, p.kind, p.day) from public.progress p),
		'events', (select jsonb_agg(jsonb_build_object('action', e.action, 'subject', e.subject_id, 'person', e.person_id,
			'day', (e.at at time zone 'Asia/Shanghai')::date, 'data', e.data) order by e.seq) from public.events e where e.township_id = tests.id('yunxi')),
		'differences', (select count(*) from private.progress_differences(tests.id('yunxi'))))
$$;`;
