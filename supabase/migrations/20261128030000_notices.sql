-- Public notices (公示): a page anybody may read without an account, for as many working days as the rule asks,
-- where people object and are answered; taken down by itself. Identity and bank numbers cannot be stored in one.

-- ── numbers of people in free text ───────────────────────────────────────────────────────────────
-- The twin of src/lib/domain/personal.ts, rule for rule; tests/node/personal.test.ts compares the two.

create function private.personal_kind(d text, sizes integer[], n_all integer, strict boolean) returns text
language plpgsql immutable set search_path = '' as $$
declare
	n integer := cardinality(sizes);
	fours boolean := 4 = all (sizes[1 : n - 1]);
	shape text := array_to_string(sizes, '-');
	-- Every digit or pair apart, and nothing else in the run.
	pairs boolean := 1 = all (sizes) or n = n_all and 2 >= all (sizes);
begin
	if private.is_id18(d) and (private.id18_checks(d) or case when strict then shape = '6-8-4' else n <= 4 or pairs end) then return 'id'; end if;
	if not strict and d ~ '^[0-9]{6}[2-9][0-9]{8}$' and d ~ private.id_province() and substr(d, 9) ~ private.id_day() and (n <= 3 or pairs) then
		return 'id'; end if;
	-- UnionPay's own; a mistyped one is one too.
	if char_length(d) between 16 and 19 and d ~ '^(62|955[89])[0-9]+$' then
		if (case when strict then n > 3 and fours and private.luhn(d) else n = 1 or fours end) then return 'bank'; end if;
	end if;
	-- Other first digits that are given out here: 16 to 19 digits, or 16 (Visa, Mastercard, JCB).
	if not strict and char_length(d) between 16 and 19 and d ~ '^((6[02]|955|9[89])[0-9]+|(4[0-9]|5[1-5]|35)[0-9]{14})$'
		and (n <= 3 or fours or pairs) and private.luhn(d) then return 'bank'; end if;
	if strict then return case when shape = '3-4-4' and d ~ '^1[3-9][0-9]{9}$' then 'phone' end; end if;
	if (n <= 3 or pairs or shape = '3-2-2-2-2') and d ~ '^(0?0?86|0)?1[3-9][0-9]{9}$' then return 'phone'; end if;
	return case when n = 1 and d ~ '^(1[3-9][0-9]{9}){2}$' then 'phone' end;
end
$$;

create function private.id_province() returns text language sql immutable set search_path = '' as $$
	select '^(1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])'
$$;
create function private.id_day() returns text language sql immutable set search_path = '' as $$
	select '^((0[13578]|1[02])(0[1-9]|[12][0-9]|3[01])|(0[469]|11)(0[1-9]|[12][0-9]|30)|02(0[1-9]|[12][0-9]))'
$$;
create function private.is_id18(d text) returns boolean language sql immutable set search_path = '' as $$
	select d ~ '^[0-9]{6}(19[0-9]{2}|20[0-4][0-9])[0-9]{7}[0-9X]$' and d ~ private.id_province() and substr(d, 11) ~ private.id_day()
$$;
-- GB 11643: weights 2^(18-i) mod 11.
create function private.id18_checks(d text) returns boolean language sql immutable set search_path = '' as $$
	select substr('10X98765432', (sum(substr(d, i, 1)::integer * ((1 << (18 - i)) % 11)) % 11)::integer + 1, 1) = substr(d, 18, 1)
	from generate_series(1, 17) i
$$;
create function private.luhn(d text) returns boolean language sql immutable set search_path = '' as $$
	select sum(case when v > 9 then v - 9 else v end) % 10 = 0
	from (select substr(reverse(d), i, 1)::integer * case when i % 2 = 0 then 2 else 1 end as v from generate_series(1, char_length(d)) i) x
$$;

-- [kind, start, end) of every candidate; places counted from 0 in characters.
create function private.personal_scan(flat text, strict boolean) returns table (kind text, a integer, b integer)
language plpgsql immutable set search_path = '' as $$
declare
	run_is constant text := '[0-9](?:[ -]{0,3}[0-9]){10,}(?:[ -]{0,3}X)?';
	at integer := 1;
	run text;
	first integer;
	txt text[];
	pos integer[];
	p integer;
	g text;
	d text;
	i integer;
	j integer;
begin
	loop
		first := regexp_instr(flat, run_is, at);
		exit when coalesce(first, 0) = 0;
		run := regexp_substr(flat, run_is, at);
		at := first + char_length(run);
		txt := '{}'; pos := '{}'; p := 1;
		for g in select m[1] from regexp_matches(run, '([0-9]*X|[0-9]+)', 'g') m loop
			p := p - 1 + position(g in substr(run, p));
			txt := txt || g;
			pos := pos || (first - 2 + p);
			p := p + char_length(g);
		end loop;
		for i in 1 .. cardinality(txt) loop
			d := '';
			for j in i .. cardinality(txt) loop
				d := d || txt[j];
				exit when char_length(d) > 22;
				continue when char_length(d) < 11;
				kind := private.personal_kind(d, array(select char_length(x) from unnest(txt[i : j]) with ordinality u(x, o) order by o), cardinality(txt), strict);
				a := pos[i];
				b := pos[j] + char_length(txt[j]);
				if kind is not null then return next; end if;
			end loop;
			-- An identity number that grew together with other digits: only where its last digit is right.
			if char_length(txt[i]) > 18 then
				for j in 0 .. char_length(txt[i]) - 18 loop
					d := substr(txt[i], j + 1, 18);
					if private.is_id18(d) and private.id18_checks(d) then
						kind := 'id'; a := pos[i] + j; b := a + 18;
						return next;
					end if;
				end loop;
			end if;
		end loop;
	end loop;
end
$$;

-- 'id@3-21': the kind, and where it stands (from 0, the end not counted), from the front; none lies over another.
create function private.find_personal(s text) returns text[]
language plpgsql immutable set search_path = '' as $$
declare
	flat text;
	spoken text;
	dotted text;
	r record;
	kept int4range[] := '{}';
	found text[] := '{}';
begin
	flat := translate(s, E'０１２３４５６７８９xＸｘ－–—‐‑‒―−\u00a0\u3000\u200b\u200c\u200d\u2060\ufeff\u2009\u202f', '0123456789XXX' || repeat('-', 8) || repeat(' ', 9));
	spoken := case when char_length(s) - char_length(translate(s, '零〇○一幺二三四五六七八九', '')) >= 11
		then translate(flat, '零〇○一幺二三四五六七八九0123456789', '0001123456789##########') end;
	dotted := translate(flat, './·•_()（）', repeat('-', 9));
	for r in
		select x.* from (
			select * from private.personal_scan(flat, false)
			union all select * from private.personal_scan(spoken, false)
			union all select * from private.personal_scan(case when dotted <> flat then dotted end, true)
		) x
		order by array_position('{id,bank,phone}', x.kind), x.a, x.b desc
	loop
		continue when exists (select from unnest(kept) k where k && int4range(r.a, r.b));
		kept := kept || int4range(r.a, r.b);
		found := found || format('%s@%s-%s', r.kind, r.a, r.b);
	end loop;
	return array(select f from unnest(found) f order by split_part(split_part(f, '@', 2), '-', 1)::integer);
end
$$;

-- Whether something of these kinds is in it; null and '' hold nothing.
create function private.holds_personal(s text, variadic kinds text[]) returns boolean
language sql immutable set search_path = '' as $$
	select exists (select from unnest(private.find_personal(s)) f where split_part(f, '@', 1) = any (kinds))
$$;

-- 138****5678: the middle four of each mobile number become stars, whatever stands between its digits.
create function private.mask_phones(s text) returns text
language plpgsql immutable set search_path = '' as $$
declare
	f text;
	r int4range;
	n integer;
	i integer;
begin
	foreach f in array private.find_personal(s) loop
		continue when f not like 'phone@%';
		n := 0;
		for i in reverse split_part(f, '-', 2)::integer .. split_part(split_part(f, '@', 2), '-', 1)::integer + 1 loop
			continue when substr(s, i, 1) !~ '[0-9０-９零〇○一幺二三四五六七八九]';
			n := n + 1;
			if n between 5 and 8 then s := overlay(s placing '*' from i for 1); end if;
		end loop;
	end loop;
	return s;
end
$$;

-- ── what is kept ─────────────────────────────────────────────────────────────────────────────────

create table public.notices (
	township_id uuid not null references public.places,
	id uuid not null,
	-- The address of its page, /n/<this>: not a secret.
	public_id text not null unique check (public_id ~ '^[0-9a-f]{10}$'),
	-- project: the published page of the notice phase of scenic-village projects, whose days it takes over.
	kind text not null check (kind in ('project', 'list', 'text')),
	state text not null default 'draft' check (state in ('draft', 'published', 'down', 'dropped')),
	title text not null check (char_length(title) between 1 and 120),
	body text not null default '' check (char_length(body) <= 8000),
	-- Allowed columns only, in this order; no other column exists.
	columns text[] not null default '{}' check (columns <@ '{no,name,place,item,amount}' and cardinality(columns) <= 5),
	mask_names boolean not null default true,
	rows_n integer not null default 0 check (rows_n between 0 and 3000),
	-- Where to object.
	unit text not null default '' check (char_length(unit) <= 80),
	phone text not null default '' check (char_length(phone) <= 40),
	address text not null default '' check (char_length(address) <= 120),
	-- The objection window, both days counted; the page is shown to the end of shown_to.
	from_on date,
	to_on date,
	shown_to date,
	workdays integer,
	-- Whether search engines may keep the page.
	indexed boolean not null default false,
	edition integer not null default 0,
	made_by uuid not null references public.persons,
	made_at timestamptz not null default now(),
	published_by uuid references public.persons,
	published_at timestamptz,
	down_on date,
	down_by uuid references public.persons,
	down_why text not null default '' check (char_length(down_why) <= 500),
	-- Retention: objectors' contacts gone, names and texts gone.
	contacts_gone_on date,
	emptied_on date,
	version integer not null default 1,
	primary key (township_id, id),
	constraint window_has_an_end check ((from_on is null) = (to_on is null) and (to_on is null) = (shown_to is null)
		and to_on >= from_on and shown_to >= to_on and shown_to <= from_on + 366),
	constraint published_with_a_window check (state not in ('published', 'down') or (edition > 0 and from_on is not null)),
	constraint down_has_a_day check ((state = 'down') = (down_on is not null)),
	constraint nobodys_number check (not private.holds_personal(title || E'\n' || body || E'\n' || unit || E'\n' || phone || E'\n' || address, 'id', 'bank', 'phone'))
);
create index notices_by_state on public.notices (township_id, state, shown_to);

create table public.notice_projects (
	township_id uuid not null,
	notice_id uuid not null,
	project_id uuid not null,
	seq integer not null,
	primary key (township_id, notice_id, project_id),
	foreign key (township_id, notice_id) references public.notices,
	foreign key (township_id, project_id) references public.projects
);
create index notices_by_project on public.notice_projects (township_id, project_id);

create table public.notice_rows (
	township_id uuid not null,
	notice_id uuid not null,
	seq integer not null check (seq between 1 and 3000),
	no text not null default '' check (char_length(no) <= 10),
	name text not null default '' check (char_length(name) <= 60),
	place text not null default '' check (char_length(place) <= 60),
	item text not null default '' check (char_length(item) <= 200),
	amount text not null default '' check (char_length(amount) <= 30),
	primary key (township_id, notice_id, seq),
	foreign key (township_id, notice_id) references public.notices,
	constraint nobodys_number check (not private.holds_personal(no || E'\n' || name || E'\n' || place || E'\n' || item || E'\n' || amount, 'id', 'bank', 'phone'))
);

-- What was published, word for word; a correction is one more, and says what changed.
create table public.notice_editions (
	township_id uuid not null,
	notice_id uuid not null,
	n integer not null,
	content jsonb not null check (pg_column_size(content) <= 1500000),
	sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
	changed text not null default '' check (char_length(changed) <= 500),
	by_person uuid not null references public.persons,
	at timestamptz not null default clock_timestamp(),
	emptied_on date,
	primary key (township_id, notice_id, n),
	foreign key (township_id, notice_id) references public.notices,
	check ((n > 1) = (changed <> '')),
	constraint nobodys_number check (not private.holds_personal(content::text, 'id', 'bank') and not private.holds_personal(changed, 'id', 'bank', 'phone'))
);

create table public.notice_objections (
	township_id uuid not null,
	id uuid not null,
	notice_id uuid not null,
	via text not null check (via in ('page', 'phone', 'letter', 'visit')),
	body text not null check (char_length(body) <= 2000),
	received_on date not null,
	at timestamptz not null default clock_timestamp(),
	-- Who wrote it down; nobody where it came by the page.
	by_person uuid references public.persons,
	-- So that somebody without an account can read the answer.
	receipt_sha256 bytea,
	outcome text check (outcome in ('upheld', 'partly', 'dismissed')),
	answer text not null default '' check (char_length(answer) <= 2000),
	answered_by uuid references public.persons,
	answered_at timestamptz,
	version integer not null default 1,
	primary key (township_id, id),
	foreign key (township_id, notice_id) references public.notices,
	check ((outcome is null) = (answered_by is null) and (outcome is null) = (answered_at is null)),
	constraint nobodys_number check (not private.holds_personal(body || E'\n' || answer, 'id', 'bank', 'phone'))
);
create index objections_by_notice on public.notice_objections (township_id, notice_id, at);
create unique index objection_receipts on public.notice_objections (receipt_sha256);

-- How to reach who objected, if they said so: for those who answer, and not for ever.
create table public.objection_contacts (
	township_id uuid not null,
	objection_id uuid not null,
	name text not null default '' check (char_length(name) <= 40),
	phone text not null default '' check (char_length(phone) <= 40),
	gone_on date,
	primary key (township_id, objection_id),
	foreign key (township_id, objection_id) references public.notice_objections,
	constraint nobodys_number check (not private.holds_personal(name || E'\n' || phone, 'id', 'bank'))
);

-- Where it hung: a photo of the board, or only who put it up where and when.
create table public.notice_postings (
	township_id uuid not null,
	id uuid not null,
	notice_id uuid not null,
	place text not null check (char_length(place) between 1 and 120),
	on_day date not null,
	photo_id uuid,
	by_person uuid not null references public.persons,
	at timestamptz not null default clock_timestamp(),
	primary key (township_id, id),
	foreign key (township_id, notice_id) references public.notices,
	foreign key (township_id, photo_id) references public.photos,
	constraint nobodys_number check (not private.holds_personal(place, 'id', 'bank', 'phone'))
);
create index postings_by_notice on public.notice_postings (township_id, notice_id);
create index postings_by_photo on public.notice_postings (township_id, photo_id);
create trigger append_only before update or delete on public.notice_postings for each row execute function private.guard_append_only();

-- An edition is emptied once, at its time; nothing else of it ever changes.
create function private.guard_edition() returns trigger
language plpgsql set search_path = '' as $$
begin
	if tg_op = 'UPDATE' and old.emptied_on is null and new.emptied_on is not null
		and (new.township_id, new.notice_id, new.n, new.sha256, new.changed, new.by_person, new.at)
			is not distinct from (old.township_id, old.notice_id, old.n, old.sha256, old.changed, old.by_person, old.at)
		and not new.content ?| array['rows', 'body'] then return new; end if;
	raise exception 'what was published stays as it was' using errcode = '42501';
end
$$;
create trigger frozen before update or delete on public.notice_editions for each row execute function private.guard_edition();

do $$
declare t text;
begin
	foreach t in array array['notices', 'notice_projects', 'notice_rows', 'notice_editions', 'notice_objections', 'objection_contacts', 'notice_postings'] loop
		execute format('alter table public.%I enable row level security', t);
		execute format('create trigger never_truncated before truncate on public.%I for each statement execute function private.guard_append_only()', t);
	end loop;
	foreach t in array array['notice_rows', 'notice_editions', 'notice_objections'] loop
		execute format('create policy "planners and auditors" on public.%I for select to authenticated
			using (township_id in (select private.my_places(''plan'')) or township_id in (select private.my_places(''audit'')))', t);
	end loop;
end
$$;
create policy "members see what is or was public; drafts are for planners and auditors" on public.notices for select to authenticated
	using (township_id in (select private.my_townships()) and (state in ('published', 'down')
		or township_id in (select private.my_places('plan')) or township_id in (select private.my_places('audit'))));
create policy "seen by whoever sees the notice" on public.notice_projects for select to authenticated
	using (notice_id in (select n.id from public.notices n));
create policy "seen by whoever sees the notice" on public.notice_postings for select to authenticated
	using (notice_id in (select n.id from public.notices n));
create policy "only who answers objections" on public.objection_contacts for select to authenticated
	using (township_id in (select private.my_places('plan')));

-- A photo may also show a board.
create or replace function private.photo_places(t uuid, p_photo uuid) returns setof uuid
language sql stable set search_path = '' as $$
	select coalesce(s.village_id, t) from public.photo_links l
	join public.steps s on s.township_id = l.township_id and s.id = l.step_id
	where l.township_id = t and l.photo_id = p_photo
	union
	select coalesce(u.village_id, t) from public.exhibits e
	join public.scenic_units u on u.township_id = e.township_id and u.id = e.unit_id
	where e.township_id = t and e.photo_id = p_photo
	union
	select t from public.notice_postings b where b.township_id = t and b.photo_id = p_photo
$$;

-- ── days ─────────────────────────────────────────────────────────────────────────────────────────

-- Down by itself: whoever asks on the day after the last one finds it taken down, whether or not a job ran.
create function private.notice_state(n public.notices) returns text
language sql stable set search_path = '' as $$
	select case when n.state = 'published' and n.shown_to < private.today() then 'down'
		when n.state = 'published' and n.from_on > private.today() then 'waiting' else n.state end
$$;

-- How long what belongs to people is kept after a notice is down: contacts half a year, names and texts three years.
create function private.notice_keeps(p_what text) returns interval
language sql immutable set search_path = '' as $$
	select case p_what when 'contacts' then interval '6 months' else interval '3 years' end
$$;

-- Called by the hourly job: writes down that a notice is over, and removes what has to go. Returns what it did.
create function public.notices_tidy() returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
	n public.notices;
	d date := private.today();
	downs integer := 0;
	contacts integer := 0;
	emptied integer := 0;
begin
	for n in select * from public.notices where state = 'published' and shown_to < d for update loop
		update public.notices set state = 'down', down_on = n.shown_to + 1, version = version + 1 where township_id = n.township_id and id = n.id;
		perform private.log(n.township_id, 'notice.over', 'notice', n.id, jsonb_build_object('shown_to', n.shown_to));
		downs := downs + 1;
	end loop;
	for n in select * from public.notices where contacts_gone_on is null and state = 'down'
		and down_on + private.notice_keeps('contacts') <= d for update loop
		update public.objection_contacts c set name = '', phone = '', gone_on = d from public.notice_objections o
		where o.township_id = n.township_id and o.notice_id = n.id and c.township_id = o.township_id and c.objection_id = o.id and c.gone_on is null;
		update public.notices set contacts_gone_on = d where township_id = n.township_id and id = n.id;
		perform private.log(n.township_id, 'notice.contacts_gone', 'notice', n.id);
		contacts := contacts + 1;
	end loop;
	for n in select * from public.notices where emptied_on is null and (state = 'down' and down_on + private.notice_keeps('texts') <= d
		or state in ('draft', 'dropped') and (made_at at time zone 'Asia/Shanghai')::date + private.notice_keeps('texts') <= d) for update loop
		update public.notice_rows set no = '', name = '', place = '', item = '', amount = '' where township_id = n.township_id and notice_id = n.id;
		update public.notice_editions set content = content - 'rows' - 'body', emptied_on = d
		where township_id = n.township_id and notice_id = n.id and emptied_on is null;
		update public.notice_objections set body = '', answer = '', receipt_sha256 = null where township_id = n.township_id and notice_id = n.id;
		update public.notices set emptied_on = d, body = '', rows_n = 0 where township_id = n.township_id and id = n.id;
		perform private.log(n.township_id, 'notice.emptied', 'notice', n.id);
		emptied := emptied + 1;
	end loop;
	return jsonb_build_object('down', downs, 'contacts', contacts, 'emptied', emptied);
end
$$;

-- ── writing ──────────────────────────────────────────────────────────────────────────────────────

-- Text as it may be stored: phones masked; an identity or bank number is refused, and where it stands is said.
create function private.public_text(p jsonb, p_key text, p_where text) returns text
language plpgsql immutable set search_path = '' as $$
declare
	s text := private.text_of(p, p_key);
begin
	if private.holds_personal(s, 'id') then perform private.refuse('id_number', p_where); end if;
	if private.holds_personal(s, 'bank') then perform private.refuse('bank_number', p_where); end if;
	return private.mask_phones(s);
end
$$;

-- The notice, locked, for whoever plans.
create function private.notice_for(t uuid, target uuid, p_states text[], base integer default null) returns public.notices
language plpgsql set search_path = '' as $$
declare
	o public.notices;
begin
	select * into o from public.notices where township_id = t and id = target for update;
	if o.id is null then return null; end if;
	perform private.need('plan', t);
	perform private.check_version(o.version, base, jsonb_build_object('version', o.version, 'title', o.title));
	if o.emptied_on is not null then perform private.refuse('not_from_this_state', 'emptied'); end if;
	if not private.notice_state(o) = any (p_states) then perform private.refuse('not_from_this_state', private.notice_state(o)); end if;
	return o;
end
$$;

-- Its projects: all in the phase of the notice and with the same days, which are the notice's.
create function private.notice_rate(t uuid, target uuid) returns void
language plpgsql set search_path = '' as $$
declare
	r record;
	n integer := 0;
	first_day date;
	last_day date;
begin
	for r in
		select p.phase, p.notice_from, p.notice_to, p.reached_grade, u.name as unit, v.name as village,
			(select x.total from private.totals_of(t, p.id) x where x.assessor = 'county') as total
		from public.notice_projects b join public.projects p on p.township_id = t and p.id = b.project_id
		join public.scenic_units u on u.township_id = t and u.id = p.unit_id
		left join public.places v on v.id = p.village_id
		where b.township_id = t and b.notice_id = target order by b.seq
	loop
		n := n + 1;
		if r.phase not in ('public_notice', 'objection') then perform private.refuse('not_in_notice_phase', r.unit); end if;
		if n = 1 then first_day := r.notice_from; last_day := r.notice_to;
		elsif (r.notice_from, r.notice_to) is distinct from (first_day, last_day) then perform private.refuse('other_window', r.unit); end if;
		insert into public.notice_rows (township_id, notice_id, seq, no, place, item)
		values (t, target, n, n::text, coalesce(r.village, ''), private.mask_phones(format('%s（拟评定%s级景区村庄%s）', r.unit, r.reached_grade,
			case when r.total is not null then format('，县级评定%s分', trim_scale(r.total)) else '' end)))
		on conflict (township_id, notice_id, seq) do update set no = excluded.no, name = '', place = excluded.place, item = excluded.item, amount = '';
	end loop;
	if n = 0 then perform private.refuse('bad_value', 'projects'); end if;
	update public.notices set columns = '{no,place,item}', rows_n = n, from_on = first_day, to_on = last_day, shown_to = greatest(last_day, shown_to)
	where township_id = t and id = target;
end
$$;

create function private.op_notice_create(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	k text := coalesce(p ->> 'kind', 'text');
	r jsonb;
	n integer := 0;
begin
	perform private.need('plan', t);
	if (k = 'project') <> (jsonb_typeof(p -> 'projects') = 'array') or jsonb_array_length(coalesce(p -> 'projects', '[]')) > 200 then
		perform private.refuse('bad_value', 'projects'); end if;
	insert into public.notices (township_id, id, public_id, kind, title, columns, made_by)
	values (t, target, substr(encode(sha256(uuid_send(gen_random_uuid())), 'hex'), 1, 10), k, private.public_text(p, 'title', 'title'),
		case k when 'list' then '{no,name,place,item}'::text[] else '{}' end, private.my_person());
	for r in select * from jsonb_array_elements(coalesce(p -> 'projects', '[]')) loop
		n := n + 1;
		if not exists (select from public.projects where township_id = t and id = (r #>> '{}')::uuid and archived_at is null) then return null; end if;
		insert into public.notice_projects (township_id, notice_id, project_id, seq) values (t, target, (r #>> '{}')::uuid, n);
	end loop;
	if k = 'project' then perform private.notice_rate(t, target); end if;
	return private.op_notice_edit(t, target, p - 'kind' - 'projects', null, op) - 'version';
end
$$;

create function private.op_notice_edit(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	o public.notices := private.notice_for(t, target, '{draft,waiting,published}', base);
	n public.notices;
begin
	if o.id is null then return null; end if;
	if o.kind = 'project' and p ?| array['columns', 'from_on', 'to_on'] then perform private.refuse('days_of_the_project'); end if;
	n := o;
	if p ? 'title' then n.title := private.public_text(p, 'title', 'title'); end if;
	if p ? 'body' then n.body := private.public_text(p, 'body', 'body'); end if;
	if p ? 'columns' then
		n.columns := array(select c from unnest('{no,name,place,item,amount}'::text[]) with ordinality u(c, i) where p -> 'columns' ? c order by i);
		if cardinality(n.columns) <> jsonb_array_length(p -> 'columns') then perform private.refuse('bad_value', 'columns'); end if;
	end if;
	if p ? 'mask_names' then n.mask_names := (p ->> 'mask_names')::boolean; end if;
	if p ? 'unit' then n.unit := private.public_text(p, 'unit', 'unit'); end if;
	-- A mobile is somebody's own: the office's number is asked for.
	if p ? 'phone' then
		n.phone := private.text_of(p, 'phone');
		if private.holds_personal(n.phone, 'id', 'bank', 'phone') then perform private.refuse('office_phone'); end if;
	end if;
	if p ? 'address' then n.address := private.public_text(p, 'address', 'address'); end if;
	if p ? 'from_on' then n.from_on := (p ->> 'from_on')::date; end if;
	if p ? 'to_on' then n.to_on := (p ->> 'to_on')::date; n.shown_to := greatest(n.to_on, case when p ? 'shown_to' then null else o.shown_to end); end if;
	if p ? 'shown_to' then n.shown_to := coalesce((p ->> 'shown_to')::date, n.to_on); end if;
	if p ? 'indexed' then n.indexed := (p ->> 'indexed')::boolean; end if;
	update public.notices set title = n.title, body = n.body, columns = n.columns, mask_names = n.mask_names, unit = n.unit, phone = n.phone,
		address = n.address, from_on = n.from_on, to_on = n.to_on, shown_to = n.shown_to, indexed = n.indexed, version = o.version + 1
	where township_id = t and id = target;
	-- The log is for ever: it keeps what was touched, not the text that has to go one day.
	return jsonb_build_object('id', target, 'kind', 'notice', 'version', o.version + 1, 'did',
		jsonb_build_object('title', n.title) || case when p ? 'body' then jsonb_build_object('body', left(encode(sha256(convert_to(n.body, 'UTF8')), 'hex'), 16)) else '{}' end
		|| case when p ? 'unit' then jsonb_build_object('unit', n.unit) else '{}' end || case when p ? 'address' then jsonb_build_object('address', n.address) else '{}' end);
end
$$;

-- Rows from a table, some at a time; `total` says how many there are in all, and what is beyond is empty.
create function private.op_notice_rows(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	o public.notices := private.notice_for(t, target, '{draft,waiting,published}', base);
	total integer := (p ->> 'total')::integer;
	row_n integer := (p ->> 'from')::integer;
	r jsonb;
	c text;
	words constant jsonb := '{"no": "序号", "name": "姓名", "place": "村（组）", "item": "事项", "amount": "金额"}';
begin
	if o.id is null then return null; end if;
	if o.kind <> 'list' then perform private.refuse('bad_value', 'kind'); end if;
	if coalesce(jsonb_typeof(p -> 'rows'), '') <> 'array' or jsonb_array_length(p -> 'rows') > 500 or total is null or total > 3000 or row_n is null or row_n < 1
		or row_n - 1 + jsonb_array_length(p -> 'rows') > total then perform private.refuse('bad_value', 'rows'); end if;
	for r in select * from jsonb_array_elements(p -> 'rows') loop
		-- Every other column is refused by its name.
		select k into c from jsonb_object_keys(r) k where not words ? k limit 1;
		if c is not null then perform private.refuse('column_not_allowed', left(c, 60)); end if;
		select k into c from jsonb_object_keys(words) k where private.holds_personal(private.text_of(r, k), 'id', 'bank') limit 1;
		if c is not null then
			perform private.refuse(case when private.holds_personal(private.text_of(r, c), 'id') then 'id_number' else 'bank_number' end,
				format('第%s行“%s”', row_n, words ->> c));
		end if;
		insert into public.notice_rows (township_id, notice_id, seq, no, name, place, item, amount)
		values (t, target, row_n, private.mask_phones(private.text_of(r, 'no')), private.mask_phones(private.text_of(r, 'name')), private.mask_phones(private.text_of(r, 'place')),
			private.mask_phones(private.text_of(r, 'item')), private.mask_phones(private.text_of(r, 'amount')))
		on conflict (township_id, notice_id, seq) do update set no = excluded.no, name = excluded.name, place = excluded.place, item = excluded.item, amount = excluded.amount;
		row_n := row_n + 1;
	end loop;
	update public.notice_rows x set no = '', name = '', place = '', item = '', amount = '' where x.township_id = t and x.notice_id = target and x.seq > total;
	update public.notices set rows_n = total, version = o.version + 1 where township_id = t and id = target;
	return jsonb_build_object('id', target, 'kind', 'notice', 'version', o.version + 1, 'did', jsonb_build_object('rows', jsonb_array_length(p -> 'rows')));
end
$$;

-- 张*三: the second character, of each name where several stand in the cell.
create function private.mask_name(s text) returns text
language sql immutable set search_path = '' as $$
	select regexp_replace(s, E'(^|[^\\u4e00-\\u9fff·])([\\u4e00-\\u9fff])[\\u4e00-\\u9fff]', E'\\1\\2*', 'g')
$$;

-- What the page, the paper and the print show: made in one place. No ids in it.
create function private.notice_content(o public.notices) returns jsonb
language sql stable set search_path = '' as $$
	select jsonb_build_object('kind', o.kind, 'title', o.title, 'township', p.name, 'body', o.body, 'columns', to_jsonb(o.columns),
		'masked', o.mask_names and 'name' = any (o.columns),
		'rows', coalesce((select jsonb_agg(array(select case c when 'no' then r.no when 'place' then r.place when 'item' then r.item when 'amount' then r.amount
				else case when o.mask_names then private.mask_name(r.name) else r.name end end
				from unnest(o.columns) with ordinality u(c, i) order by i) order by r.seq)
			from public.notice_rows r where r.township_id = o.township_id and r.notice_id = o.id and r.seq <= o.rows_n and cardinality(o.columns) > 0), '[]'),
		'fromOn', o.from_on, 'toOn', o.to_on, 'shownTo', o.shown_to, 'workdays', case when o.from_on is not null then private.workdays(o.township_id, o.from_on, o.to_on) end,
		'unit', o.unit, 'phone', o.phone, 'address', o.address, 'demo', p.demo)
	from public.places p where p.id = o.township_id
$$;

create function private.op_notice_publish(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	o public.notices := private.notice_for(t, target, '{draft,waiting,published}', base);
	before jsonb;
	content jsonb;
	days integer;
	changed text := private.public_text(p, 'changed', 'changed');
	hash text;
begin
	if o.id is null then return null; end if;
	if o.kind = 'project' then
		perform private.notice_rate(t, target);
		select * into o from public.notices where township_id = t and id = target;
	end if;
	if o.from_on is null then perform private.refuse('window_needed'); end if;
	if o.unit = '' or (o.phone = '' and o.address = '') then perform private.refuse('objection_way_needed'); end if;
	if o.kind = 'list' and (o.rows_n = 0 or cardinality(o.columns) = 0) or o.kind = 'text' and o.body = '' then perform private.refuse('nothing_to_publish'); end if;
	if (select count(*) from public.notice_rows r where r.township_id = t and r.notice_id = target and r.seq <= o.rows_n) < o.rows_n then
		perform private.refuse('rows_missing'); end if;
	days := private.workdays(t, o.from_on, o.to_on);
	if days < 5 then perform private.refuse('notice_too_short', days::text); end if;
	select e.content into before from public.notice_editions e where e.township_id = t and e.notice_id = target and e.n = o.edition;
	if before is null then
		if o.from_on < private.today() and o.kind <> 'project' or o.to_on < private.today() then perform private.refuse('bad_value', 'from_on'); end if;
		if changed <> '' then perform private.refuse('bad_value', 'changed'); end if;
	else
		if changed = '' then perform private.refuse('changed_needed'); end if;
		-- Nobody's time to object gets shorter by a correction.
		if o.from_on <> (before ->> 'fromOn')::date or o.to_on < (before ->> 'toOn')::date or o.shown_to < private.today() then perform private.refuse('window_shorter'); end if;
	end if;
	content := private.notice_content(o);
	if content = before then perform private.refuse('nothing_changed'); end if;
	hash := encode(sha256(convert_to(content::text, 'UTF8')), 'hex');
	insert into public.notice_editions (township_id, notice_id, n, content, sha256, changed, by_person)
	values (t, target, o.edition + 1, content, hash, changed, private.my_person());
	update public.notices set state = 'published', edition = o.edition + 1, workdays = days, published_by = coalesce(o.published_by, private.my_person()),
		published_at = coalesce(o.published_at, clock_timestamp()), version = o.version + 1
	where township_id = t and id = target;
	return jsonb_build_object('id', target, 'kind', 'notice', 'version', o.version + 1,
		'did', jsonb_build_object('edition', o.edition + 1, 'sha256', hash, 'workdays', days, 'rows', o.rows_n, 'changed', changed));
end
$$;

create function private.op_notice_take_down(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	o public.notices := private.notice_for(t, target, '{waiting,published}', base);
	why text := private.public_text(p, 'note', 'note');
begin
	if o.id is null then return null; end if;
	if why = '' then perform private.refuse('reason_needed'); end if;
	update public.notices set state = 'down', down_on = private.today(), down_by = private.my_person(), down_why = why, version = o.version + 1
	where township_id = t and id = target;
	return jsonb_build_object('id', target, 'kind', 'notice', 'version', o.version + 1, 'did', jsonb_build_object('note', why));
end
$$;

create function private.op_notice_drop(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	o public.notices := private.notice_for(t, target, '{draft}', base);
begin
	if o.id is null then return null; end if;
	update public.notice_rows set no = '', name = '', place = '', item = '', amount = '' where township_id = t and notice_id = target;
	update public.notices set state = 'dropped', body = '', rows_n = 0, version = o.version + 1 where township_id = t and id = target;
	return jsonb_build_object('id', target, 'kind', 'notice', 'version', o.version + 1);
end
$$;

create function private.add_objection(o public.notices, target uuid, p jsonb, p_via text, p_on date, p_receipt bytea) returns void
language plpgsql set search_path = '' as $$
declare
	body text := private.public_text(p, 'text', 'text');
	name text := private.text_of(p, 'contact_name');
	phone text := private.text_of(p, 'contact_phone');
begin
	if body = '' then perform private.refuse('bad_value', 'text'); end if;
	if private.holds_personal(name || ' / ' || phone, 'id') then perform private.refuse('id_number', 'contact'); end if;
	if private.holds_personal(phone, 'bank') then perform private.refuse('bank_number', 'contact'); end if;
	insert into public.notice_objections (township_id, id, notice_id, via, body, received_on, by_person, receipt_sha256)
	values (o.township_id, target, o.id, p_via, body, p_on, private.my_person(), p_receipt);
	if name <> '' or phone <> '' then
		insert into public.objection_contacts (township_id, objection_id, name, phone) values (o.township_id, target, name, phone);
	end if;
end
$$;

-- By telephone, letter or visit: written down by the office.
create function private.op_notice_receive(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	o public.notices;
	d date := coalesce((p ->> 'received_on')::date, private.today());
begin
	select * into o from public.notices where township_id = t and id = (p ->> 'notice')::uuid for share;
	if o.id is null then return null; end if;
	perform private.need('plan', t);
	if o.state not in ('published', 'down') or o.emptied_on is not null then perform private.refuse('not_from_this_state', o.state); end if;
	if p ->> 'via' is null or p ->> 'via' not in ('phone', 'letter', 'visit') then perform private.refuse('bad_value', 'via'); end if;
	if d not between o.from_on and least(o.to_on, private.today()) then perform private.refuse('outside_window'); end if;
	perform private.add_objection(o, target, p, p ->> 'via', d, null);
	return jsonb_build_object('id', o.id, 'kind', 'notice', 'did', '{"text": "", "contact_name": "", "contact_phone": ""}'::jsonb);
end
$$;

create function private.op_notice_answer(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	b public.notice_objections;
	o public.notices;
	said text := private.public_text(p, 'answer', 'answer');
begin
	select * into b from public.notice_objections where township_id = t and id = target for update;
	if b.id is null then return null; end if;
	perform private.need('plan', t);
	perform private.check_version(b.version, base, jsonb_build_object('version', b.version));
	select * into o from public.notices where township_id = t and id = b.notice_id;
	if b.answered_at is not null or o.emptied_on is not null then perform private.refuse('not_from_this_state', 'answered'); end if;
	if said = '' then perform private.refuse('reason_needed'); end if;
	update public.notice_objections set outcome = p ->> 'outcome', answer = said, answered_by = private.my_person(), answered_at = clock_timestamp(), version = b.version + 1
	where township_id = t and id = target;
	return jsonb_build_object('id', o.id, 'kind', 'notice', 'did', '{"answer": ""}'::jsonb);
end
$$;

create function private.op_notice_post(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	o public.notices;
	ph public.photos;
	d date := coalesce((p ->> 'on_day')::date, private.today());
begin
	select * into o from public.notices where township_id = t and id = (p ->> 'notice')::uuid for share;
	if o.id is null then return null; end if;
	if not exists (select from private.my_memberships() m join private.role_rights r on r.role = m.role and r."right" in ('report', 'plan') where m.township_id = t) then
		perform private.need('plan', t);
	end if;
	if o.state not in ('published', 'down') then perform private.refuse('not_from_this_state', o.state); end if;
	if d not between o.from_on and private.today() then perform private.refuse('bad_value', 'on_day'); end if;
	if p ->> 'photo' is not null then
		select * into ph from public.photos where township_id = t and id = (p ->> 'photo')::uuid;
		if ph.id is null then return null; end if;
		if ph.by_person is distinct from private.my_person() then perform private.refuse('not_yours'); end if;
	end if;
	insert into public.notice_postings (township_id, id, notice_id, place, on_day, photo_id, by_person)
	values (t, target, o.id, private.public_text(p, 'place', 'place'), d, ph.id, private.my_person());
	return jsonb_build_object('id', o.id, 'kind', 'notice');
end
$$;

-- ── reading ──────────────────────────────────────────────────────────────────────────────────────

create function private.notice_head(o public.notices) returns jsonb
language sql stable set search_path = '' as $$
	select jsonb_build_object('id', o.id, 'publicId', o.public_id, 'kind', o.kind, 'state', private.notice_state(o), 'title', o.title, 'edition', o.edition,
		'fromOn', o.from_on, 'toOn', o.to_on, 'shownTo', o.shown_to, 'workdays', o.workdays, 'rows', o.rows_n, 'madeByName', private.name_of(o.made_by),
		'madeBy', o.made_by, 'publishedByName', coalesce(private.name_of(o.published_by), ''), 'publishedAt', o.published_at,
		'downOn', coalesce(o.down_on, case when private.notice_state(o) = 'down' then o.shown_to + 1 end), 'downWhy', o.down_why,
		'emptiedOn', o.emptied_on, 'version', o.version,
		'objections', (select count(*) from public.notice_objections b where b.township_id = o.township_id and b.notice_id = o.id),
		'answered', (select count(*) from public.notice_objections b where b.township_id = o.township_id and b.notice_id = o.id and b.answered_at is not null),
		'postings', (select count(*) from public.notice_postings b where b.township_id = o.township_id and b.notice_id = o.id))
$$;

create function public.notices_page(p_township uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('today', private.today(),
		'notices', coalesce((select jsonb_agg(private.notice_head(o) order by o.made_at desc, o.id) from (
			select n.* from public.notices n where n.township_id = p_township and n.state <> 'dropped' and (n.state <> 'draft'
				or p_township in (select private.my_places('plan')) or p_township in (select private.my_places('audit')))
			order by n.made_at desc limit 300) o), '[]'),
		-- What may go into a notice of gradings now, with the days each was given.
		'projects', coalesce((select jsonb_agg(jsonb_build_object('id', p.id, 'unit', u.name, 'village', coalesce(v.name, ''), 'grade', p.reached_grade,
				'fromOn', p.notice_from, 'toOn', p.notice_to, 'noticed', exists (select from public.notice_projects b
					join public.notices n on n.township_id = b.township_id and n.id = b.notice_id and n.state = 'published' and n.to_on = p.notice_to
					where b.township_id = p.township_id and b.project_id = p.id)) order by p.notice_to desc, u.name)
			from public.projects p join public.scenic_units u on u.township_id = p.township_id and u.id = p.unit_id left join public.places v on v.id = p.village_id
			where p.township_id = p_township and p.archived_at is null and p.phase in ('public_notice', 'objection') and p.notice_to >= private.today()
				and p_township in (select private.my_places('plan'))), '[]'))
	where p_township in (select private.my_townships())
$$;

-- One notice. Drafts, objections and what is no longer public: planners and auditors; contacts: planners.
create function public.notice_page(p_township uuid, p_notice uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	with me as (
		select p_township in (select private.my_places('plan')) as plans, p_township in (select private.my_places('audit')) as audits
	)
	select private.notice_head(o) || jsonb_build_object('today', private.today(), 'postings', coalesce((select jsonb_agg(jsonb_build_object('id', b.id, 'place', b.place,
				'onDay', b.on_day, 'photoId', b.photo_id, 'byName', private.name_of(b.by_person), 'at', b.at) order by b.at)
			from public.notice_postings b where b.township_id = p_township and b.notice_id = o.id), '[]'),
		'content', case when private.notice_state(o) in ('published', 'waiting') or me.plans or me.audits then (select e.content from public.notice_editions e
			where e.township_id = p_township and e.notice_id = o.id and e.n = o.edition) end,
		'editions', coalesce((select jsonb_agg(jsonb_build_object('n', e.n, 'changed', e.changed, 'at', e.at, 'byName', private.name_of(e.by_person), 'sha256', e.sha256) order by e.n)
			from public.notice_editions e where e.township_id = p_township and e.notice_id = o.id), '[]'),
		'projects', coalesce((select jsonb_agg(jsonb_build_object('id', p.id, 'unit', u.name, 'phase', p.phase) order by b.seq) from public.notice_projects b
			join public.projects p on p.township_id = p_township and p.id = b.project_id
			join public.scenic_units u on u.township_id = p_township and u.id = p.unit_id
			where b.township_id = p_township and b.notice_id = o.id), '[]'))
	|| case when me.plans or me.audits then jsonb_build_object(
		'draft', private.notice_content(o), 'indexed', o.indexed, 'maskNames', o.mask_names,
		'names', coalesce((select jsonb_agg(r.name order by r.seq) from public.notice_rows r where r.township_id = p_township and r.notice_id = o.id and r.seq <= least(o.rows_n, 5)), '[]'),
		'objectionList', coalesce((select jsonb_agg(jsonb_build_object('id', b.id, 'via', b.via, 'text', b.body, 'receivedOn', b.received_on, 'at', b.at,
				'byName', coalesce(private.name_of(b.by_person), ''), 'outcome', b.outcome, 'answer', b.answer, 'answeredByName', coalesce(private.name_of(b.answered_by), ''),
				'answeredAt', b.answered_at, 'otherPerson', b.answered_by is distinct from o.made_by, 'version', b.version,
				'contact', case when me.plans then (select jsonb_build_object('name', c.name, 'phone', c.phone) from public.objection_contacts c
					where c.township_id = p_township and c.objection_id = b.id and c.gone_on is null) end) order by b.at)
			from public.notice_objections b where b.township_id = p_township and b.notice_id = o.id), '[]')) else '{}' end
	from public.notices o, me
	where o.township_id = p_township and o.id = p_notice and p_township in (select private.my_townships())
		and (o.state in ('published', 'down') or me.plans or me.audits)
$$;

-- ── without an account; asked by the server itself ───────────────────────────────────────────────

-- What the public page shows. Null: unknown, a draft, or not begun. `p_tag`: the tag of what the reader has; then nothing is sent again.
create function public.notice_public(p_public text, p_tag text default null) returns jsonb
language sql stable security definer set search_path = '' as $$
	select case when x.state = 'down' then jsonb_build_object('state', 'down', 'tag', 'down', 'township', p.name, 'demo', p.demo, 'downOn', coalesce(o.down_on, o.shown_to + 1))
		when p_tag = x.tag then jsonb_build_object('state', 'up', 'tag', x.tag)
		else jsonb_build_object('state', 'up', 'tag', x.tag, 'publicId', o.public_id, 'indexed', o.indexed, 'edition', o.edition, 'content', e.content,
			'today', private.today(), 'open', private.today() between o.from_on and o.to_on, 'received', x.received, 'answered', x.answered,
			'publishedOn', (o.published_at at time zone 'Asia/Shanghai')::date,
			'editions', (select jsonb_agg(jsonb_build_object('n', h.n, 'on', (h.at at time zone 'Asia/Shanghai')::date, 'changed', h.changed) order by h.n)
				from public.notice_editions h where h.township_id = o.township_id and h.notice_id = o.id)) end
	from public.notices o join public.places p on p.id = o.township_id
	join public.notice_editions e on e.township_id = o.township_id and e.notice_id = o.id and e.n = o.edition
	cross join lateral (select count(*) as received, count(b.answered_at) as answered from public.notice_objections b
		where b.township_id = o.township_id and b.notice_id = o.id) c
	cross join lateral (select private.notice_state(o) as state, c.received, c.answered, format('%s-%s-%s-%s-%s%s', left(e.sha256, 12), o.edition, private.today() - o.from_on, c.received,
		c.answered, case when o.indexed then 'i' else '' end) as tag) x
	where o.public_id = p_public and x.state in ('published', 'down')
$$;

-- An objection by the page's form; answers with the receipt by which its answer can be read.
create function public.notice_object(p jsonb) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
	o public.notices;
	target uuid := private.new_id();
	receipt text := substr(encode(sha256(uuid_send(gen_random_uuid())), 'hex'), 1, 12);
begin
	select * into o from public.notices where public_id = p ->> 'public_id' for share;
	if o.id is null or private.notice_state(o) <> 'published' then return null; end if;
	if private.today() not between o.from_on and o.to_on then perform private.refuse('outside_window'); end if;
	if char_length(private.text_of(p, 'text')) > 2000 or char_length(private.text_of(p, 'contact_name')) > 40 or char_length(private.text_of(p, 'contact_phone')) > 40 then
		perform private.refuse('too_long'); end if;
	-- A flood by machine stops here, whoever sends it.
	if (select count(*) from public.notice_objections b where b.township_id = o.township_id and b.notice_id = o.id and b.via = 'page'
		and b.received_on = private.today()) >= 200 then perform private.refuse('too_many'); end if;
	perform private.add_objection(o, target, p, 'page', private.today(), sha256(convert_to(receipt, 'UTF8')));
	perform private.log(o.township_id, 'notice.object', 'notice', o.id, jsonb_build_object('objection', target, 'via', 'page'));
	perform private.hint(o.township_id, 'notice', o.id, o.version);
	return jsonb_build_object('receipt', receipt);
end
$$;

create function public.notice_receipt(p_public text, p_receipt text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('receivedOn', b.received_on, 'outcome', b.outcome, 'answer', b.answer, 'answeredOn', (b.answered_at at time zone 'Asia/Shanghai')::date)
	from public.notice_objections b join public.notices o on o.township_id = b.township_id and o.id = b.notice_id
	where o.public_id = p_public and b.receipt_sha256 = sha256(convert_to(coalesce(p_receipt, ''), 'UTF8'))
$$;

insert into private.op_kinds (kind, fn)
select k, 'op_' || replace(k, '.', '_') from unnest(array['notice.create', 'notice.edit', 'notice.rows', 'notice.publish', 'notice.take_down', 'notice.drop',
	'notice.receive', 'notice.answer', 'notice.post']) k;
insert into private.offers (signature, to_role)
select s, 'authenticated' from unnest(array['public.notices_page(uuid)', 'public.notice_page(uuid, uuid)']) s
union all
select s, 'service_role' from unnest(array['public.notice_public(text, text)', 'public.notice_object(jsonb)', 'public.notice_receipt(text, text)', 'public.notices_tidy()']) s;
select private.apply_privileges();
