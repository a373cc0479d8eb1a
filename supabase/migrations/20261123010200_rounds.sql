-- Check rounds (四不两直): who checks which villages by which sheet. Hidden from everybody but its
-- checkers until it is finished; then it is everybody's, with scores that were frozen at that moment.

create table public.check_rounds (
	township_id uuid not null references public.places,
	id uuid not null,
	title text not null check (char_length(title) between 1 and 100),
	-- [{code, label, points, perFinding, category, zeroOn: {label, category} | null}]
	sheet jsonb not null check (pg_column_size(sheet) <= 16384),
	village_ids uuid[] not null check (cardinality(village_ids) between 1 and 200),
	-- Where chance chose: {seed, size, pool: [names], leftOut: [names]}; null: chosen by hand.
	draw jsonb check (pg_column_size(draw) <= 32768),
	-- Whoever made it is one of them.
	checkers uuid[] not null check (cardinality(checkers) between 1 and 20),
	made_on date not null default private.today(),
	made_at timestamptz not null default now(),
	made_by uuid not null references public.persons,
	-- The day of the first look.
	started_on date,
	finished_on date,
	finished_at timestamptz,
	finished_by uuid references public.persons,
	cancelled_on date,
	cancelled_by uuid references public.persons,
	-- Given at the end: a gap in the numbers would tell that a round is under way.
	year integer,
	no integer,
	demand text not null default '' check (char_length(demand) <= 1000),
	due_on date,
	result jsonb check (pg_column_size(result) <= 262144),
	version integer not null default 1,
	primary key (township_id, id),
	unique (township_id, year, no),
	constraint finished_has_its_result check (
		(finished_on is null) = (result is null) and (finished_on is null) = (no is null)
		and (finished_on is null) = (finished_by is null)),
	constraint finished_or_cancelled check (finished_on is null or cancelled_on is null)
);

create table public.check_findings (
	township_id uuid not null,
	-- The task it becomes has the same id.
	id uuid not null,
	round_id uuid not null,
	village_id uuid not null references public.places,
	item text not null check (char_length(item) <= 12),
	count integer not null default 1 check (count between 1 and 99),
	-- Of the kind that zeroes its item.
	zero boolean not null default false,
	note text not null default '' check (char_length(note) <= 1000),
	place_text text not null default '' check (char_length(place_text) <= 200),
	geom extensions.geometry(Point, 4326),
	method text check (method in ('device', 'map')),
	found_on date not null default private.today(),
	found_at timestamptz not null default now(),
	found_by uuid not null references public.persons,
	due_on date,
	voided boolean not null default false,
	version integer not null default 1,
	primary key (township_id, id),
	foreign key (township_id, round_id) references public.check_rounds
);
create index check_findings_by_round on public.check_findings (township_id, round_id, village_id);

-- Somebody went through the whole sheet in this village. Without it a village has no score.
create table public.check_visits (
	township_id uuid not null,
	round_id uuid not null,
	village_id uuid not null references public.places,
	looked boolean not null,
	on_day date not null,
	by_person uuid not null references public.persons,
	primary key (township_id, round_id, village_id),
	foreign key (township_id, round_id) references public.check_rounds
);

-- ── who sees what ────────────────────────────────────────────────────────────────────────────────

-- The checked side: whoever holds a role in one of these villages or below it.
create function private.works_at(p_person uuid, p_villages uuid[]) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select from public.memberships m join public.places p on p.id = m.place_id
		where m.person_id = p_person and (p.id = any (p_villages) or p.parent_id = any (p_villages))
			and m.valid_from <= private.today() and (m.valid_to is null or m.valid_to > private.today())
	)
$$;

create function private.my_rounds() returns setof uuid
language sql stable security definer set search_path = '' as $$
	with me as materialized (select private.my_person() as id)
	select r.id from me, public.check_rounds r
	where r.township_id in (select private.my_townships())
		and (r.finished_on is not null
			or (me.id = any (r.checkers) and not private.works_at(me.id, r.village_ids)))
$$;

alter table public.check_rounds enable row level security;
create policy "checkers see their round, members when it is finished" on public.check_rounds
	for select to authenticated using (id in (select private.my_rounds()));
alter table public.check_findings enable row level security;
create policy "findings are seen by whoever sees the round" on public.check_findings
	for select to authenticated using (round_id in (select private.my_rounds()));
alter table public.check_visits enable row level security;
create policy "visits are seen by whoever sees the round" on public.check_visits
	for select to authenticated using (round_id in (select private.my_rounds()));

-- What the log says of a round is as hidden as the round.
create policy "rounds stay hidden until they are finished" on public.events
	as restrictive for select to authenticated using (
		subject_kind not in ('round', 'finding')
		or subject_id in (select private.my_rounds())
		or subject_id in (select f.id from public.check_findings f)
	);

-- A hint goes to everybody in the township, so of a hidden round there is none at all: not even that
-- something hidden moved. The pages of its checkers read again by themselves.
create or replace function private.hint(p_township uuid, p_kind text, p_id uuid, p_version integer) returns void
language plpgsql security definer set search_path = '' as $$
declare
	payload jsonb := jsonb_build_object(
		'topic', 'township:' || p_township, 'kind', p_kind, 'id', p_id, 'version', p_version
	);
begin
	if p_kind in ('round', 'finding') and not exists (
		select from public.check_rounds r where r.township_id = p_township and r.id = p_id and r.finished_on is not null
	) then return; end if;
	if to_regprocedure('realtime.send(jsonb,text,text,boolean)') is not null then
		execute 'select realtime.send($1, ''hint'', $2, true)' using payload, payload ->> 'topic';
	else
		perform pg_notify('xiangtu_hint', payload::text);
	end if;
end
$$;

-- ── the sheet ────────────────────────────────────────────────────────────────────────────────────

create function private.check_sheet(p jsonb) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
	i jsonb;
	seen text[] := '{}';
	sheet jsonb := '[]';
	-- A number with at most two decimals that scores may be reckoned with.
	number constant text := '^[0-9]{1,3}(\.[0-9]{1,2})?$';
begin
	if jsonb_typeof(p) is distinct from 'array' or jsonb_array_length(p) not between 1 and 30 then
		perform private.refuse('bad_value', 'sheet');
	end if;
	for i in select * from jsonb_array_elements(p) loop
		if jsonb_typeof(i) <> 'object'
			or coalesce(i ->> 'code', '') !~ '^[A-Z0-9_]{1,12}$' or i ->> 'code' = any (seen)
			or char_length(private.text_of(i, 'label')) not between 1 and 80
			or coalesce(i ->> 'points', '') !~ number or coalesce(i ->> 'perFinding', '') !~ number
			or (i ->> 'points')::numeric = 0
			or char_length(private.text_of(i -> 'zeroOn', 'label')) > 40
			or exists (select from unnest(array[i ->> 'category', i #>> '{zeroOn,category}']) c
				where c is not null and c not in (select code from private.task_type_defaults))
		then perform private.refuse('bad_value', 'sheet'); end if;
		seen := seen || (i ->> 'code');
		sheet := sheet || jsonb_build_array(jsonb_build_object(
			'code', i ->> 'code', 'label', private.text_of(i, 'label'),
			'points', (i ->> 'points')::numeric, 'perFinding', (i ->> 'perFinding')::numeric, 'category', i ->> 'category',
			'zeroOn', case when private.text_of(i -> 'zeroOn', 'label') <> '' then jsonb_build_object(
				'label', private.text_of(i -> 'zeroOn', 'label'), 'category', i #>> '{zeroOn,category}') end));
	end loop;
	return sheet;
end
$$;

-- Points of one village: each item loses so much for every finding, down to zero; one finding of the
-- zeroing kind takes the whole item. Findings as [{item, count, zero}]. domain/round.ts says the same.
create function private.sheet_score(p_sheet jsonb, p_findings jsonb) returns jsonb
language sql immutable set search_path = '' as $$
	with scored as (
		select i.n, i.item ->> 'code' as code, (i.item ->> 'points')::numeric as points, f.n as count, f.zero,
			case when f.zero then 0
				else greatest(0, (i.item ->> 'points')::numeric - f.n * (i.item ->> 'perFinding')::numeric) end as score
		from jsonb_array_elements(p_sheet) with ordinality i(item, n)
		cross join lateral (
			select coalesce(sum((e ->> 'count')::integer), 0)::integer as n, coalesce(bool_or((e ->> 'zero')::boolean), false) as zero
			from jsonb_array_elements(p_findings) e where e ->> 'item' = i.item ->> 'code'
		) f
	)
	select jsonb_build_object('total', trim_scale(sum(score)), 'full', trim_scale(sum(points)),
		'items', jsonb_object_agg(code, jsonb_build_object('score', trim_scale(score), 'count', count, 'zero', zero)))
	from scored
$$;

-- ── making and changing ──────────────────────────────────────────────────────────────────────────

create function private.holds_at(p_person uuid, p_right public.right_name, p_place uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	with recursive chain as (
		select p.id, p.parent_id from public.places p where p.id = p_place
		union all
		select p.id, p.parent_id from chain c join public.places p on p.id = c.parent_id
	)
	select exists (
		select from public.memberships m join private.role_rights r on r.role = m.role and r."right" = p_right
		where m.person_id = p_person and m.place_id in (select id from chain)
			and m.valid_from <= private.today() and (m.valid_to is null or m.valid_to > private.today())
	)
$$;

create function private.uuids_in(p jsonb, p_key text) returns uuid[]
language sql immutable set search_path = '' as $$
	select coalesce(array_agg(distinct e::uuid), '{}') from jsonb_array_elements_text(
		case when jsonb_typeof(p -> p_key) = 'array' then p -> p_key else '[]' end) e
$$;

-- Nobody checks a village in which they work; everybody who checks may accept work in the township.
create function private.check_checkers(t uuid, p_checkers uuid[], p_villages uuid[]) returns void
language plpgsql stable set search_path = '' as $$
declare
	one uuid;
begin
	foreach one in array p_checkers loop
		if not private.holds_at(one, 'prove', t) then perform private.refuse('not_a_checker', one::text); end if;
		if private.works_at(one, p_villages) then perform private.refuse('own_village', one::text); end if;
	end loop;
end
$$;

-- A round that whoever asks works on, locked; null where there is none for them. That it exists is
-- told to its checkers only.
create function private.round_for(t uuid, p_round uuid, p_base integer) returns public.check_rounds
language plpgsql set search_path = '' as $$
declare
	r public.check_rounds;
begin
	perform private.need('prove', t);
	select * into r from public.check_rounds x
	where x.township_id = t and x.id = p_round and x.id in (select private.my_rounds()) for update;
	if r.id is null then return null; end if;
	if not private.my_person() = any (r.checkers) then perform private.refuse('not_allowed', 'checker'); end if;
	if r.finished_on is not null then perform private.refuse('round_finished'); end if;
	if r.cancelled_on is not null then perform private.refuse('round_cancelled'); end if;
	perform private.check_version(r.version, p_base, jsonb_build_object('version', r.version, 'title', r.title, 'sheet', r.sheet));
	return r;
end
$$;

create function private.op_round_create(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	me uuid := private.my_person();
	v_checkers uuid[];
	v_villages uuid[] := private.uuids_in(p, 'villages');
	v_sheet jsonb := private.check_sheet(p -> 'sheet');
	one uuid;
	v_draw jsonb;
	v_seed text;
	n integer;
begin
	perform private.need('prove', t);
	select array_agg(distinct c) into v_checkers from unnest(private.uuids_in(p, 'checkers') || me) c;
	if jsonb_typeof(p -> 'draw') = 'number' then
		n := (p ->> 'draw')::integer;
		perform private.check_checkers(t, v_checkers, '{}');
		-- By chance, in the order of SHA-256 over "seed:name", so that anybody can draw it again from the
		-- printed page. Villages in which a checker works are left out beforehand.
		v_seed := encode(sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())), 'hex');
		with pool as (
			select v.id, v.name, v.code, exists (select from unnest(v_checkers) c where private.works_at(c, array[v.id])) as out
			from public.places v where v.township_id = t and v.level = 'village' and v.archived_at is null
		)
		select (select array_agg(d.id order by d.o) from (
				select id, sha256(convert_to(v_seed || ':' || name, 'UTF8')) as o from pool where not out order by o limit n) d),
			jsonb_build_object('seed', v_seed, 'size', n,
				'pool', (select coalesce(jsonb_agg(name order by code nulls last, name), '[]') from pool where not out),
				'leftOut', (select coalesce(jsonb_agg(name order by code nulls last, name), '[]') from pool where out))
		into v_villages, v_draw;
		if n < 1 or v_villages is null or cardinality(v_villages) < n then perform private.refuse('nothing_to_draw'); end if;
	end if;
	foreach one in array v_villages loop perform private.check_village(t, one); end loop;
	perform private.check_checkers(t, v_checkers, v_villages);
	insert into public.check_rounds (township_id, id, title, sheet, village_ids, draw, checkers, made_by)
	values (t, target, private.text_of(p, 'title'), v_sheet, v_villages, v_draw, v_checkers, me);
	return jsonb_build_object('id', target, 'kind', 'round', 'version', 1,
		'did', jsonb_build_object('villages', to_jsonb(v_villages), 'drawn', v_draw));
end
$$;

create function private.op_round_edit(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	r public.check_rounds := private.round_for(t, target, base);
	one uuid;
begin
	if r.id is null then return null; end if;
	if r.made_by <> private.my_person() then perform private.refuse('not_yours'); end if;
	-- Neither the measure nor the villages change once somebody has looked.
	if r.started_on is not null then perform private.refuse('round_begun'); end if;
	if p ? 'title' then r.title := private.text_of(p, 'title'); end if;
	if p ? 'sheet' then r.sheet := private.check_sheet(p -> 'sheet'); end if;
	if p ? 'villages' then
		if r.draw is not null then perform private.refuse('drawn_stays'); end if;
		r.village_ids := private.uuids_in(p, 'villages');
		foreach one in array r.village_ids loop perform private.check_village(t, one); end loop;
		perform private.check_checkers(t, r.checkers, r.village_ids);
	end if;
	update public.check_rounds set title = r.title, sheet = r.sheet, village_ids = r.village_ids, version = r.version + 1
	where township_id = t and id = target;
	return jsonb_build_object('id', target, 'kind', 'round', 'version', r.version + 1);
end
$$;

create function private.op_round_checker(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	r public.check_rounds := private.round_for(t, target, null);
	who uuid := (p ->> 'person')::uuid;
begin
	if r.id is null then return null; end if;
	if r.made_by <> private.my_person() then perform private.refuse('not_yours'); end if;
	if who is null then perform private.refuse('bad_value', 'person'); end if;
	perform private.check_checkers(t, array[who], r.village_ids);
	if not who = any (r.checkers) then
		update public.check_rounds set checkers = checkers || who, version = r.version + 1
		where township_id = t and id = target returning * into r;
	end if;
	return jsonb_build_object('id', target, 'kind', 'round', 'version', r.version);
end
$$;

create function private.op_round_cancel(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	r public.check_rounds := private.round_for(t, target, null);
begin
	if r.id is null then return null; end if;
	if r.made_by <> private.my_person() then perform private.refuse('not_yours'); end if;
	update public.check_rounds set cancelled_on = private.today(), cancelled_by = private.my_person(), version = r.version + 1
	where township_id = t and id = target;
	return jsonb_build_object('id', target, 'kind', 'round', 'version', r.version + 1);
end
$$;

-- ── looking ──────────────────────────────────────────────────────────────────────────────────────

create function private.begin_round(r public.check_rounds, p_village uuid) returns void
language plpgsql set search_path = '' as $$
begin
	if p_village is null or not p_village = any (r.village_ids) then perform private.refuse('no_such_village'); end if;
	if private.works_at(private.my_person(), array[p_village]) then perform private.refuse('own_village'); end if;
	update public.check_rounds set started_on = private.today() where township_id = r.township_id and id = r.id and started_on is null;
end
$$;

create function private.op_round_visit(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	r public.check_rounds := private.round_for(t, target, null);
	v uuid := (p ->> 'village')::uuid;
begin
	if r.id is null then return null; end if;
	perform private.begin_round(r, v);
	insert into public.check_visits (township_id, round_id, village_id, looked, on_day, by_person)
	values (t, target, v, coalesce((p ->> 'looked')::boolean, true), private.today(), private.my_person())
	on conflict (township_id, round_id, village_id)
	do update set looked = excluded.looked, on_day = excluded.on_day, by_person = excluded.by_person;
	return jsonb_build_object('id', target, 'kind', 'round', 'version', r.version);
end
$$;

-- The item of the round's sheet, or a refusal; a finding zeroes only where the sheet says what does.
create function private.item_of(r public.check_rounds, p_code text, p_zero boolean) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
	i jsonb;
begin
	select e into i from jsonb_array_elements(r.sheet) e where e ->> 'code' = p_code;
	if i is null then perform private.refuse('bad_value', 'item'); end if;
	if p_zero and jsonb_typeof(i -> 'zeroOn') is distinct from 'object' then perform private.refuse('bad_value', 'zero'); end if;
	return i;
end
$$;

create function private.op_finding_add(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	r public.check_rounds := private.round_for(t, (p ->> 'round')::uuid, null);
	g extensions.geometry;
	v_zero boolean := coalesce((p ->> 'zero')::boolean, false);
begin
	if r.id is null then return null; end if;
	perform private.begin_round(r, (p ->> 'village')::uuid);
	perform private.item_of(r, p ->> 'item', v_zero);
	g := private.read_geom(p -> 'geometry', '{Point}');
	insert into public.check_findings (township_id, id, round_id, village_id, item, count, zero, note, place_text, geom, method, found_by)
	values (t, target, r.id, (p ->> 'village')::uuid, p ->> 'item', coalesce((p ->> 'count')::integer, 1), v_zero,
		private.text_of(p, 'note'), private.text_of(p, 'place_text'), g,
		case when g is null then null else coalesce(p ->> 'method', 'map') end, private.my_person());
	return jsonb_build_object('id', target, 'kind', 'finding', 'version', 1);
end
$$;

-- A finding is its finder's until the round is finished; then nobody's.
create function private.finding_for(t uuid, p_finding uuid, p_base integer) returns public.check_findings
language plpgsql set search_path = '' as $$
declare
	r public.check_rounds;
	f public.check_findings;
begin
	perform private.need('prove', t);
	select * into f from public.check_findings where township_id = t and id = p_finding and not voided;
	if f.id is null then return null; end if;
	r := private.round_for(t, f.round_id, null);
	if r.id is null then return null; end if;
	if f.found_by <> private.my_person() then perform private.refuse('not_yours'); end if;
	-- Again, behind the round's lock.
	select * into f from public.check_findings where township_id = t and id = p_finding and not voided;
	perform private.check_version(f.version, p_base, to_jsonb(f) - 'geom');
	return f;
end
$$;

create function private.op_finding_edit(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	f public.check_findings := private.finding_for(t, target, base);
	r public.check_rounds;
begin
	if f.id is null then return null; end if;
	select * into r from public.check_rounds where township_id = t and id = f.round_id;
	if p ? 'item' then f.item := p ->> 'item'; end if;
	if p ? 'zero' then f.zero := (p ->> 'zero')::boolean; end if;
	perform private.item_of(r, f.item, f.zero);
	if p ? 'count' then f.count := (p ->> 'count')::integer; end if;
	if p ? 'note' then f.note := private.text_of(p, 'note'); end if;
	if p ? 'place_text' then f.place_text := private.text_of(p, 'place_text'); end if;
	if p ? 'geometry' then
		f.geom := private.read_geom(p -> 'geometry', '{Point}');
		f.method := case when f.geom is null then null else coalesce(p ->> 'method', 'map') end;
	end if;
	update public.check_findings set item = f.item, zero = f.zero, count = f.count, note = f.note,
		place_text = f.place_text, geom = f.geom, method = f.method, version = f.version + 1
	where township_id = t and id = target;
	return jsonb_build_object('id', target, 'kind', 'finding', 'version', f.version + 1);
end
$$;

create function private.op_finding_void(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	f public.check_findings := private.finding_for(t, target, base);
begin
	if f.id is null then return null; end if;
	update public.check_findings set voided = true, version = f.version + 1 where township_id = t and id = target;
	return jsonb_build_object('id', target, 'kind', 'finding', 'version', f.version + 1);
end
$$;

-- ── the end ──────────────────────────────────────────────────────────────────────────────────────

-- What would be frozen now. A village that nobody went through has no score, never a full one.
create function private.round_result(r public.check_rounds) returns jsonb
language sql stable set search_path = '' as $$
	select jsonb_build_object(
		'villages', jsonb_agg(jsonb_build_object('id', v.id, 'name', v.name, 'code', v.code,
			'looked', coalesce(c.looked, false), 'findings', f.n,
			'score', case when c.looked then private.sheet_score(r.sheet, f.list) end) order by v.code nulls last, v.name),
		-- Whoever draws until the villages please is seen.
		'cancelledDraws', case when r.draw is not null then (
			select count(*) from public.check_rounds x
			where x.township_id = r.township_id and x.made_by = r.made_by and x.draw is not null and x.cancelled_on is not null
				and x.made_at < r.made_at and x.made_at > coalesce((
					select max(y.made_at) from public.check_rounds y
					where y.township_id = r.township_id and y.made_by = r.made_by and y.finished_on is not null and y.made_at < r.made_at), '-infinity')
		) else 0 end)
	from public.places v
	left join public.check_visits c on c.township_id = r.township_id and c.round_id = r.id and c.village_id = v.id
	cross join lateral (
		select count(*) as n, coalesce(jsonb_agg(jsonb_build_object('item', x.item, 'count', x.count, 'zero', x.zero)), '[]') as list
		from public.check_findings x
		where x.township_id = r.township_id and x.round_id = r.id and x.village_id = v.id and not x.voided
	) f
	where v.id = any (r.village_ids)
$$;

create function private.op_round_finish(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	r public.check_rounds := private.round_for(t, target, null);
	f public.check_findings;
	item jsonb;
	v_code text;
	v_due date := (p ->> 'due_on')::date;
	task jsonb;
	made jsonb;
	v_result jsonb;
	v_no integer;
begin
	if r.id is null then return null; end if;
	if v_due < private.today() or v_due > private.today() + 3660 then perform private.refuse('due_out_of_range'); end if;
	v_result := private.round_result(r);
	if not exists (select from jsonb_array_elements(v_result -> 'villages') v where (v ->> 'looked')::boolean or (v ->> 'findings')::integer > 0) then
		perform private.refuse('nothing_checked');
	end if;
	v_no := private.next_no(t, 'check_rounds');
	update public.check_rounds set finished_on = private.today(), finished_at = now(), finished_by = private.my_person(),
		year = extract(year from private.today()), no = v_no, demand = private.text_of(p, 'demand'), due_on = v_due,
		result = v_result, version = r.version + 1
	where township_id = t and id = target;
	-- Each finding of a kind that the wall map knows becomes a task, found and not yet handed over.
	for f in select x.* from public.check_findings x
		where x.township_id = t and x.round_id = target and not x.voided order by x.id loop
		item := private.item_of(r, f.item, f.zero);
		v_code := case when f.zero then coalesce(item #>> '{zeroOn,category}', item ->> 'category') else item ->> 'category' end;
		if v_code is not null then
			update public.check_findings set due_on = coalesce(v_due, private.today() + private.days_for(t, v_code))
			where township_id = t and id = f.id;
		elsif v_due is not null then
			update public.check_findings set due_on = v_due where township_id = t and id = f.id;
		end if;
		if v_code is not null and not exists (select from public.tasks k where k.township_id = t and k.id = f.id) then
			task := jsonb_build_object('category', v_code, 'village_id', f.village_id, 'note', f.note, 'place_text', f.place_text,
				'title', left(case when f.zero then item #>> '{zeroOn,label}' else item ->> 'label' end, 190)
					|| case when f.count > 1 then ' ×' || f.count else '' end);
			made := private.op_task_create(t, f.id, task || case when f.geom is null then '{}' else
				jsonb_build_object('geometry', extensions.st_asgeojson(f.geom)::jsonb, 'method', f.method) end, op);
			perform private.log(t, 'task.create', 'task', f.id,
				task || coalesce(made -> 'did', '{}') || jsonb_build_object('round', target), op);
		end if;
	end loop;
	return jsonb_build_object('id', target, 'kind', 'round', 'version', r.version + 1, 'no', v_no);
end
$$;

-- ── reading ──────────────────────────────────────────────────────────────────────────────────────

create function public.rounds(p_township uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('id', r.id, 'title', r.title, 'year', r.year, 'no', r.no,
		'madeOn', r.made_on, 'startedOn', r.started_on, 'finishedOn', r.finished_on, 'cancelledOn', r.cancelled_on,
		'villages', cardinality(r.village_ids), 'drawn', r.draw is not null,
		'looked', (select count(*) from public.check_visits v where v.township_id = r.township_id and v.round_id = r.id and v.looked),
		'findings', (select count(*) from public.check_findings f where f.township_id = r.township_id and f.round_id = r.id and not f.voided))
		order by r.made_at desc), '[]')
	from (select * from public.check_rounds x
		where x.township_id = p_township and x.id in (select private.my_rounds()) order by made_at desc limit 200) r
$$;

-- One round. Who checked is told to the checkers only: what is published names places.
create function public.round_of(p_township uuid, p_id uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('id', r.id, 'title', r.title, 'version', r.version, 'sheet', r.sheet, 'draw', r.draw,
		'year', r.year, 'no', r.no, 'madeOn', r.made_on, 'startedOn', r.started_on, 'finishedOn', r.finished_on,
		'cancelledOn', r.cancelled_on, 'demand', r.demand, 'dueOn', r.due_on, 'today', private.today(),
		'mine', me.id = any (r.checkers), 'maker', me.id = r.made_by,
		'checkers', case when me.id = any (r.checkers) then (select jsonb_agg(jsonb_build_object('id', p.id, 'name', p.name) order by p.name)
			from public.persons p where p.id = any (r.checkers)) else '[]' end,
		'result', coalesce(r.result, private.round_result(r)),
		'findings', coalesce((select jsonb_agg(jsonb_build_object('id', f.id, 'village', f.village_id, 'item', f.item, 'count', f.count,
				'zero', f.zero, 'note', f.note, 'placeText', f.place_text, 'on', f.found_on, 'dueOn', f.due_on, 'version', f.version,
				'at', case when f.geom is not null then jsonb_build_array(extensions.st_x(f.geom), extensions.st_y(f.geom)) end,
				'own', f.found_by = me.id,
				'task', (select s.id from public.steps s where s.township_id = f.township_id and s.id = f.id and r.finished_on is not null),
				'stage', (select s.stage from public.steps s where s.township_id = f.township_id and s.id = f.id and r.finished_on is not null))
				order by f.id)
			from public.check_findings f where f.township_id = r.township_id and f.round_id = r.id and not f.voided), '[]'))
	from (select private.my_person() as id) me, public.check_rounds r
	where r.township_id = p_township and r.id = p_id and r.id in (select private.my_rounds())
$$;

insert into private.op_kinds (kind, fn, takes) values
	('round.create', 'op_round_create', 'both'), ('round.edit', 'op_round_edit', 'both'),
	('round.checker', 'op_round_checker', 'both'), ('round.visit', 'op_round_visit', 'both'),
	('round.finish', 'op_round_finish', 'both'), ('round.cancel', 'op_round_cancel', 'both'),
	('finding.add', 'op_finding_add', 'both'), ('finding.edit', 'op_finding_edit', 'both'),
	('finding.void', 'op_finding_void', 'both');
insert into private.offers (signature, to_role)
select s, 'authenticated' from unnest(array['public.rounds(uuid)', 'public.round_of(uuid, uuid)', 'private.my_rounds()']) s;
select private.apply_privileges();
