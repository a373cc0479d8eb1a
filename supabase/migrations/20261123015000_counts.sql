-- A step without a deadline is never overdue: greatest() passes over a null, so a ledger's row that was said
-- without a day counted as overdue from the day it was said.
create or replace function private.step_deltas(s public.steps, sign integer) returns setof private.delta
language sql immutable set search_path = '' as $$
	select s.township_id, coalesce(s.village_id, s.township_id), s.thing_kind, d.day,
		sign * d.planned, sign * d.said, sign * d.done, sign * d.proven, 0, sign * d.overdue
	from (values
		(s.found_on, 1, 0, 0, 0, 0),
		(s.said_on, 0, 1, 0, 0, 0),
		(s.done_on, 0, 0, 1, 0, 0),
		(s.proven_on, 0, 0, 0, 1, 0),
		(case when s.said_on is not null and s.due_on is not null then greatest(s.due_on + 1, s.said_on) end, 0, 0, 0, 0, 1),
		(case when s.said_on is not null and s.due_on is not null and s.done_on is not null
			then greatest(s.due_on + 1, s.said_on, s.done_on) end, 0, 0, 0, 0, -1)
	) as d(day, planned, said, done, proven, overdue)
	where d.day is not null and not s.voided and s.state <> 'dropped'
$$;

-- What was counted so far is put right: only imports bring steps that are said already.
select private.count_in(array(
	select row(s.township_id, coalesce(s.village_id, s.township_id), s.thing_kind, s.said_on, 0, 0, 0, 0, 0, -1)::private.delta
	from public.steps s
	where s.import_id is not null and s.said_on is not null and s.first_due_on is null and not s.voided and s.state <> 'dropped'
));
