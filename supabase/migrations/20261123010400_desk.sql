-- Days of ledgers. least() passes over nulls: a ledger without a 交办时间 was given today's, and every later
-- day on the paper was moved to today with it. What is missing stays missing until it is filled on purpose.

create function private.not_after(p_day text, p_last date) returns date
language sql stable set search_path = '' as $$
	select case when p_day is not null then least(p_day::date, p_last) end
$$;

-- As in 20261123000800 but for the days.
create or replace function private.import_tasks(t uuid, imp uuid) returns integer
language plpgsql set search_path = '' as $$
declare
	me uuid := private.my_person();
	today date := private.today();
	cnt integer;
begin
	create temporary table if not exists import_scratch (
		n integer, id uuid, village uuid, data jsonb, g extensions.geometry, state text
	) on commit delete rows;
	delete from pg_temp.import_scratch;
	insert into pg_temp.import_scratch
	select r.n, private.new_id(), coalesce(private.village_named(t, private.text_of(r.data, 'village')), private.village_at(t, x.g)),
		r.data, x.g, coalesce(r.data ->> 'state', 'found')
	from public.import_rows r, lateral (select private.read_geom_of_row(r, '{Point}') as g) x
	where r.township_id = t and r.import_id = imp and r.kind = 'tasks';

	insert into public.tasks (township_id, id, village_id, category, title, note, group_name, place_text, fix, unit,
		geom, method, created_by, import_id)
	select t, id, village, coalesce(data ->> 'category', 'OTHER'), private.text_of(data, 'title'),
		private.text_of(data, 'note'), private.text_of(data, 'group_name'), private.text_of(data, 'place_text'),
		private.text_of(data, 'fix'), private.text_of(data, 'unit'), g,
		case when g is not null then 'file' end, me, imp
	from pg_temp.import_scratch;

	insert into public.steps (township_id, id, village_id, thing_kind, thing_id, state, found_on,
		said_on, said_at, answers_name, due_on, first_due_on, done_on, done_at, done_name,
		proven_on, proven_at, proven_name, proven_how, import_id)
	select t, s.id, s.village, 'task', s.id, s.state::public.step_state,
		d.found_on, case when s.state <> 'found' then d.said_on end, case when s.state <> 'found' then now() end,
		nullif(private.text_of(s.data, 'answers_name'), ''),
		(s.data ->> 'due_on')::date, (s.data ->> 'due_on')::date,
		case when s.state in ('done', 'proven') then d.done_on end, case when s.state in ('done', 'proven') then now() end,
		case when s.state in ('done', 'proven') then nullif(private.text_of(s.data, 'answers_name'), '') end,
		case when s.state = 'proven' then d.proven_on end, case when s.state = 'proven' then now() end,
		case when s.state = 'proven' then nullif(private.text_of(s.data, 'proven_by'), '') end,
		case when s.state = 'proven' then 'ledger'::public.proof_how end, imp
	from pg_temp.import_scratch s,
	lateral (select private.not_after(s.data ->> 'found_on', today) as f, private.not_after(s.data ->> 'said_on', today) as a,
		private.not_after(s.data ->> 'done_on', today) as b, private.not_after(s.data ->> 'proven_on', today) as c) claim,
	-- A day the paper does not give is the nearest one it gives, so that none it gives has to move.
	lateral (select coalesce(f, a, b, c, today) as found_on, coalesce(a, f, b, c, today) as said_on,
		coalesce(b, c, today) as done_on, coalesce(c, today) as proven_on) raw,
	-- Days on paper out of order are put in order: a later fact is never dated before an earlier one.
	lateral (select raw.found_on, greatest(raw.said_on, raw.found_on) as said_on,
		greatest(raw.done_on, raw.said_on, raw.found_on) as done_on,
		greatest(raw.proven_on, raw.done_on, raw.said_on, raw.found_on) as proven_on) d;

	insert into public.acceptances (township_id, id, step_id, round, ok, by_name, happened_on, how, note)
	select t, private.new_id(), s.id, 1, true, s.proven_name, s.proven_on, 'ledger', ''
	from public.steps s where s.township_id = t and s.import_id = imp and s.thing_kind = 'task' and s.state = 'proven';

	update public.import_rows r set target_id = s.id from pg_temp.import_scratch s
	where r.township_id = t and r.import_id = imp and r.n = s.n;
	get diagnostics cnt = row_count;
	return cnt;
end
$$;

select private.apply_privileges();
