-- What a blocker asks of the district and what the district answered also stand where many tasks are read at once:
-- lists, board, phones.

alter function private.task_rows(uuid, uuid[]) rename to task_rows_without_answers;
-- A look-up a blocker that is open, not a row.
create function private.task_rows(p_township uuid, p_ids uuid[]) returns table (id uuid, j jsonb)
language sql stable set search_path = '' as $$
	select r.id, case when b.id is null then r.j else jsonb_set(r.j, '{blocker}', (r.j -> 'blocker') || jsonb_build_object(
		'ask', b.ask, 'answers', case when b.ask = '' then '[]' else private.answers_to(p_township, 'blocker', b.id) end)) end
	from private.task_rows_without_answers(p_township, p_ids) r
	left join public.blockers b on b.township_id = p_township and b.step_id = r.id and b.closed_on is null
$$;
select private.apply_privileges();
