-- What the wall map writes beside a project: its phase and the grades of the rated place, on any day.

-- [id, phase, grade held (null: nobody recorded what it was then), grade aimed at] of each project.
create function public.project_marks(p_township uuid, p_day date default null) returns jsonb
language sql stable set search_path = '' as $$
	with day as (select coalesce(least(p_day, private.today()), private.today()) as shown)
	select coalesce(jsonb_agg(jsonb_build_array(
		p.id,
		case when day.shown = private.today() then p.phase else coalesce((select l.to_phase from public.project_log l
			where l.township_id = p_township and l.project_id = p.id and l.happened_on <= day.shown
			order by l.at desc, l.id desc limit 1), 'planned') end,
		case when later.id is null then u.present_grade
			else (select case g.verb when 'delist' then '' else g.data ->> 'grade' end
				from public.project_log g join public.projects q on q.township_id = g.township_id and q.id = g.project_id
				where g.township_id = p_township and q.unit_id = u.id and g.verb in ('list', 'downgrade', 'delist')
					and g.happened_on <= day.shown
				order by g.at desc, g.id desc limit 1) end,
		p.target_grade) order by p.id), '[]')
	from public.projects p
	cross join day
	join public.scenic_units u on u.township_id = p.township_id and u.id = p.unit_id
	-- The grade was changed after that day: then what the record says, not what is held now.
	left join lateral (
		select g.id from public.project_log g join public.projects q on q.township_id = g.township_id and q.id = g.project_id
		where g.township_id = p_township and q.unit_id = u.id and g.verb in ('list', 'downgrade', 'delist')
			and g.happened_on > day.shown
		limit 1
	) later on true
	where p.township_id = p_township and p.archived_at is null
$$;

insert into private.offers (signature, to_role) values ('public.project_marks(uuid, date)', 'authenticated');
select private.apply_privileges();
