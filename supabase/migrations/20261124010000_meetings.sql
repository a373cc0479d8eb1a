-- Planning meetings on the map: topics, who was there, what was decided, marked and voted, and the chasing after.
-- A decision is a step like any other (it becomes a task, a milestone or a stage of a plan) or the adoption of a
-- scenario, so that what was said here is counted, done and proven where everything else is.

create table public.meetings (
	township_id uuid not null references public.places,
	id uuid not null,
	kind text not null check (kind in ('party', 'joint', 'planning', 'other')),
	title text not null check (char_length(title) between 1 and 120),
	-- The number of its minutes in the office's words: 云政纪〔2026〕15号.
	number text not null default '' check (char_length(number) <= 40),
	place text not null default '' check (char_length(place) <= 80),
	sent_to text not null default '' check (char_length(sent_to) <= 300),
	starts_at timestamptz not null,
	chair uuid references public.persons,
	recorder uuid references public.persons,
	state text not null default 'planned' check (state in ('planned', 'open', 'closed', 'issued', 'cancelled')),
	-- What is on the wall now.
	topic_id uuid,
	opened_at timestamptz,
	closed_at timestamptz,
	issued_at timestamptz,
	issued_by uuid references public.persons,
	-- The head of the township's chain of events when the minutes were issued, printed on them.
	head text check (head ~ '^[0-9a-f]{64}$'),
	head_seq bigint,
	made_by uuid not null references public.persons,
	made_at timestamptz not null default now(),
	version integer not null default 1,
	primary key (township_id, id),
	check ((state in ('closed', 'issued')) <= (closed_at is not null)),
	check ((state = 'issued') = (issued_at is not null) and (state = 'issued') = (head is not null))
);
create index meetings_by_day on public.meetings (township_id, starts_at desc);

create table public.meeting_people (
	township_id uuid not null,
	id uuid not null,
	meeting_id uuid not null,
	-- Somebody of the program, or a name.
	person_id uuid references public.persons,
	name text not null default '' check (char_length(name) <= 40),
	unit text not null default '' check (char_length(unit) <= 80),
	part text not null check (part in ('member', 'attending')),
	present boolean,
	note text not null default '' check (char_length(note) <= 100),
	removed boolean not null default false,
	primary key (township_id, id),
	foreign key (township_id, meeting_id) references public.meetings,
	check ((person_id is null) = (name <> ''))
);
create unique index one_seat_each on public.meeting_people (township_id, meeting_id, person_id) where not removed;
create index seats_by_person on public.meeting_people (person_id);

create table public.topics (
	township_id uuid not null references public.places,
	id uuid not null,
	meeting_id uuid,
	seq integer not null default 0 check (seq between 0 and 999),
	title text not null check (char_length(title) between 1 and 200),
	unit text not null default '' check (char_length(unit) <= 80),
	note text not null default '' check (char_length(note) <= 2000),
	-- What it points at: [{kind, id}].
	refs jsonb not null default '[]' check (jsonb_typeof(refs) = 'array' and pg_column_size(refs) <= 4000),
	-- The topic form: coordinated with the units, planning / money / land asked, 三重一大.
	coordinated boolean not null default false,
	consulted boolean not null default false,
	major boolean not null default false,
	proposed_by uuid not null references public.persons,
	proposed_on date not null,
	checked_by uuid references public.persons,
	checked_on date,
	checked_note text not null default '' check (char_length(checked_note) <= 500),
	state text not null default 'proposed' check (state in ('proposed', 'checked', 'returned', 'postponed', 'withdrawn')),
	-- 听取, 认为, and an opinion that was kept.
	heard text not null default '' check (char_length(heard) <= 4000),
	considered text not null default '' check (char_length(considered) <= 4000),
	differing text not null default '' check (char_length(differing) <= 2000),
	started_at timestamptz,
	version integer not null default 1,
	primary key (township_id, id),
	foreign key (township_id, meeting_id) references public.meetings,
	constraint somebody_else_checks check (checked_by is distinct from proposed_by or checked_by is null)
);
create index topics_by_meeting on public.topics (township_id, meeting_id, seq);

create table public.decisions (
	township_id uuid not null,
	id uuid not null,
	meeting_id uuid not null,
	topic_id uuid not null,
	seq integer not null,
	body text not null check (char_length(body) between 1 and 1000),
	-- Where it went: a task of its own, a step of a project or plan, or a scenario that was adopted.
	kind text not null check (kind in ('task', 'project', 'plan', 'scenario')),
	thing_id uuid not null,
	step_id uuid,
	lead uuid references public.persons,
	lead_unit text not null default '' check (char_length(lead_unit) <= 80),
	helpers text not null default '' check (char_length(helpers) <= 200),
	due_on date,
	done_means text not null default '' check (char_length(done_means) <= 500),
	ask text not null default '' check (char_length(ask) <= 500),
	made_by uuid not null references public.persons,
	made_at timestamptz not null default clock_timestamp(),
	withdrawn_at timestamptz,
	withdrawn_why text not null default '' check (char_length(withdrawn_why) <= 500),
	version integer not null default 1,
	primary key (township_id, id),
	foreign key (township_id, meeting_id) references public.meetings,
	foreign key (township_id, topic_id) references public.topics,
	foreign key (township_id, step_id) references public.steps,
	check ((kind = 'scenario') = (step_id is null)),
	check (kind = 'scenario' or (due_on is not null and (lead is not null or lead_unit <> '')))
);
create index decisions_by_meeting on public.decisions (township_id, meeting_id, seq);
create index decisions_by_step on public.decisions (township_id, step_id);

-- Notes, pins, lines and areas on the map, and comments at a place or thing; a reply names its first mark.
create table public.marks (
	township_id uuid not null,
	id uuid not null,
	meeting_id uuid not null,
	topic_id uuid,
	kind text not null check (kind in ('note', 'pin', 'line', 'area')),
	body text not null default '' check (char_length(body) <= 1000),
	geom extensions.geometry(Geometry, 4326),
	reply_to uuid,
	by_person uuid not null references public.persons,
	at timestamptz not null default clock_timestamp(),
	removed_at timestamptz,
	version integer not null default 1,
	primary key (township_id, id),
	foreign key (township_id, meeting_id) references public.meetings,
	foreign key (township_id, topic_id) references public.topics,
	foreign key (township_id, reply_to) references public.marks,
	check (kind = 'note' or geom is not null),
	check (kind <> 'note' or body <> '')
);
create index marks_by_meeting on public.marks (township_id, meeting_id, at);

create table public.ballots (
	township_id uuid not null,
	id uuid not null,
	meeting_id uuid not null,
	topic_id uuid not null,
	-- vote: members by the rules; mark and number: everybody for himself, then all at once on the wall.
	kind text not null check (kind in ('vote', 'mark', 'number')),
	question text not null check (char_length(question) between 1 and 200),
	unit text not null default '' check (char_length(unit) <= 20),
	opened_by uuid not null references public.persons,
	opened_at timestamptz not null default clock_timestamp(),
	closed_at timestamptz,
	result jsonb check (pg_column_size(result) <= 4000),
	version integer not null default 1,
	primary key (township_id, id),
	foreign key (township_id, meeting_id) references public.meetings,
	foreign key (township_id, topic_id) references public.topics,
	check ((closed_at is null) = (result is null))
);
create unique index one_open_ballot on public.ballots (township_id, meeting_id) where closed_at is null;

create table public.casts (
	township_id uuid not null,
	ballot_id uuid not null,
	person_id uuid not null references public.persons,
	choice text check (choice in ('yes', 'no', 'abstain')),
	number numeric check (number between -1e12 and 1e12),
	geom extensions.geometry(Point, 4326),
	at timestamptz not null default clock_timestamp(),
	version integer not null default 1,
	primary key (township_id, ballot_id, person_id),
	foreign key (township_id, ballot_id) references public.ballots,
	check (num_nonnulls(choice, number, geom) = 1)
);

-- Reminded, chased, and told the chair: each at most once, one a day.
create table public.chases (
	township_id uuid not null,
	id uuid not null,
	decision_id uuid not null,
	n integer not null check (n between 1 and 3),
	note text not null default '' check (char_length(note) <= 500),
	by_person uuid not null references public.persons,
	on_day date not null,
	primary key (township_id, id),
	foreign key (township_id, decision_id) references public.decisions
);
create unique index each_chase_once on public.chases (township_id, decision_id, n);
create trigger append_only before update or delete on public.chases for each row execute function private.guard_append_only();

-- ── who sees what ────────────────────────────────────────────────────────────────────────────────

-- Those who plan or audit the township, and whoever has a seat.
create function private.my_meetings() returns setof uuid
language sql stable security definer set search_path = '' as $$
	select m.id from public.meetings m
	where m.township_id in (select private.my_places('plan')) or m.township_id in (select private.my_places('audit'))
	union
	select p.meeting_id from public.meeting_people p
	where p.person_id = private.my_person() and not p.removed and p.township_id in (select private.my_townships())
$$;

do $$
declare t text;
begin
	foreach t in array array['meetings', 'meeting_people', 'topics', 'decisions', 'marks', 'ballots', 'casts', 'chases'] loop
		execute format('alter table public.%I enable row level security', t);
		execute format('create trigger never_truncated before truncate on public.%I for each statement execute function private.guard_append_only()', t);
	end loop;
	foreach t in array array['meeting_people', 'decisions', 'marks', 'ballots'] loop
		execute format('create policy "seen by whoever sees the meeting" on public.%I for select to authenticated using (meeting_id in (select private.my_meetings()))', t);
	end loop;
end
$$;
create policy "planners, auditors and those with a seat" on public.meetings for select to authenticated
	using (id in (select private.my_meetings()));
create policy "own topics, and those of the meetings one sees" on public.topics for select to authenticated
	using (meeting_id in (select private.my_meetings()) or proposed_by = (select private.my_person())
		or township_id in (select private.my_places('plan')) or township_id in (select private.my_places('audit')));
create policy "hidden until the ballot is closed" on public.casts for select to authenticated
	using (person_id = (select private.my_person())
		or ballot_id in (select b.id from public.ballots b where b.closed_at is not null));
create policy "seen by whoever sees the decision" on public.chases for select to authenticated
	using (decision_id in (select d.id from public.decisions d));

create policy "what the log says of a meeting is as hidden as the meeting" on public.events
	as restrictive for select to authenticated using (
		case
			when subject_kind = 'cast' then subject_id in (select b.id from public.ballots b where b.closed_at is not null)
			when subject_kind = 'meeting' then subject_id in (select private.my_meetings())
			when subject_kind in ('topic', 'decision', 'mark', 'ballot')
				then township_id in (select private.my_places('plan')) or township_id in (select private.my_places('audit'))
					or data ->> 'meeting' in (select x::text from private.my_meetings() x)
			else true end
	);

-- The live channel of a meeting is for whoever sees it.
create or replace function private.may_join(p_topic text) returns boolean
language sql stable security definer set search_path = '' as $$
	select case
		when p_topic ~ '^township:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'
		then substring(p_topic from 10)::uuid in (select private.my_townships())
		-- Who looks at what on the wall map now.
		when p_topic ~ '^look:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'
		then substring(p_topic from 6)::uuid in (select private.my_townships())
		when p_topic ~ '^meeting:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'
		then substring(p_topic from 9)::uuid in (select private.my_meetings())
		else false
	end
$$;

-- ── helpers ──────────────────────────────────────────────────────────────────────────────────────

-- The meeting, locked, for whoever runs it; refused in a state in which this cannot be done.
create function private.meeting_for(t uuid, meeting uuid, p_states text[], base integer default null) returns public.meetings
language plpgsql set search_path = '' as $$
declare
	o public.meetings;
begin
	select * into o from public.meetings where township_id = t and id = meeting for update;
	if o.id is null then return null; end if;
	perform private.need('plan', t);
	perform private.check_version(o.version, base, to_jsonb(o));
	if not o.state = any (p_states) then perform private.refuse('not_from_this_state', o.state); end if;
	return o;
end
$$;

-- The same for whoever sits in it.
create function private.seat_in(t uuid, meeting uuid, p_states text[]) returns public.meetings
language plpgsql set search_path = '' as $$
declare
	o public.meetings;
begin
	select * into o from public.meetings where township_id = t and id = meeting for share;
	if o.id is null then return null; end if;
	if not private.may('plan', t) and not exists (select from public.meeting_people p
		where p.township_id = t and p.meeting_id = meeting and p.person_id = private.my_person() and not p.removed) then
		perform private.refuse('not_allowed', 'seat');
	end if;
	if not o.state = any (p_states) then perform private.refuse('not_from_this_state', o.state); end if;
	return o;
end
$$;

create function private.topic_for(t uuid, topic uuid, base integer default null) returns public.topics
language plpgsql set search_path = '' as $$
declare
	o public.topics;
begin
	select * into o from public.topics where township_id = t and id = topic for update;
	if o.id is null then return null; end if;
	perform private.check_version(o.version, base, to_jsonb(o));
	return o;
end
$$;

-- Known kinds, ids that are there; anything else is refused.
create function private.clean_refs(t uuid, p jsonb) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
	r jsonb;
	there boolean;
begin
	if coalesce(jsonb_typeof(p), '') <> 'array' or jsonb_array_length(p) > 20 then perform private.refuse('bad_value', 'refs'); end if;
	for r in select * from jsonb_array_elements(p) loop
		there := case r ->> 'kind'
			when 'task' then exists (select from public.tasks where township_id = t and id = (r ->> 'id')::uuid)
			when 'project' then exists (select from public.projects where township_id = t and id = (r ->> 'id')::uuid)
			when 'plan' then exists (select from public.plans where township_id = t and id = (r ->> 'id')::uuid)
			when 'scheme' then exists (select from public.schemes where township_id = t and id = (r ->> 'id')::uuid)
			when 'place' then exists (select from public.places where township_id = t and id = (r ->> 'id')::uuid)
			when 'decision' then exists (select from public.decisions where township_id = t and id = (r ->> 'id')::uuid)
			else false end;
		if not coalesce(there, false) then perform private.refuse('bad_value', 'refs'); end if;
	end loop;
	return (select coalesce(jsonb_agg(jsonb_build_object('kind', x -> 'kind', 'id', x -> 'id')), '[]') from jsonb_array_elements(p) x);
end
$$;

-- ── the meeting ──────────────────────────────────────────────────────────────────────────────────

create function private.op_meeting_create(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
begin
	perform private.need('plan', t);
	perform private.check_person(t, (p ->> 'chair')::uuid);
	perform private.check_person(t, (p ->> 'recorder')::uuid);
	insert into public.meetings (township_id, id, kind, title, number, place, sent_to, starts_at, chair, recorder, made_by)
	values (t, target, coalesce(p ->> 'kind', 'planning'), private.text_of(p, 'title'), private.text_of(p, 'number'),
		private.text_of(p, 'place'), private.text_of(p, 'sent_to'), (p ->> 'starts_at')::timestamptz, (p ->> 'chair')::uuid,
		(p ->> 'recorder')::uuid, private.my_person());
	-- Those who plan the township are its members; the list can be changed.
	insert into public.meeting_people (township_id, id, meeting_id, person_id, part)
	select t, private.new_id(), target, x.person_id, 'member' from (
		select distinct m.person_id from public.memberships m
		where m.place_id = t and m.role = 'planner' and m.valid_from <= private.today() and (m.valid_to is null or m.valid_to > private.today())) x;
	return jsonb_build_object('id', target, 'kind', 'meeting');
end
$$;

create function private.op_meeting_edit(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	o public.meetings := private.meeting_for(t, target, '{planned,open,closed}', base);
begin
	if o.id is null then return null; end if;
	perform private.check_person(t, (p ->> 'chair')::uuid);
	perform private.check_person(t, (p ->> 'recorder')::uuid);
	update public.meetings set
		kind = coalesce(p ->> 'kind', o.kind), title = case when p ? 'title' then private.text_of(p, 'title') else o.title end,
		number = case when p ? 'number' then private.text_of(p, 'number') else o.number end,
		place = case when p ? 'place' then private.text_of(p, 'place') else o.place end,
		sent_to = case when p ? 'sent_to' then private.text_of(p, 'sent_to') else o.sent_to end,
		starts_at = coalesce((p ->> 'starts_at')::timestamptz, o.starts_at),
		chair = case when p ? 'chair' then (p ->> 'chair')::uuid else o.chair end,
		recorder = case when p ? 'recorder' then (p ->> 'recorder')::uuid else o.recorder end, version = o.version + 1
	where township_id = t and id = target;
	return jsonb_build_object('id', target, 'kind', 'meeting', 'version', o.version + 1);
end
$$;

create function private.op_meeting_seat(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	o public.meetings := private.meeting_for(t, (p ->> 'meeting')::uuid, '{planned,open,closed}');
	s public.meeting_people;
begin
	if o.id is null then return null; end if;
	perform private.check_person(t, (p ->> 'person')::uuid);
	select * into s from public.meeting_people where township_id = t and id = target for update;
	if s.id is null then
		insert into public.meeting_people (township_id, id, meeting_id, person_id, name, unit, part, present, note)
		values (t, target, o.id, (p ->> 'person')::uuid, case when p ->> 'person' is null then private.text_of(p, 'name') else '' end,
			private.text_of(p, 'unit'), coalesce(p ->> 'part', 'member'), (p ->> 'present')::boolean, private.text_of(p, 'note'));
	else
		if s.meeting_id <> o.id then perform private.refuse('exists_already'); end if;
		update public.meeting_people set
			part = coalesce(p ->> 'part', part), present = case when p ? 'present' then (p ->> 'present')::boolean else present end,
			unit = case when p ? 'unit' then private.text_of(p, 'unit') else unit end,
			note = case when p ? 'note' then private.text_of(p, 'note') else note end,
			removed = coalesce((p ->> 'removed')::boolean, removed)
		where township_id = t and id = target;
	end if;
	return jsonb_build_object('id', o.id, 'kind', 'meeting');
end
$$;

create function private.op_meeting_open(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	o public.meetings := private.meeting_for(t, target, '{planned,closed}', base);
begin
	if o.id is null then return null; end if;
	update public.meetings set state = 'open', opened_at = coalesce(o.opened_at, now()), closed_at = null, version = o.version + 1
	where township_id = t and id = target;
	return jsonb_build_object('id', target, 'kind', 'meeting', 'version', o.version + 1);
end
$$;

-- What is on the wall: a topic, or none. The first time it comes up is the time it was heard.
create function private.op_meeting_show(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	o public.meetings := private.meeting_for(t, target, '{open}');
begin
	if o.id is null then return null; end if;
	if p ->> 'topic' is not null then
		update public.topics set started_at = coalesce(started_at, now())
		where township_id = t and id = (p ->> 'topic')::uuid and meeting_id = target and state = 'checked';
		if not found then perform private.refuse('bad_value', 'topic'); end if;
	end if;
	update public.meetings set topic_id = (p ->> 'topic')::uuid, version = o.version + 1 where township_id = t and id = target;
	return jsonb_build_object('id', target, 'kind', 'meeting', 'version', o.version + 1);
end
$$;

-- Before the end the decisions are read back: the op says how many were read.
create function private.op_meeting_close(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	o public.meetings := private.meeting_for(t, target, '{open}', base);
begin
	if o.id is null then return null; end if;
	if exists (select from public.ballots where township_id = t and meeting_id = target and closed_at is null) then perform private.refuse('ballot_open'); end if;
	if (p ->> 'read')::integer is distinct from (select count(*)::integer from public.decisions
		where township_id = t and meeting_id = target and withdrawn_at is null) then perform private.refuse('decisions_not_read'); end if;
	update public.meetings set state = 'closed', closed_at = now(), topic_id = null, version = o.version + 1 where township_id = t and id = target;
	return jsonb_build_object('id', target, 'kind', 'meeting', 'version', o.version + 1);
end
$$;

create function private.op_meeting_issue(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	o public.meetings := private.meeting_for(t, target, '{closed}', base);
	h private.chain_heads;
begin
	if o.id is null then return null; end if;
	select * into h from private.chain_heads where township_id = t;
	update public.meetings set state = 'issued', issued_at = now(), issued_by = private.my_person(), head = encode(h.hash, 'hex'),
		head_seq = h.seq, version = o.version + 1
	where township_id = t and id = target;
	return jsonb_build_object('id', target, 'kind', 'meeting', 'version', o.version + 1, 'did', jsonb_build_object('head_seq', h.seq));
end
$$;

create function private.op_meeting_cancel(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	o public.meetings := private.meeting_for(t, target, '{planned}', base);
begin
	if o.id is null then return null; end if;
	-- Its topics wait for another.
	update public.topics set meeting_id = null, version = version + 1 where township_id = t and meeting_id = target;
	update public.meetings set state = 'cancelled', version = o.version + 1 where township_id = t and id = target;
	return jsonb_build_object('id', target, 'kind', 'meeting', 'version', o.version + 1);
end
$$;

-- ── topics ───────────────────────────────────────────────────────────────────────────────────────

create function private.op_topic_propose(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
begin
	if not exists (select from private.my_memberships() m join private.role_rights r on r.role = m.role and r."right" = 'report' where m.township_id = t) then
		perform private.refuse('not_allowed', 'report');
	end if;
	insert into public.topics (township_id, id, title, unit, note, refs, coordinated, consulted, major, proposed_by, proposed_on)
	values (t, target, private.text_of(p, 'title'), private.text_of(p, 'unit'), private.text_of(p, 'note'),
		private.clean_refs(t, coalesce(p -> 'refs', '[]')), coalesce((p ->> 'coordinated')::boolean, false),
		coalesce((p ->> 'consulted')::boolean, false), coalesce((p ->> 'major')::boolean, false), private.my_person(), private.today());
	return jsonb_build_object('id', target, 'kind', 'topic');
end
$$;

-- The proposer until it is checked; whoever plans also afterwards (what was heard and considered, its place).
create function private.op_topic_edit(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	o public.topics := private.topic_for(t, target, base);
	v_meeting uuid := case when p ? 'meeting' then (p ->> 'meeting')::uuid else o.meeting_id end;
begin
	if o.id is null then return null; end if;
	if not private.may('plan', t) then
		if o.proposed_by is distinct from private.my_person() or o.state not in ('proposed', 'returned') or p ?| array['meeting', 'seq', 'heard', 'considered', 'differing'] then
			perform private.refuse('not_allowed', 'plan');
		end if;
	end if;
	if o.state = 'withdrawn' then perform private.refuse('not_from_this_state', o.state); end if;
	if o.meeting_id is not null then perform private.meeting_for(t, o.meeting_id, '{planned,open,closed}'); end if;
	if v_meeting is distinct from o.meeting_id then
		if v_meeting is not null then
			if o.state <> 'checked' then perform private.refuse('topic_not_checked'); end if;
			if (private.meeting_for(t, v_meeting, '{planned,open}')).id is null then return null; end if;
		elsif exists (select from public.decisions where township_id = t and topic_id = target and withdrawn_at is null) then
			perform private.refuse('topic_has_decisions');
		end if;
	end if;
	update public.topics set
		title = case when p ? 'title' then private.text_of(p, 'title') else o.title end,
		unit = case when p ? 'unit' then private.text_of(p, 'unit') else o.unit end,
		note = case when p ? 'note' then private.text_of(p, 'note') else o.note end,
		refs = case when p ? 'refs' then private.clean_refs(t, p -> 'refs') else o.refs end,
		coordinated = coalesce((p ->> 'coordinated')::boolean, o.coordinated), consulted = coalesce((p ->> 'consulted')::boolean, o.consulted),
		major = coalesce((p ->> 'major')::boolean, o.major),
		heard = case when p ? 'heard' then private.text_of(p, 'heard') else o.heard end,
		considered = case when p ? 'considered' then private.text_of(p, 'considered') else o.considered end,
		differing = case when p ? 'differing' then private.text_of(p, 'differing') else o.differing end,
		meeting_id = v_meeting,
		seq = case when v_meeting is distinct from o.meeting_id then coalesce((select max(seq) + 1 from public.topics x where x.township_id = t and x.meeting_id = v_meeting), 1)
			else coalesce((p ->> 'seq')::integer, o.seq) end,
		state = case o.state when 'returned' then 'proposed' else o.state end, version = o.version + 1
	where township_id = t and id = target;
	return jsonb_build_object('id', target, 'kind', 'topic', 'version', o.version + 1,
		'did', case when v_meeting is null then '{}' else jsonb_build_object('meeting', v_meeting) end);
end
$$;

-- The leader in charge looks at it before it comes on a list; never at one's own.
create function private.op_topic_check(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	o public.topics := private.topic_for(t, target, base);
begin
	if o.id is null then return null; end if;
	perform private.need('plan', t);
	if o.proposed_by = private.my_person() then perform private.refuse('own_work'); end if;
	if o.state <> 'proposed' then perform private.refuse('not_from_this_state', o.state); end if;
	if not (p ->> 'ok')::boolean and private.text_of(p, 'note') = '' then perform private.refuse('reason_needed'); end if;
	update public.topics set state = case when (p ->> 'ok')::boolean then 'checked' else 'returned' end, checked_by = private.my_person(),
		checked_on = private.today(), checked_note = private.text_of(p, 'note'), version = o.version + 1
	where township_id = t and id = target;
	return jsonb_build_object('id', target, 'kind', 'topic', 'version', o.version + 1);
end
$$;

create function private.op_topic_withdraw(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	o public.topics := private.topic_for(t, target, base);
begin
	if o.id is null then return null; end if;
	if o.proposed_by is distinct from private.my_person() then perform private.need('plan', t); end if;
	if o.state = 'withdrawn' or o.started_at is not null then perform private.refuse('not_from_this_state', o.state); end if;
	update public.topics set state = 'withdrawn', meeting_id = null, version = o.version + 1 where township_id = t and id = target;
	return jsonb_build_object('id', target, 'kind', 'topic', 'version', o.version + 1);
end
$$;

-- ── decisions ────────────────────────────────────────────────────────────────────────────────────

create function private.op_decision_make(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	o public.meetings := private.meeting_for(t, (p ->> 'meeting')::uuid, '{open}');
	k text := coalesce(p ->> 'as', 'task');
	thing uuid := (p ->> 'thing')::uuid;
	body text := private.text_of(p, 'text');
	step jsonb := jsonb_strip_nulls(jsonb_build_object('id', target, 'title', left(body, 200), 'due_on', p -> 'due_on', 'answers', p -> 'lead'));
	task jsonb;
	made jsonb;
	v uuid;
begin
	if o.id is null then return null; end if;
	if exists (select from public.decisions where township_id = t and id = target) then perform private.refuse('exists_already'); end if;
	if not exists (select from public.topics where township_id = t and id = (p ->> 'topic')::uuid and meeting_id = o.id) then return null; end if;
	if k <> 'scenario' and p ->> 'due_on' is null then perform private.refuse('bad_value', 'due_on'); end if;
	if k = 'task' then
		thing := target;
		task := jsonb_strip_nulls(jsonb_build_object('category', coalesce(p ->> 'category', 'OTHER'), 'title', left(body, 200),
			'note', nullif(private.text_of(p, 'done_means'), ''), 'village_id', p -> 'village_id', 'due_on', p -> 'due_on', 'answers', p -> 'lead',
			'method', case when p ? 'geometry' then 'map' end));
		made := private.op_task_create(t, target, task || case when p ? 'geometry' then jsonb_build_object('geometry', p -> 'geometry') else '{}' end, op);
		-- The log tells of the task as of any other.
		perform private.log(t, 'task.create', 'task', target, task || coalesce(made -> 'did', '{}') || jsonb_build_object('meeting', o.id), op);
	elsif k = 'project' then
		select village_id into v from public.projects where township_id = t and id = thing and archived_at is null;
		if not found then return null; end if;
		perform private.add_steps(t, 'project', thing, v, jsonb_build_object('steps', jsonb_build_array(step)));
	elsif k = 'plan' then
		select village_id into v from public.plans where township_id = t and id = thing and archived_at is null;
		if not found then return null; end if;
		perform private.add_steps(t, 'plan', thing, v, jsonb_build_object('steps', jsonb_build_array(step)));
	elsif k = 'scenario' then
		if private.op_scenario_adopt(t, thing, jsonb_build_object('note', body), null, op) is null then return null; end if;
	else
		perform private.refuse('bad_value', 'as');
	end if;
	insert into public.decisions (township_id, id, meeting_id, topic_id, seq, body, kind, thing_id, step_id, lead, lead_unit, helpers, due_on, done_means, ask, made_by)
	values (t, target, o.id, (p ->> 'topic')::uuid, (select coalesce(max(seq), 0) + 1 from public.decisions where township_id = t and meeting_id = o.id), body,
		k, thing, case when k <> 'scenario' then target end, (p ->> 'lead')::uuid, private.text_of(p, 'lead_unit'), private.text_of(p, 'helpers'),
		(p ->> 'due_on')::date, private.text_of(p, 'done_means'), private.text_of(p, 'ask'), private.my_person());
	return jsonb_build_object('id', target, 'kind', 'decision');
end
$$;

-- Words may be put right until the minutes are issued; what, who and when are changed where the step is.
create function private.op_decision_edit(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	d public.decisions;
begin
	select * into d from public.decisions where township_id = t and id = target and withdrawn_at is null for update;
	if d.id is null then return null; end if;
	perform private.meeting_for(t, d.meeting_id, '{open,closed}');
	perform private.check_version(d.version, base, to_jsonb(d));
	update public.decisions set
		body = case when p ? 'text' then private.text_of(p, 'text') else d.body end,
		lead_unit = case when p ? 'lead_unit' then private.text_of(p, 'lead_unit') else d.lead_unit end,
		helpers = case when p ? 'helpers' then private.text_of(p, 'helpers') else d.helpers end,
		done_means = case when p ? 'done_means' then private.text_of(p, 'done_means') else d.done_means end,
		ask = case when p ? 'ask' then private.text_of(p, 'ask') else d.ask end, version = d.version + 1
	where township_id = t and id = target;
	return jsonb_build_object('id', target, 'kind', 'decision', 'version', d.version + 1, 'did', jsonb_build_object('meeting', d.meeting_id));
end
$$;

create function private.op_decision_withdraw(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	d public.decisions;
	why text := private.text_of(p, 'note');
begin
	select * into d from public.decisions where township_id = t and id = target and withdrawn_at is null for update;
	if d.id is null then return null; end if;
	perform private.meeting_for(t, d.meeting_id, '{open,closed}');
	if why = '' then perform private.refuse('reason_needed'); end if;
	-- What a scenario changed is changed back by another one, not by a word.
	if d.kind = 'scenario' then perform private.refuse('scenario_adopted'); end if;
	perform private.op_drop(t, d.step_id, jsonb_build_object('note', why), null);
	perform private.log(t, 'step.drop', 'step', d.step_id, jsonb_build_object('note', why, 'meeting', d.meeting_id), op);
	update public.decisions set withdrawn_at = now(), withdrawn_why = why, version = d.version + 1 where township_id = t and id = target;
	return jsonb_build_object('id', target, 'kind', 'decision', 'version', d.version + 1, 'did', jsonb_build_object('meeting', d.meeting_id));
end
$$;

create function private.op_chase(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	d public.decisions;
	s public.steps;
	n integer;
begin
	select * into d from public.decisions where township_id = t and id = (p ->> 'decision')::uuid and withdrawn_at is null for update;
	if d.id is null then return null; end if;
	perform private.need('plan', t);
	select * into s from public.steps where township_id = t and id = d.step_id;
	if s.id is null or s.state in ('done', 'proven', 'dropped') then perform private.refuse('not_from_this_state', coalesce(s.state::text, 'scenario')); end if;
	select count(*) + 1 into n from public.chases where township_id = t and decision_id = d.id;
	if n > 3 then perform private.refuse('chased_three_times'); end if;
	if exists (select from public.chases where township_id = t and decision_id = d.id and on_day = private.today()) then perform private.refuse('chased_today'); end if;
	insert into public.chases (township_id, id, decision_id, n, note, by_person, on_day)
	values (t, target, d.id, n, private.text_of(p, 'note'), private.my_person(), private.today());
	return jsonb_build_object('id', d.id, 'kind', 'decision', 'did', jsonb_build_object('n', n, 'meeting', d.meeting_id));
end
$$;

-- ── marks and ballots ────────────────────────────────────────────────────────────────────────────

create function private.op_mark_add(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	o public.meetings := private.seat_in(t, (p ->> 'meeting')::uuid, '{planned,open,closed}');
	g extensions.geometry := private.read_geom(p -> 'geometry', '{Point,LineString,Polygon}');
	k text := p ->> 'mark';
begin
	if o.id is null then return null; end if;
	if g is not null and (extensions.geometrytype(g) = case k when 'line' then 'LINESTRING' when 'area' then 'POLYGON' else 'POINT' end) is not true then
		perform private.refuse('geometry_type', coalesce(k, '?'));
	end if;
	if (select count(*) from public.marks where township_id = t and meeting_id = o.id) >= 2000 then perform private.refuse('too_many'); end if;
	insert into public.marks (township_id, id, meeting_id, topic_id, kind, body, geom, reply_to, by_person)
	values (t, target, o.id, (p ->> 'topic')::uuid, k, private.text_of(p, 'text'), g, (p ->> 'reply_to')::uuid, private.my_person());
	return jsonb_build_object('id', target, 'kind', 'mark');
end
$$;

-- Taken off the wall and put back: the row stays, with its times.
create function private.op_mark_show(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	x public.marks;
begin
	select * into x from public.marks where township_id = t and id = target for update;
	if x.id is null then return null; end if;
	perform private.seat_in(t, x.meeting_id, '{planned,open,closed}');
	if x.by_person is distinct from private.my_person() and not private.may('plan', t) then perform private.refuse('not_yours'); end if;
	if (p ->> 'shown')::boolean is null then perform private.refuse('bad_value', 'shown'); end if;
	update public.marks set removed_at = case when (p ->> 'shown')::boolean then null else coalesce(removed_at, now()) end, version = x.version + 1
	where township_id = t and id = target;
	return jsonb_build_object('id', target, 'kind', 'mark', 'version', x.version + 1, 'did', jsonb_build_object('meeting', x.meeting_id));
end
$$;

create function private.op_ballot_open(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	o public.meetings := private.meeting_for(t, (p ->> 'meeting')::uuid, '{open}');
begin
	if o.id is null then return null; end if;
	if not exists (select from public.topics where township_id = t and id = (p ->> 'topic')::uuid and meeting_id = o.id) then return null; end if;
	if exists (select from public.ballots where township_id = t and meeting_id = o.id and closed_at is null) then perform private.refuse('ballot_open'); end if;
	insert into public.ballots (township_id, id, meeting_id, topic_id, kind, question, unit, opened_by)
	values (t, target, o.id, (p ->> 'topic')::uuid, coalesce(p ->> 'ballot', 'vote'), private.text_of(p, 'question'), private.text_of(p, 'unit'), private.my_person());
	return jsonb_build_object('id', target, 'kind', 'ballot');
end
$$;

-- One each; until the end it may be changed. A vote is for members who are there.
create function private.op_ballot_cast(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	b public.ballots;
	g extensions.geometry := private.read_geom(p -> 'geometry', '{Point}');
begin
	select * into b from public.ballots where township_id = t and id = target for share;
	if b.id is null then return null; end if;
	perform private.seat_in(t, b.meeting_id, '{open}');
	if b.closed_at is not null then perform private.refuse('ballot_closed'); end if;
	if b.kind = 'vote' and not exists (select from public.meeting_people s where s.township_id = t and s.meeting_id = b.meeting_id
		and s.person_id = private.my_person() and s.part = 'member' and s.present and not s.removed) then perform private.refuse('not_allowed', 'member'); end if;
	if (case b.kind when 'vote' then p ->> 'choice' is not null when 'number' then p ->> 'number' is not null else g is not null end) is not true then
		perform private.refuse('bad_value', b.kind);
	end if;
	insert into public.casts (township_id, ballot_id, person_id, choice, number, geom)
	values (t, target, private.my_person(), case b.kind when 'vote' then p ->> 'choice' end,
		case b.kind when 'number' then (p ->> 'number')::numeric end, case b.kind when 'mark' then g end)
	on conflict (township_id, ballot_id, person_id) do update set choice = excluded.choice, number = excluded.number, geom = excluded.geom,
		at = clock_timestamp(), version = public.casts.version + 1;
	return jsonb_build_object('id', target, 'kind', 'cast');
end
$$;

-- 应到 members, 实到 those present: two thirds make a quorum, more than half of all members carry.
create function private.op_ballot_close(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	b public.ballots;
	r jsonb;
begin
	select * into b from public.ballots where township_id = t and id = target for update;
	if b.id is null then return null; end if;
	if (private.meeting_for(t, b.meeting_id, '{open}')).id is null then return null; end if;
	if b.closed_at is not null then perform private.refuse('ballot_closed'); end if;
	select jsonb_build_object('cast', count(*), 'yes', count(*) filter (where choice = 'yes'), 'no', count(*) filter (where choice = 'no'),
		'abstain', count(*) filter (where choice = 'abstain'), 'median', percentile_cont(0.5) within group (order by number),
		'least', min(number), 'most', max(number))
	into r from public.casts where township_id = t and ballot_id = target;
	if b.kind = 'vote' then
		r := r || (select jsonb_build_object('members', count(*), 'present', count(*) filter (where present),
				'quorum', count(*) > 0 and count(*) filter (where present) * 3 >= count(*) * 2,
				'carried', count(*) > 0 and count(*) filter (where present) * 3 >= count(*) * 2 and (r ->> 'yes')::integer * 2 > count(*))
			from public.meeting_people where township_id = t and meeting_id = b.meeting_id and part = 'member' and not removed);
	end if;
	update public.ballots set closed_at = clock_timestamp(), result = r, version = b.version + 1 where township_id = t and id = target;
	return jsonb_build_object('id', target, 'kind', 'ballot', 'version', b.version + 1, 'did', jsonb_build_object('meeting', b.meeting_id, 'result', r));
end
$$;

-- ── reading ──────────────────────────────────────────────────────────────────────────────────────

create function private.where_of(t uuid, k text, thing uuid) returns jsonb
language sql stable set search_path = '' as $$
	select jsonb_build_object('kind', k, 'id', thing, 'title', x.title,
		'at', case when x.g is not null then jsonb_build_array(round(extensions.st_x(x.g)::numeric, 6), round(extensions.st_y(x.g)::numeric, 6)) end)
	from (
		select case when o.title = '' then coalesce(y.name, o.category) else o.title end as title, coalesce(o.geom, v.label) as g from public.tasks o
			left join public.places v on v.id = o.village_id left join public.task_types y on y.township_id = t and y.code = o.category
			where k = 'task' and o.township_id = t and o.id = thing
		union all select o.title, coalesce(extensions.st_pointonsurface(u.geom), v.label) from public.projects o
			left join public.scenic_units u on u.township_id = t and u.id = o.unit_id left join public.places v on v.id = o.village_id
			where k = 'project' and o.township_id = t and o.id = thing
		union all select o.title, coalesce(extensions.st_pointonsurface(o.geom), v.label) from public.plans o left join public.places v on v.id = o.village_id
			where k = 'plan' and o.township_id = t and o.id = thing
		union all select o.title, null from public.schemes o where k = 'scheme' and o.township_id = t and o.id = thing
		union all select o.title, null from public.scenarios o where k = 'scenario' and o.township_id = t and o.id = thing
		union all select o.name, o.label from public.places o where k = 'place' and o.township_id = t and o.id = thing
		union all select o.body, null from public.decisions o where k = 'decision' and o.township_id = t and o.id = thing
	) x limit 1
$$;

create function private.decision_json(d public.decisions) returns jsonb
language sql stable set search_path = '' as $$
	select jsonb_build_object('id', d.id, 'meetingId', d.meeting_id, 'topicId', d.topic_id, 'seq', d.seq, 'text', d.body, 'kind', d.kind, 'thingId', d.thing_id,
		'where', private.where_of(d.township_id, d.kind, d.thing_id), 'lead', d.lead, 'leadName', coalesce(private.name_of(d.lead), ''),
		'leadUnit', d.lead_unit, 'helpers', d.helpers, 'dueOn', d.due_on, 'doneMeans', d.done_means, 'ask', d.ask, 'madeAt', d.made_at,
		'madeByName', private.name_of(d.made_by), 'withdrawnAt', d.withdrawn_at, 'withdrawnWhy', d.withdrawn_why, 'version', d.version,
		'step', (select private.step_json(s) from public.steps s where s.township_id = d.township_id and s.id = d.step_id),
		'chases', coalesce((select jsonb_agg(jsonb_build_object('n', c.n, 'on', c.on_day, 'note', c.note, 'byName', private.name_of(c.by_person)) order by c.n)
			from public.chases c where c.township_id = d.township_id and c.decision_id = d.id), '[]'))
$$;

create function private.topic_json(o public.topics) returns jsonb
language sql stable set search_path = '' as $$
	select jsonb_build_object('id', o.id, 'meetingId', o.meeting_id, 'seq', o.seq, 'title', o.title, 'unit', o.unit, 'note', o.note,
		'refs', coalesce((select jsonb_agg(private.where_of(o.township_id, r ->> 'kind', (r ->> 'id')::uuid)) from jsonb_array_elements(o.refs) r), '[]'),
		'coordinated', o.coordinated, 'consulted', o.consulted, 'major', o.major, 'proposedBy', o.proposed_by, 'proposedByName', private.name_of(o.proposed_by),
		'proposedOn', o.proposed_on, 'checkedByName', coalesce(private.name_of(o.checked_by), ''), 'checkedOn', o.checked_on, 'checkedNote', o.checked_note,
		'state', o.state, 'heard', o.heard, 'considered', o.considered, 'differing', o.differing, 'startedAt', o.started_at, 'version', o.version)
$$;

create function private.meeting_json(o public.meetings) returns jsonb
language sql stable set search_path = '' as $$
	select jsonb_build_object('id', o.id, 'kind', o.kind, 'title', o.title, 'number', o.number, 'place', o.place, 'sentTo', o.sent_to, 'startsAt', o.starts_at,
		'chair', o.chair, 'chairName', coalesce(private.name_of(o.chair), ''), 'recorder', o.recorder, 'recorderName', coalesce(private.name_of(o.recorder), ''),
		'state', o.state, 'topicId', o.topic_id, 'openedAt', o.opened_at, 'closedAt', o.closed_at, 'issuedAt', o.issued_at,
		'issuedByName', coalesce(private.name_of(o.issued_by), ''), 'head', o.head, 'headSeq', o.head_seq, 'version', o.version)
$$;

create function public.meetings_page(p_township uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('today', private.today(),
		'meetings', coalesce((select jsonb_agg(private.meeting_json(o) || jsonb_build_object(
				'topics', (select count(*) from public.topics x where x.township_id = p_township and x.meeting_id = o.id),
				'decisions', (select count(*) from public.decisions x where x.township_id = p_township and x.meeting_id = o.id and x.withdrawn_at is null))
				order by o.starts_at desc, o.id)
			from (select * from public.meetings m where m.township_id = p_township and m.id in (select private.my_meetings())
				order by m.starts_at desc limit 200) o), '[]'),
		'topics', coalesce((select jsonb_agg(private.topic_json(o) order by o.proposed_on desc, o.id)
			from (select * from public.topics x where x.township_id = p_township and x.meeting_id is null and x.state <> 'withdrawn'
				and (x.proposed_by = private.my_person() or p_township in (select private.my_places('plan')) or p_township in (select private.my_places('audit')))
				order by x.proposed_on desc limit 200) o), '[]'),
		'register', coalesce((select jsonb_agg(private.decision_json(d) || jsonb_build_object('meeting', m.title, 'number', m.number, 'on', (d.made_at at time zone 'Asia/Shanghai')::date)
				order by d.made_at desc, d.id)
			from (select x.* from public.decisions x where x.township_id = p_township and x.withdrawn_at is null
				and (x.meeting_id in (select private.my_meetings()) or x.lead = private.my_person()) order by x.made_at desc limit 500) d
			join public.meetings m on m.township_id = d.township_id and m.id = d.meeting_id), '[]'))
	where p_township in (select private.my_townships())
$$;

create function public.meeting_room(p_township uuid, p_meeting uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select private.meeting_json(o) || jsonb_build_object('today', private.today(), 'me', private.my_person(),
		'people', coalesce((select jsonb_agg(jsonb_build_object('id', p.id, 'person', p.person_id, 'name', coalesce(private.name_of(p.person_id), p.name),
				'unit', p.unit, 'part', p.part, 'present', p.present, 'note', p.note) order by p.part desc, p.id)
			from public.meeting_people p where p.township_id = p_township and p.meeting_id = o.id and not p.removed), '[]'),
		'topics', coalesce((select jsonb_agg(private.topic_json(x) order by x.seq, x.id) from public.topics x where x.township_id = p_township and x.meeting_id = o.id), '[]'),
		'decisions', coalesce((select jsonb_agg(private.decision_json(d) order by d.seq) from public.decisions d where d.township_id = p_township and d.meeting_id = o.id), '[]'),
		'marks', coalesce((select jsonb_agg(jsonb_build_object('id', x.id, 'topicId', x.topic_id, 'mark', x.kind, 'text', x.body, 'replyTo', x.reply_to,
				'geometry', extensions.st_asgeojson(x.geom, 7)::jsonb, 'by', x.by_person, 'byName', private.name_of(x.by_person), 'at', x.at,
				'removedAt', x.removed_at, 'version', x.version) order by x.at, x.id)
			from public.marks x where x.township_id = p_township and x.meeting_id = o.id), '[]'),
		'ballots', coalesce((select jsonb_agg(jsonb_build_object('id', b.id, 'topicId', b.topic_id, 'kind', b.kind, 'question', b.question, 'unit', b.unit,
				'openedAt', b.opened_at, 'closedAt', b.closed_at, 'result', b.result,
				'waiting', (select count(*) from public.casts c where c.township_id = p_township and c.ballot_id = b.id),
				'mine', (select jsonb_build_object('choice', c.choice, 'number', c.number, 'geometry', extensions.st_asgeojson(c.geom, 7)::jsonb)
					from public.casts c where c.township_id = p_township and c.ballot_id = b.id and c.person_id = private.my_person()),
				'casts', case when b.closed_at is null then '[]' else coalesce((select jsonb_agg(jsonb_build_object('name', private.name_of(c.person_id),
						'choice', c.choice, 'number', c.number, 'geometry', extensions.st_asgeojson(c.geom, 7)::jsonb) order by c.at)
					from public.casts c where c.township_id = p_township and c.ballot_id = b.id), '[]') end) order by b.opened_at)
			from public.ballots b where b.township_id = p_township and b.meeting_id = o.id), '[]'),
		-- What the last meeting of its kind decided comes first by itself.
		'before', coalesce((select jsonb_agg(private.decision_json(d) order by d.seq) from public.decisions d
			where d.township_id = p_township and d.withdrawn_at is null and d.meeting_id = (
				select m.id from public.meetings m where m.township_id = p_township and m.kind = o.kind and m.starts_at < o.starts_at
					and m.state in ('closed', 'issued') order by m.starts_at desc limit 1)), '[]'))
	from public.meetings o
	where o.township_id = p_township and o.id = p_meeting and o.id in (select private.my_meetings()) and p_township in (select private.my_townships())
$$;

-- Before a decision is taken: what else this person answers for, and what falls due in the same weeks.
create function public.load_of(p_township uuid, p_person uuid, p_due date) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('open', count(*), 'overdue', count(*) filter (where s.due_on < private.today()),
		'near', count(*) filter (where s.due_on between p_due - 7 and p_due + 7),
		'nearest', coalesce((select jsonb_agg(jsonb_build_object('title', x.title, 'dueOn', x.due_on)) from (
			select coalesce(nullif(n.title, ''), private.where_of(p_township, n.thing_kind::text, n.thing_id) ->> 'title') as title, n.due_on from public.steps n
			where n.township_id = p_township and n.answers = p_person and n.state = 'said' and not n.voided and n.due_on between p_due - 7 and p_due + 7
			order by n.due_on limit 5) x), '[]'))
	from public.steps s
	where s.township_id = p_township and s.answers = p_person and s.state = 'said' and not s.voided and p_township in (select private.my_places('plan'))
	having p_township in (select private.my_places('plan'))
$$;

insert into private.op_kinds (kind, fn)
select k, 'op_' || replace(k, '.', '_') from unnest(array['meeting.create', 'meeting.edit', 'meeting.seat', 'meeting.open', 'meeting.show', 'meeting.close',
	'meeting.issue', 'meeting.cancel', 'topic.propose', 'topic.edit', 'topic.check', 'topic.withdraw', 'decision.make', 'decision.edit', 'decision.withdraw',
	'mark.add', 'mark.show', 'ballot.open', 'ballot.cast', 'ballot.close']) k;
insert into private.op_kinds (kind, fn) values ('decision.chase', 'op_chase');
insert into private.offers (signature, to_role)
select s, 'authenticated' from unnest(array['public.meetings_page(uuid)', 'public.meeting_room(uuid, uuid)', 'public.load_of(uuid, uuid, date)', 'private.my_meetings()']) s;
select private.apply_privileges();
