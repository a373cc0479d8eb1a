-- 180,000 tasks on one wall map. What a tile, a board and a search need is kept beside the tasks in the
-- transaction that changes them, so that no cost of reading follows the number of tasks.

-- The Web Mercator square of the world in 2^24 × 2^24 cells (2.4 m at the equator), x and y interleaved:
-- a tile of any zoom is one unbroken range of codes.
create function private.spread(v bigint) returns bigint
language sql immutable parallel safe set search_path = '' as $$
	select (e | (e << 1)) & 6148914691236517205 from (
	select (d | (d << 2)) & 3689348814741910323 from (
	select (c | (c << 4)) & 1085102592571150095 from (
	select (b | (b << 8)) & 71777214294589695 from (
	select (v | (v << 16)) & 281470681808895) s1(b)) s2(c)) s3(d)) s4(e)
$$;
create function private.cell_code(x bigint, y bigint) returns bigint
language sql immutable parallel safe set search_path = '' as $$
	select private.spread(x) | (private.spread(y) << 1)
$$;

-- One row a task that may lie on the map. `level`: from which zoom on the task stands for its cell of
-- 8 px (512 px tiles, zoom 8–15); 16: only where every task is drawn. `prio`: the smaller speaks for a cell:
-- blocked, open (the earliest deadline first, and so the overdue), reported, accepted.
create table private.task_marks (
	township_id uuid not null,
	id uuid not null,
	village_id uuid,
	category text not null,
	campaign text not null,
	state public.step_state not null,
	-- Null when the task no longer counts (voided, archived).
	stage public.step_stage,
	blocked boolean not null,
	due_on date,
	x integer,
	y integer,
	code bigint,
	prio integer not null,
	level smallint,
	-- From when on it counts as carried over: its deadline, else the day it was found.
	since date not null,
	primary key (township_id, id)
);
-- What is overdue, due soon or carried over is counted from these two alone.
create index task_marks_due on private.task_marks (township_id, due_on) include (village_id, category, stage) where state = 'said';
create index task_marks_since on private.task_marks (township_id, since) include (village_id, category, stage, state) where state in ('found', 'said');
create index task_marks_by_tile on private.task_marks (township_id, level, code) where code is not null;

-- How many tasks stand where: what boards and totals read.
create table private.task_tallies (
	township_id uuid not null,
	-- The township's own id stands for tasks in no known village.
	village_id uuid not null,
	category text not null,
	stage public.step_stage not null,
	n integer not null,
	primary key (township_id, village_id, category, stage)
);

create function private.tally_marks() returns trigger
language plpgsql set search_path = '' as $$
begin
	if tg_op = 'INSERT' then
		insert into private.task_tallies as y (township_id, village_id, category, stage, n)
		select d.township_id, coalesce(d.village_id, d.township_id), d.category, d.stage, count(*)
		from rows_new d where d.stage is not null group by 1, 2, 3, 4 order by 1, 2, 3, 4
		on conflict (township_id, village_id, category, stage) do update set n = y.n + excluded.n;
	else
		insert into private.task_tallies as y (township_id, village_id, category, stage, n)
		select d.township_id, coalesce(d.village_id, d.township_id), d.category, d.stage, sum(d.one) from (
			select township_id, village_id, category, stage, -1 as one from rows_old
			union all
			select township_id, village_id, category, stage, 1 from rows_new
		) d where d.stage is not null group by 1, 2, 3, 4 having sum(d.one) <> 0 order by 1, 2, 3, 4
		on conflict (township_id, village_id, category, stage) do update set n = y.n + excluded.n;
	end if;
	return null;
end
$$;
create trigger tally_new after insert on private.task_marks
	referencing new table as rows_new for each statement execute function private.tally_marks();
create trigger tally_changed after update on private.task_marks
	referencing old table as rows_old new table as rows_new for each statement execute function private.tally_marks();

create function private.mark_of(t public.tasks, s public.steps) returns private.task_marks
language sql stable set search_path = '' as $$
	select row(t.township_id, t.id, t.village_id, t.category, t.campaign, s.state,
		case when s.voided or t.archived_at is not null then null else s.stage end,
		b.is_blocked, s.due_on, p.x, p.y, private.cell_code(p.x, p.y),
		case s.state when 'proven' then 3 when 'done' then 2 when 'dropped' then 4 else (not b.is_blocked)::int end * 1000000
			+ least(coalesce(s.due_on - '2000-01-01', 99999), 99999),
		case when p.x is null then null else 16 end::smallint, coalesce(s.due_on, s.found_on))::private.task_marks
	from (select exists (select from public.blockers b where b.township_id = s.township_id and b.step_id = s.id
		and b.closed_on is null) as is_blocked) b
	left join lateral (
		select least(greatest(floor((extensions.st_x(t.geom) + 180) / 360 * 16777216), 0), 16777215)::int as x,
			least(greatest(floor((0.5 - ln((1 + sin(radians(g.lat))) / (1 - sin(radians(g.lat)))) / (4 * pi())) * 16777216), 0), 16777215)::int as y
		from (select least(greatest(extensions.st_y(t.geom), -85.05), 85.05) as lat) g
		where t.geom is not null and not s.voided and t.archived_at is null and s.state <> 'dropped'
	) p on true
$$;

-- Chooses again who speaks for the cells (of zoom 15) and, as far as something changed, for the larger
-- ones around them. A larger cell only asks those who speak for its four parts.
create function private.thin_cells(t uuid, p_cells bigint[]) returns void
language plpgsql set search_path = '' set enable_seqscan = off as $$
declare
	cells bigint[] := p_cells;
	up uuid[];
	down uuid[];
	s integer;
begin
	for z in reverse 15..8 loop
		exit when coalesce(cardinality(cells), 0) = 0;
		s := 2 * (18 - z);
		-- Nothing is joined but index look-ups: in a young database the planner knows no sizes.
		select array_agg(r.id) filter (where r.nth = 1 and r.level > z), array_agg(r.id) filter (where r.nth > 1 and r.level <= z),
			array(select c from unnest(cells) c except select unnest(array_agg(r.c)))
				|| array_agg(r.c) filter (where case when r.nth = 1 then r.level > z else r.level <= z end)
		into up, down, cells
		from (
			select a.c, m.id, m.level, row_number() over (partition by a.c order by m.prio, m.id) as nth
			from unnest(cells) a(c) cross join generate_series(8, z + 1) l
			cross join lateral (
				select k.id, k.level, k.prio from private.task_marks k
				where k.township_id = t and k.level = l and k.code >= a.c << s and k.code < (a.c + 1) << s
				offset 0
			) m
		) r;
		update private.task_marks set level = z where township_id = t and id = any (up);
		update private.task_marks set level = z + 1 where township_id = t and id = any (down);
		cells := array(select distinct c >> 2 from unnest(cells) c);
	end loop;
end
$$;

create function private.mark_tasks(t uuid, p_ids uuid[]) returns void
language plpgsql set search_path = '' set enable_seqscan = off as $$
declare
	cells bigint[];
begin
	with now_marks as materialized (
		select k.* from public.tasks t0
		join public.steps s on s.township_id = t0.township_id and s.id = t0.id
		cross join lateral private.mark_of(t0, s) k
		where t0.township_id = t and t0.id = any (p_ids)
	), was as materialized (
		select m.* from private.task_marks m where m.township_id = t and m.id = any (p_ids)
	), written as (
		insert into private.task_marks as m select * from now_marks
		on conflict (township_id, id) do update set village_id = excluded.village_id, category = excluded.category,
			campaign = excluded.campaign, state = excluded.state, stage = excluded.stage, blocked = excluded.blocked,
			due_on = excluded.due_on, since = excluded.since, x = excluded.x, y = excluded.y, code = excluded.code, prio = excluded.prio,
			level = case when m.code = excluded.code and m.prio = excluded.prio then m.level else excluded.level end
	)
	select array(
		-- Grouped, not joined: a planner without statistics would compare each with each.
		select distinct c >> 6 from (
			select unnest(array_agg(x.code)) as c from (
				select id, code, prio from now_marks union all select id, code, prio from was
			) x group by x.id having count(*) = 1 or count(x.code) = 1 or min(x.code) <> max(x.code) or min(x.prio) <> max(x.prio)
		) y where c is not null
	) into cells;
	perform private.thin_cells(t, cells);
end
$$;

create function private.mark_changed() returns trigger
language plpgsql set search_path = '' as $$
declare
	r record;
begin
	if tg_table_name = 'steps' then
		for r in select township_id, array_agg(id) as ids from rows_new where thing_kind = 'task' group by 1 loop
			perform private.mark_tasks(r.township_id, r.ids);
		end loop;
	elsif tg_table_name = 'blockers' then
		for r in select township_id, array_agg(distinct step_id) as ids from rows_new where thing_kind = 'task' group by 1 loop
			perform private.mark_tasks(r.township_id, r.ids);
		end loop;
	else
		for r in select township_id, array_agg(id) as ids from rows_new group by 1 loop
			perform private.mark_tasks(r.township_id, r.ids);
		end loop;
	end if;
	return null;
end
$$;
-- A task without its step is nothing yet, so new tasks are marked when their step comes.
create trigger mark_new after insert on public.steps
	referencing new table as rows_new for each statement execute function private.mark_changed();
create trigger mark_changed after update on public.steps
	referencing new table as rows_new for each statement execute function private.mark_changed();
create trigger mark_changed after update on public.tasks
	referencing new table as rows_new for each statement execute function private.mark_changed();
create trigger mark_new after insert on public.blockers
	referencing new table as rows_new for each statement execute function private.mark_changed();
create trigger mark_changed after update on public.blockers
	referencing new table as rows_new for each statement execute function private.mark_changed();

do $$
declare
	r record;
begin
	for r in select township_id, array_agg(id) as ids from public.steps where thing_kind = 'task' group by 1 loop
		perform private.mark_tasks(r.township_id, r.ids);
	end loop;
end
$$;

-- The tasks of one tile, thinned: at most 2,000, from one index range a level. `tag` changes with every
-- event and day; when the reader has it already, nothing is read. Null: no such township for this reader.
create function public.task_tile(p_township uuid, p_z integer, p_x integer, p_y integer, p_tag text default null) returns jsonb
language plpgsql stable security definer set search_path = '' set enable_seqscan = off as $$
declare
	v_tag text;
	lo bigint;
	hi bigint;
	points jsonb;
begin
	if not p_township in (select private.my_townships()) then return null; end if;
	if p_z not between 8 and 16 or p_x not between 0 and (1 << p_z) - 1 or p_y not between 0 and (1 << p_z) - 1 then return null; end if;
	select coalesce((select seq from private.chain_heads where township_id = p_township), 0) || '.' || private.today() into v_tag;
	if p_tag = v_tag then return jsonb_build_object('tag', v_tag); end if;
	lo := private.cell_code(p_x, p_y) << (2 * (24 - p_z));
	hi := (private.cell_code(p_x, p_y) + 1) << (2 * (24 - p_z));
	select coalesce(jsonb_agg(jsonb_build_array(k.id, k.x, k.y, k.category, k.state, k.blocked, k.due_on, k.village_id,
		k.campaign, k.stage)), '[]') into points
	from (
		select m.* from generate_series(8, p_z) l cross join lateral (
			select * from private.task_marks n
			where n.township_id = p_township and n.level = l and n.code >= lo and n.code < hi
		) m limit 2000
	) k;
	return jsonb_build_object('tag', v_tag, 'today', private.today(), 'points', points);
end
$$;

-- Which tallies a filter asks for, as far as tallies can answer it. The sub-selects unpack a list once, not per row.
create function private.tallies_of(p_township uuid, f jsonb) returns setof private.task_tallies
language sql stable set search_path = '' as $$
	select y.* from private.task_tallies y
	where y.township_id = p_township
		and (f -> 'village' is null or y.village_id = any ((select private.uuids_of(f -> 'village'))::uuid[]))
		and (f -> 'type' is null or y.category = any ((select private.texts_of(f -> 'type'))::text[]))
		and case when f -> 'stage' is null then y.stage not in ('rejected', 'merged', 'dropped')
			else y.stage = any ((select private.texts_of(f -> 'stage'))::public.step_stage[]) end
$$;
-- The same question of single marks: how many of a filter are overdue, due soon, carried over from earlier months.
create function private.due_counts(p_township uuid, f jsonb) returns jsonb
language sql stable set search_path = '' as $$
	with asked as (
		select case when f -> 'village' is not null then private.uuids_of(f -> 'village') end as villages,
			case when f -> 'type' is not null then private.texts_of(f -> 'type') end as types,
			case when f -> 'stage' is not null then private.texts_of(f -> 'stage')::public.step_stage[] end as stages,
			private.today() as today, date_trunc('month', private.today())::date as month
	)
	select jsonb_build_object('overdue', count(*) filter (where m.due_on < a.today),
		'soon', count(*) filter (where m.due_on >= a.today),
		'carried', (select count(*) from asked c, private.task_marks m
			where m.township_id = p_township and m.state in ('found', 'said') and m.since < c.month and m.stage is not null
				and (c.villages is null or m.village_id = any (c.villages)) and (c.types is null or m.category = any (c.types))
				and (c.stages is null or m.stage = any (c.stages))))
	from asked a, private.task_marks m
	where m.township_id = p_township and m.state = 'said' and m.due_on <= a.today + 3 and m.stage is not null
		and (a.villages is null or m.village_id = any (a.villages)) and (a.types is null or m.category = any (a.types))
		and (a.stages is null or m.stage = any (a.stages))
$$;
-- How many tasks a filter lets through; null where only the tasks themselves can tell.
create function private.tallied(p_township uuid, f jsonb) returns integer
language sql stable set search_path = '' as $$
	select case when not exists (
		select from jsonb_each(f) e where e.key not in ('village', 'type', 'stage', 'sort') and e.value not in ('null', 'false', '""')
	) and coalesce(jsonb_typeof(f -> 'village'), 'array') = 'array' and coalesce(jsonb_typeof(f -> 'type'), 'array') = 'array'
		and coalesce(jsonb_typeof(f -> 'stage'), 'array') = 'array'
	then (select coalesce(sum(y.n), 0)::integer from private.tallies_of(p_township, f) y) end
$$;

-- Letters and pairs of letters of a text: what a search for one or two Chinese characters can use. Of its first
-- 64 letters only: substr() walks the text each time, so long notes would cost seconds. Dear on purpose:
-- computed by the index, and where rows are looked at one by one, after the cheap ilike.
create function private.grams(p text) returns text[]
language sql immutable parallel safe cost 100000 set search_path = '' as $$
	select coalesce(array_agg(distinct g), '{}') from (
		select substr(lower(left(p, 64)), i, n) as g
		from generate_series(1, least(char_length(p), 64)) i cross join (values (1), (2)) v(n)
	) x where btrim(g) <> '' and char_length(g) > 0
$$;
create index tasks_by_words on public.tasks using gin (private.grams(title || ' ' || place_text || ' ' || note || ' ' || group_name))
	where archived_at is null;
-- The few with longer texts are all looked at.
create index tasks_of_many_words on public.tasks (township_id, id)
	where archived_at is null and char_length(title || ' ' || place_text || ' ' || note || ' ' || group_name) > 64;
create index steps_by_due on public.steps (township_id, due_on, id) where thing_kind = 'task' and not voided;
create index steps_said_by_due on public.steps (township_id, due_on, id) where state = 'said' and thing_kind = 'task' and not voided;
create index steps_carried on public.steps (township_id, (coalesce(due_on, found_on))) where state in ('found', 'said') and thing_kind = 'task' and not voided;
create index tasks_of_campaign on public.tasks (township_id, campaign, id) where campaign <> '';

-- The conditions of a filter as SQL over `s` (steps) and over `t` (tasks, `task_where_own`): only what was asked for is
-- there, every value is a quoted literal. What `q` asks for is in `task_words`. {village[], type[], stage[], state[], who,
-- overdue, soon, carried, blocked, mine, campaign, q, due_from, due_to, found_from, found_to, ids[]}.
create function private.task_where(p_township uuid, f jsonb) returns text
language plpgsql stable set search_path = '' as $$
declare
	w text := format('s.township_id = %L and s.thing_kind = ''task'' and not s.voided', p_township);
begin
	if jsonb_typeof(f -> 'ids') = 'array' then w := w || format(' and s.id = any (%L::uuid[])', private.uuids_of(f -> 'ids')); end if;
	if jsonb_typeof(f -> 'village') = 'array' then w := w || format(' and s.village_id = any (%L::uuid[])', private.uuids_of(f -> 'village')); end if;
	if jsonb_typeof(f -> 'stage') = 'array' then
		w := w || case when jsonb_array_length(f -> 'stage') = 1
			then format(' and s.stage = %L', (f -> 'stage' ->> 0)::public.step_stage)
			else format(' and s.stage = any (%L::public.step_stage[])', private.texts_of(f -> 'stage')) end;
	elsif jsonb_typeof(f -> 'ids') is distinct from 'array' then
		w := w || ' and s.stage not in (''rejected'', ''merged'', ''dropped'')';
	end if;
	if jsonb_typeof(f -> 'state') = 'array' then
		w := w || case when jsonb_array_length(f -> 'state') = 1
			then format(' and s.state = %L', (f -> 'state' ->> 0)::public.step_state)
			else format(' and s.state = any (%L::public.step_state[])', private.texts_of(f -> 'state')) end;
	end if;
	if (f ->> 'blocked')::boolean then w := w || format(' and exists (select from public.blockers b
		where b.township_id = %L and b.step_id = s.id and b.closed_on is null)', p_township); end if;
	if f ->> 'who' is not null then w := w || format(' and s.answers = %L::uuid', (f ->> 'who')::uuid); end if;
	if (f ->> 'mine')::boolean then w := w || format(' and s.answers = %L::uuid', private.my_person()); end if;
	if (f ->> 'overdue')::boolean then w := w || format(' and s.state = ''said'' and s.due_on < %L::date', private.today()); end if;
	if (f ->> 'soon')::boolean then
		w := w || format(' and s.state = ''said'' and s.due_on between %L::date and %L::date', private.today(), private.today() + 3);
	end if;
	if (f ->> 'carried')::boolean then
		w := w || format(' and s.state in (''found'', ''said'') and coalesce(s.due_on, s.found_on) < %L::date', date_trunc('month', private.today())::date);
	end if;
	if f ->> 'due_from' is not null then w := w || format(' and s.due_on >= %L::date', (f ->> 'due_from')::date); end if;
	if f ->> 'due_to' is not null then w := w || format(' and s.due_on <= %L::date', (f ->> 'due_to')::date); end if;
	if f ->> 'found_from' is not null then w := w || format(' and s.found_on >= %L::date', (f ->> 'found_from')::date); end if;
	if f ->> 'found_to' is not null then w := w || format(' and s.found_on <= %L::date', (f ->> 'found_to')::date); end if;
	return w;
end
$$;

create function private.task_where_own(f jsonb) returns text
language sql immutable set search_path = '' as $$
	select case when jsonb_typeof(f -> 'type') = 'array' then format(' and t.category = any (%L::text[])', private.texts_of(f -> 'type')) else '' end
		|| case when f ->> 'campaign' is not null then format(' and t.campaign = %L', f ->> 'campaign') else '' end
$$;
-- Behind row level security the planner draws no conclusion from `stage = 'found'` (the operators of enums are not
-- leakproof): it neither sees how often a stage is nor that an index by stage is then in the order of ids. So for one
-- stage or one state the order names the whole key of that index.
create function private.task_order(f jsonb) returns text
language sql immutable set search_path = '' as $$
	select case when f ->> 'sort' = 'due' then 's.due_on nulls last, s.id'
		when jsonb_typeof(f -> 'stage') = 'array' and jsonb_array_length(f -> 'stage') = 1 then 's.thing_kind, s.stage, s.id desc'
		when jsonb_typeof(f -> 'state') = 'array' and jsonb_array_length(f -> 'state') = 1 then 's.thing_kind, s.state, s.id desc'
		else 's.id desc' end
$$;
-- The tasks of a filter. `p_walk`: only as many of the first ones, each text looked up as it is met; else joined.
create function private.task_from(p_township uuid, f jsonb, p_after text, p_walk integer) returns text
language sql stable set search_path = '' as $$
	select case when p_walk is null then format('public.steps s
		join public.tasks t on t.township_id = s.township_id and t.id = s.id and t.archived_at is null%s where %s%s',
		private.task_where_own(f), private.task_where(p_township, f), p_after)
	else format('(select s.* from public.steps s where %s%s order by %s limit %s) s cross join lateral (
		select t.title || '' '' || t.place_text || '' '' || t.note || '' '' || t.group_name as words from public.tasks t
		where t.township_id = s.township_id and t.id = s.id and t.archived_at is null%s offset 0) t where true',
		private.task_where(p_township, f), p_after, private.task_order(f), p_walk, private.task_where_own(f)) end
$$;

create type private.words_asked as (
	-- A condition on a task's text; null when nothing is searched.
	met text,
	-- The same as a condition on `s.id`, for a word that few tasks have.
	looked_up text,
	-- How many tasks a walk from the newest on should meet at most for each one wanted; null when the word is rare.
	walk double precision
);
create function private.task_words(p_township uuid, q text) returns private.words_asked
language plpgsql stable set search_path = '' set enable_seqscan = off as $$
declare
	asked text := btrim(left(q, 100));
	grams text[] := private.grams(asked);
	pairs text[] := array(select g from unnest(grams) g where char_length(g) = 2);
	size integer;
	few integer;
	n integer;
	r private.words_asked;
begin
	if coalesce(asked, '') = '' then return null; end if;
	if cardinality(pairs) > 0 then grams := pairs; end if;
	-- Without letters that have two cases LIKE finds the same and need not change every text first.
	r.met := format(case when upper(asked) = lower(asked) then 'like %L' else 'ilike %L' end,
		'%' || replace(replace(replace(asked, '\', '\\'), '%', '\%'), '_', '\_') || '%');
	-- The index finds candidates by letters and pairs of letters; the text itself decides. Looked up once and apart
	-- from any join, so that whatever the planner believes the texts are read at most once.
	r.looked_up := format('s.id = any (array(select x.id from public.tasks x where x.township_id = %L and x.archived_at is null
		and (x.title || '' '' || x.place_text || '' '' || x.note || '' '' || x.group_name) %s
		and (char_length(x.title || '' '' || x.place_text || '' '' || x.note || '' '' || x.group_name) > 64
			or private.grams(x.title || '' '' || x.place_text || '' '' || x.note || '' '' || x.group_name) @> %L::text[])))',
		p_township, r.met, grams);
	-- Where looking up a candidate and walking past a task cost the same, a thousand tasks are sooner met by walking
	-- when more than this many have the word.
	select coalesce(sum(y.n), 0) into size from private.task_tallies y where y.township_id = p_township;
	few := greatest(2000, sqrt(1000.0 * size));
	select count(*) into n from (select from public.tasks x where x.township_id = p_township and x.archived_at is null
		and private.grams(x.title || ' ' || x.place_text || ' ' || x.note || ' ' || x.group_name) @> grams limit few + 1) y;
	-- Three times as far as it should take: a word that was common years ago is then looked up after all.
	if n > few then r.walk := 3.0 * size / few; end if;
	return r;
end
$$;
-- Runs a question with the settings of a walk: row by row along an index, nothing built or sorted first.
create function private.walked(p_sql text, inout answer anyelement)
language plpgsql stable set search_path = ''
	set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set enable_sort = off as $$
begin
	execute p_sql into answer;
end
$$;

-- The ids of the first tasks of a filter, in its order, after this key.
create function private.task_ids(p_township uuid, f jsonb, p_before uuid, p_limit integer) returns uuid[]
language plpgsql stable set search_path = '' as $$
declare
	words private.words_asked := private.task_words(p_township, f ->> 'q');
	sorted text := private.task_order(f);
	after text := '';
	met integer;
	k public.steps;
	ids uuid[];
begin
	if p_before is not null then select * into k from public.steps where township_id = p_township and id = p_before; end if;
	if f ->> 'sort' = 'due' then
		if k.due_on is not null then after := format(' and ((s.due_on, s.id) > (%L::date, %L::uuid) or s.due_on is null)', k.due_on, k.id);
		elsif k.id is not null then after := format(' and s.due_on is null and s.id > %L::uuid', k.id); end if;
	elsif k.id is not null then
		after := format(' and s.id < %L::uuid', k.id);
	end if;
	if words.walk is not null then
		met := ceil(words.walk * p_limit);
		ids := private.walked(format('select array(select s.id from %s and t.words %s order by %s limit %s)',
			private.task_from(p_township, f, after, met), words.met, sorted, p_limit), ids);
		-- All there are, unless the walk ended before the tasks did.
		if cardinality(ids) = p_limit or not private.walked(format('select exists (select from public.steps s where %s order by %s offset %s)',
			private.task_where(p_township, f) || after, sorted, met), false) then
			return ids;
		end if;
	end if;
	execute format('select array(select s.id from %s order by %s limit %s)',
		private.task_from(p_township, f, after || coalesce(' and ' || words.looked_up, ''), null), sorted, p_limit) into ids;
	return ids;
end
$$;

-- `total` is exact where the tallies know it or all are read, else up to 1,000 (`capped`).
create function public.task_list(p_township uuid, p_filter jsonb default '{}', p_before uuid default null, p_limit integer default 100)
returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
	f jsonb := coalesce(p_filter, '{}');
	n integer := least(greatest(coalesce(p_limit, 100), 1), 5000);
	ids uuid[];
	total integer;
	up_to integer;
	v_rows jsonb;
begin
	if not p_township in (select private.my_townships()) then return null; end if;
	total := private.tallied(p_township, f);
	-- The first page and how many there are come from one reading.
	up_to := case when total is null and p_before is null then greatest(n, 1000) else n end;
	ids := private.task_ids(p_township, f, p_before, up_to);
	if total is null and p_before is not null then
		up_to := 1000;
		total := cardinality(private.task_ids(p_township, f, null, up_to));
	end if;
	select coalesce(jsonb_agg(r.j order by i.place), '[]') into v_rows
	from unnest(ids[1:n]) with ordinality i(id, place) join private.task_rows(p_township, ids[1:n]) r on r.id = i.id;
	return jsonb_build_object('total', coalesce(total, cardinality(ids)),
		'capped', private.tallied(p_township, f) is null and coalesce(total, cardinality(ids)) = up_to, 'rows', v_rows);
end
$$;

-- `capped`: the stages with more tasks than a search reads; their counts are "at least". Absent when all are exact.
create function public.task_counts(p_township uuid, p_filter jsonb default '{}') returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
	most constant integer := 3000;
	f jsonb := coalesce(p_filter, '{}');
	words private.words_asked;
	among text;
	counting text := 'select jsonb_build_object(
		''byStage'', coalesce(jsonb_object_agg(x.stage, x.n) filter (where x.n > 0), ''{}''), ''overdue'', coalesce(sum(x.overdue), 0),
		''soon'', coalesce(sum(x.soon), 0), ''carried'', coalesce(sum(x.carried), 0))
		|| case when bool_or(x.looked_at = %5$s) then jsonb_build_object(''capped'', jsonb_agg(x.stage) filter (where x.looked_at = %5$s)) else ''{}'' end
		from (
			select s.stage, count(*) as looked_at, count(*) filter (where s.met) as n,
				count(*) filter (where s.met and s.state = ''said'' and s.due_on < %1$L::date) as overdue,
				count(*) filter (where s.met and s.state = ''said'' and s.due_on between %1$L::date and %2$L::date) as soon,
				count(*) filter (where s.met and s.state in (''found'', ''said'') and coalesce(s.due_on, s.found_on) < %3$L::date) as carried
			from (%4$s) s group by s.stage) x';
	result jsonb;
begin
	if not p_township in (select private.my_townships()) then return null; end if;
	if private.tallied(p_township, f) is not null then
		-- Counts from the tallies, deadlines from what is open: nothing here follows the number of tasks.
		result := private.due_counts(p_township, f) || jsonb_build_object('byStage', (
			select coalesce(jsonb_object_agg(x.stage, x.n), '{}') from (
				select y.stage, sum(y.n) as n from private.tallies_of(p_township, f) y group by 1 having sum(y.n) > 0) x));
	else
		words := private.task_words(p_township, f ->> 'q');
		if words.walk is null then
			among := format('select s.stage, s.state, s.due_on, s.found_on, true as met from %s',
				private.task_from(p_township, f, coalesce(' and ' || words.looked_up, ''), null));
			execute format(counting, private.today(), private.today() + 3, date_trunc('month', private.today())::date, among, 'null') into result;
		else
			select string_agg(format('(select s.stage, s.state, s.due_on, s.found_on, t.words %s as met from %s)', words.met,
				private.task_from(p_township, f || jsonb_build_object('stage', jsonb_build_array(y.stage)), '', most)), ' union all ')
			into among
			-- Only stages that a task may stand in now: of the others there is nothing to walk through.
			from (select distinct stage from private.tallies_of(p_township, case when f -> 'stage' is null then '{}'
				else jsonb_build_object('stage', f -> 'stage') end) where n > 0) y;
			result := private.walked(format(counting, private.today(), private.today() + 3,
				date_trunc('month', private.today())::date, among, most), result);
		end if;
	end if;
	return result || jsonb_build_object('campaigns', (
		with recursive names(campaign) as (
			select min(campaign) from public.tasks where township_id = p_township and campaign <> ''
			union all
			select (select min(t.campaign) from public.tasks t where t.township_id = p_township and t.campaign > n.campaign and t.campaign <> '')
			from names n where n.campaign is not null
		)
		select coalesce(jsonb_agg(x.campaign order by x.campaign), '[]') from (
			select n.campaign from names n cross join lateral (
				select t.id from public.tasks t where t.township_id = p_township and t.campaign = n.campaign and t.campaign <> ''
					and t.archived_at is null order by t.id desc limit 1) t
			where n.campaign is not null order by t.id desc limit 50) x));
end
$$;

-- As before, but the whole key is named in the order: inside LATERAL the planner does not see that all but the
-- day is fixed, and would read and sort every day of every village.
create or replace function public.progress_on(p_township uuid, p_day date)
returns table (village_id uuid, kind public.thing_kind, planned integer, said integer, done integer,
	proven integer, blocked integer, overdue integer)
language sql stable security definer set search_path = '' as $$
	select v.id, k.kind, p.planned, p.said, p.done, p.proven, p.blocked, p.overdue
	from (select id from public.places where township_id = p_township and level in ('village', 'township')
		and p_township in (select private.my_townships())) v
	cross join unnest(enum_range(null::public.thing_kind)) as k(kind)
	cross join lateral (
		select o.* from public.progress o
		where o.township_id = p_township and o.village_id = v.id and o.kind = k.kind and o.day <= p_day
		order by o.township_id desc, o.village_id desc, o.kind desc, o.day desc limit 1
	) p
$$;

-- As before, but of today's tasks the most urgent first.
create or replace function public.things_on(p_township uuid, p_day date default null, p_limit integer default 20000) returns jsonb
language sql stable security definer set search_path = '' as $$
	with day as (
		-- No row, and so nothing below, for whoever may not look at this township.
		select least(coalesce(p_day, private.today()), private.today()) as shown
		where p_township in (select private.my_townships())
	), picked as (
		-- Today: the open ones, the most urgent first, then the rest, each straight from an index; the next
		-- part is read only while there is room. (Whole keys: see task_order.)
		(select x.* from (
			(select s.* from public.steps s where s.township_id = p_township and s.thing_kind = 'task' and not s.voided
				and s.state = 'said' and (select shown from day) >= private.today() order by s.due_on, s.id limit p_limit)
			union all
			(select s.* from public.steps s where s.township_id = p_township and s.thing_kind = 'task' and not s.voided
				and s.state = 'found' and (select shown from day) >= private.today() order by s.thing_kind, s.state, s.id desc limit p_limit)
			union all
			(select s.* from public.steps s where s.township_id = p_township and s.thing_kind = 'task' and not s.voided
				and s.state = 'done' and (select shown from day) >= private.today() order by s.thing_kind, s.state, s.id desc limit p_limit)
			union all
			(select s.* from public.steps s where s.township_id = p_township and s.thing_kind = 'task' and not s.voided
				and s.state = 'proven' and (select shown from day) >= private.today() order by s.thing_kind, s.state, s.id desc limit p_limit)
		) x limit p_limit)
		union all
		-- A past day: what had been found by then, the latest first.
		(select s.* from public.steps s
		where s.township_id = p_township and s.thing_kind = 'task' and not s.voided
			and (select shown from day) < private.today() and s.found_on <= (select shown from day)
		order by s.thing_kind, s.found_on desc, s.id desc limit p_limit)
		union all
		-- Projects and plans are few; each one's steps are looked up by its id.
		select s.* from (
			select 'project'::public.thing_kind as kind, id from public.projects where township_id = p_township and archived_at is null
			union all select 'plan', id from public.plans where township_id = p_township and archived_at is null
		) w cross join lateral (
			select * from public.steps o where o.township_id = p_township and o.thing_kind = w.kind and o.thing_id = w.id
				and not o.voided and o.found_on <= (select shown from day) offset 0
		) s
	), now_steps as (
		select s.*, private.state_on(row(s.*)::public.steps, day.shown) as st,
			s.id in (select b.step_id from public.blockers b, day d where b.township_id = p_township
				and b.opened_on <= d.shown and (b.closed_on is null or b.closed_on > d.shown)) as is_blocked,
			coalesce(s.due_on < day.shown, false) and private.state_on(row(s.*)::public.steps, day.shown) = 'said' as is_overdue
		from picked s, day
	), tasks as (
		select t.id, 'task' as kind, t.title, t.category, t.village_id, s.st as state, s.is_blocked, s.is_overdue,
			s.first_due_on, s.due_on, t.geom, jsonb_build_array(1, (s.st in ('said', 'done', 'proven'))::int,
				(s.st in ('done', 'proven'))::int, (s.st = 'proven')::int, s.is_blocked::int, s.is_overdue::int) as steps
		from now_steps s join public.tasks t on t.township_id = s.township_id and t.id = s.thing_id
		where s.thing_kind = 'task' and t.archived_at is null and s.st <> 'dropped'
		order by s.st, t.id desc
	), sets as (
		select s.thing_kind, s.thing_id, count(*)::int planned,
			count(*) filter (where s.st in ('said', 'done', 'proven'))::int said,
			count(*) filter (where s.st in ('done', 'proven'))::int done,
			count(*) filter (where s.st = 'proven')::int proven,
			count(*) filter (where s.is_blocked)::int blocked, count(*) filter (where s.is_overdue)::int overdue,
			max(s.first_due_on) first_due_on, max(s.due_on) due_on
		from now_steps s where s.thing_kind <> 'task' and s.st <> 'dropped' group by 1, 2
	), others as (
		select x.id, x.kind, x.title, x.category, x.village_id,
			case when n.planned is null or n.said = 0 then 'found' when n.proven = n.planned then 'proven'
				when n.done = n.planned then 'done' else 'said' end::public.step_state as state,
			coalesce(n.blocked, 0) > 0 as is_blocked, coalesce(n.overdue, 0) > 0 as is_overdue,
			n.first_due_on, n.due_on, x.geom, jsonb_build_array(coalesce(n.planned, 0), coalesce(n.said, 0),
				coalesce(n.done, 0), coalesce(n.proven, 0), coalesce(n.blocked, 0), coalesce(n.overdue, 0)) as steps
		from (
			select p.id, 'project' as kind, p.title, p.target_grade as category, p.village_id,
				coalesce(u.geom, v.label) as geom, p.created_at
			from public.projects p
			join public.scenic_units u on u.township_id = p.township_id and u.id = p.unit_id
			left join public.places v on v.id = p.village_id
			where p.township_id = p_township and p.archived_at is null
			union all
			select p.id, 'plan', p.title, p.category, p.village_id, coalesce(p.geom, v.label), p.created_at
			from public.plans p left join public.places v on v.id = p.village_id
			where p.township_id = p_township and p.archived_at is null
		) x
		cross join day
		left join sets n on n.thing_kind = x.kind::public.thing_kind and n.thing_id = x.id
	), listed as (
		select * from tasks union all select * from others
	)
	select jsonb_build_object(
		'total', coalesce((
			select sum(p.planned) from day, public.progress_on(p_township, day.shown) p where p.kind = 'task'
		), 0) + (select count(*) from others),
		'things', coalesce(jsonb_agg(jsonb_build_array(l.id, l.kind, l.title, l.category, l.village_id, l.state,
			l.is_blocked, l.is_overdue, l.first_due_on, l.due_on,
			case when extensions.st_dimension(l.geom) = 0 then null else private.shape_json(l.geom) end,
			case when l.geom is null then null
				when extensions.geometrytype(l.geom) = 'POINT' then jsonb_build_array(
					round(extensions.st_x(l.geom)::numeric, 6), round(extensions.st_y(l.geom)::numeric, 6))
				else jsonb_build_array(
					round(extensions.st_x(extensions.st_pointonsurface(l.geom))::numeric, 6),
					round(extensions.st_y(extensions.st_pointonsurface(l.geom))::numeric, 6)) end,
			l.steps)), '[]')
	) from listed l
$$;
insert into private.offers (signature, to_role) values ('public.task_tile(uuid, integer, integer, integer, text)', 'authenticated'),
	('public.task_list(uuid, jsonb, uuid, integer)', 'authenticated'), ('public.task_counts(uuid, jsonb)', 'authenticated');
select private.apply_privileges();
