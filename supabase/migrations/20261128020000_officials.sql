-- What district officials leave: an instruction (批示) on anything of the map, or an answer to what is asked of the
-- district. By a link that allows it, or with an account of their own. It lands on the item, asks for a reply and is
-- chased like a decision; made into a task or a step, it is said, done and proven where everything else is.

create table public.instructions (
	township_id uuid not null references public.places,
	id uuid not null,
	-- Its number in the township's register.
	no integer not null,
	what text not null check (what in ('instruction', 'answer')),
	kind text not null check (kind in ('task', 'project', 'plan', 'step', 'blocker', 'decision', 'meeting', 'scheme', 'unit', 'place')),
	on_id uuid not null,
	-- Where it is shown besides: the thing the step or blocker belongs to, and the village it lies in.
	thing_kind public.thing_kind,
	thing_id uuid,
	step_id uuid,
	village_id uuid references public.places,
	meeting_id uuid,
	body text not null check (char_length(body) between 1 and 1000),
	-- Somebody of the program, or a reader of a share, whose name and office are a claim.
	by_person uuid references public.persons,
	share_id uuid,
	name text not null default '' check (char_length(name) <= 40),
	office text not null default '' check (char_length(office) <= 80),
	due_on date,
	state text not null default 'received' check (state in ('received', 'replied', 'accepted', 'withdrawn')),
	at timestamptz not null default clock_timestamp(),
	-- What a planner made of it.
	made_kind public.thing_kind,
	made_id uuid,
	made_step uuid,
	version integer not null default 1,
	primary key (township_id, id),
	unique (township_id, no),
	foreign key (township_id, share_id) references public.shares,
	foreign key (township_id, meeting_id) references public.meetings,
	foreign key (township_id, made_step) references public.steps,
	check (num_nonnulls(by_person, share_id) = 1),
	check ((share_id is not null) = (name <> '')),
	check ((thing_kind is null) = (thing_id is null)),
	check (num_nulls(made_kind, made_id, made_step) in (0, 3)),
	check (what = 'instruction' or kind in ('blocker', 'decision'))
);
create index instructions_by_item on public.instructions (township_id, on_id);
create index instructions_by_thing on public.instructions (township_id, thing_id) where thing_id is not null;
create index instructions_by_share on public.instructions (township_id, share_id, at) where share_id is not null;
create index instructions_by_person on public.instructions (by_person) where by_person is not null;

-- What followed: replied, sent back, accepted, withdrawn, chased. Through a share there is no person.
create table public.instruction_turns (
	township_id uuid not null,
	id uuid not null,
	instruction_id uuid not null,
	kind text not null check (kind in ('reply', 'return', 'accept', 'withdraw', 'chase', 'make')),
	note text not null default '' check (char_length(note) <= 1000),
	by_person uuid references public.persons,
	share_id uuid,
	at timestamptz not null default clock_timestamp(),
	on_day date not null,
	primary key (township_id, id),
	foreign key (township_id, instruction_id) references public.instructions,
	check (num_nonnulls(by_person, share_id) = 1),
	check (kind not in ('reply', 'return') or note <> '')
);
create index turns_by_instruction on public.instruction_turns (township_id, instruction_id, at);
create unique index chased_once_a_day on public.instruction_turns (township_id, instruction_id, on_day) where kind = 'chase';
create trigger append_only before update or delete on public.instruction_turns for each row execute function private.guard_append_only();

do $$
declare t text;
begin
	foreach t in array array['instructions', 'instruction_turns'] loop
		execute format('alter table public.%I enable row level security', t);
		execute format('create trigger never_truncated before truncate on public.%I for each statement execute function private.guard_append_only()', t);
	end loop;
end
$$;
create policy "members see what was left, of a meeting whoever sees it" on public.instructions
	for select to authenticated using (
		township_id in (select private.my_townships())
		and (meeting_id is null or meeting_id in (select private.my_meetings()))
	);
create policy "seen by whoever sees the instruction" on public.instruction_turns for select to authenticated
	using (instruction_id in (select i.id from public.instructions i));
create policy "the log of an instruction is as hidden as it is" on public.events
	as restrictive for select to authenticated
	using (subject_kind <> 'instruction' or subject_id in (select i.id from public.instructions i));

-- When somebody looked over all townships last, to say what changed since: one moment a person, no place, no history.
create table private.last_looks (
	person_id uuid primary key references public.persons,
	at timestamptz not null default now(),
	before timestamptz
);
alter table private.last_looks enable row level security;

-- ── helpers ──────────────────────────────────────────────────────────────────────────────────────

-- Townships whoever asks looks after from above: those of a district one observes or plans, or one that is observed.
create function private.my_overseen() returns setof uuid
language sql stable security definer set search_path = '' as $$
	select t.id from private.my_memberships() m
	join public.places t on t.level = 'township' and (t.parent_id = m.place_id or t.id = m.place_id)
	where t.archived_at is null and (m.role = 'observer' or (m.role = 'planner' and m.township_id is null))
$$;

-- What an instruction may lie on: the thing, step, village and meeting it belongs to, and what is asked there.
create type private.item as (thing_kind public.thing_kind, thing_id uuid, step_id uuid, village_id uuid, meeting_id uuid, ask text, over boolean);
create function private.item_of(t uuid, k text, o uuid) returns setof private.item
language sql stable set search_path = '' as $$
	select 'task'::public.thing_kind, x.id, null::uuid, x.village_id, null::uuid, '', false from public.tasks x
		where k = 'task' and x.township_id = t and x.id = o and x.archived_at is null
	union all select 'project', x.id, null, x.village_id, null, '', false from public.projects x
		where k = 'project' and x.township_id = t and x.id = o and x.archived_at is null
	union all select 'plan', x.id, null, x.village_id, null, '', false from public.plans x
		where k = 'plan' and x.township_id = t and x.id = o and x.archived_at is null
	union all select s.thing_kind, s.thing_id, s.id, s.village_id, null, '', false from public.steps s
		where k = 'step' and s.township_id = t and s.id = o and not s.voided
	union all select s.thing_kind, s.thing_id, s.id, s.village_id, null, b.ask, b.closed_on is not null from public.blockers b
		join public.steps s on s.township_id = b.township_id and s.id = b.step_id and not s.voided
		where k = 'blocker' and b.township_id = t and b.id = o
	union all select case when d.kind in ('task', 'project', 'plan') then d.kind::public.thing_kind end,
			case when d.kind in ('task', 'project', 'plan') then d.thing_id end, d.step_id, s.village_id, d.meeting_id, d.ask, false
		from public.decisions d left join public.steps s on s.township_id = d.township_id and s.id = d.step_id
		where k = 'decision' and d.township_id = t and d.id = o and d.withdrawn_at is null
	union all select null, null, null, null, x.id, '', false from public.meetings x
		where k = 'meeting' and x.township_id = t and x.id = o and x.state <> 'cancelled'
	union all select null, null, null, null, null, '', false from public.schemes x where k = 'scheme' and x.township_id = t and x.id = o
	union all select null, null, null, x.village_id, null, '', false from public.scenic_units x
		where k = 'unit' and x.township_id = t and x.id = o and x.archived_at is null
	union all select null, null, null, case when x.level = 'village' then x.id end, null, '', false from public.places x
		where k = 'place' and x.township_id = t and x.id = o and x.level in ('township', 'village') and x.archived_at is null
$$;

-- Does the item lie on the page that was shared?
create function private.in_share(s public.shares, k text, o uuid, i private.item) returns boolean
language sql stable set search_path = '' as $$
	select coalesce(case s.kind
		when 'township' then i.meeting_id is null
		when 'village' then i.meeting_id is null and i.village_id = s.subject_id
		when 'project' then i.meeting_id is null and i.thing_kind = 'project' and i.thing_id = s.subject_id
		when 'plan' then i.meeting_id is null and i.thing_kind = 'plan' and i.thing_id = s.subject_id
		when 'scheme' then k = 'scheme' and o = s.subject_id
		when 'unit' then (k = 'unit' and o = s.subject_id) or (i.meeting_id is null and i.thing_kind = 'project' and exists (
			select from public.projects p where p.township_id = s.township_id and p.id = i.thing_id and p.unit_id = s.subject_id))
		when 'meeting' then i.meeting_id = s.subject_id or (k = 'blocker' and exists (
			select from public.decisions d where d.township_id = s.township_id and d.meeting_id = s.subject_id and d.step_id = i.step_id and d.withdrawn_at is null))
	end, false)
$$;

-- No ID, bank or mobile number is stored: readers of a link see these words, too.
create function private.refuse_personal(p_text text) returns void
language plpgsql stable set search_path = '' as $$
begin
	if private.holds_personal(p_text, 'id', 'bank', 'phone') then perform private.refuse('personal_number'); end if;
end
$$;

-- One instruction, checked and numbered; the caller has looked who may.
create function private.leave_instruction(t uuid, target uuid, p jsonb, i private.item, p_share uuid, p_office text, p_name text) returns void
language plpgsql set search_path = '' as $$
declare
	body text := private.text_of(p, 'text');
	due date := (p ->> 'due_on')::date;
begin
	if body = '' then perform private.refuse('text_needed'); end if;
	perform private.refuse_personal(concat_ws(' | ', body, p_name, p_office));
	if due is not null and due not between private.today() and private.today() + 3660 then perform private.refuse('due_out_of_range'); end if;
	if p ->> 'what' = 'answer' then
		if coalesce(i.ask, '') = '' then perform private.refuse('nothing_asked'); end if;
		if i.over then perform private.refuse('blocker_over'); end if;
	elsif p ->> 'what' is distinct from 'instruction' then
		perform private.refuse('bad_value', 'what');
	end if;
	perform pg_advisory_xact_lock(hashtextextended(t::text, 13));
	insert into public.instructions (township_id, id, no, what, kind, on_id, thing_kind, thing_id, step_id, village_id, meeting_id, body,
		by_person, share_id, name, office, due_on)
	values (t, target, (select coalesce(max(x.no), 0) + 1 from public.instructions x where x.township_id = t), p ->> 'what', p ->> 'kind', (p ->> 'on')::uuid,
		i.thing_kind, i.thing_id, i.step_id, i.village_id, i.meeting_id, body,
		case when p_share is null then private.my_person() end, p_share, p_name, p_office, due);
end
$$;

create function private.turn(o public.instructions, p_kind text, p_note text, p_share uuid default null) returns void
language plpgsql set search_path = '' as $$
begin
	perform private.refuse_personal(p_note);
	insert into public.instruction_turns (township_id, id, instruction_id, kind, note, by_person, share_id, on_day)
	values (o.township_id, private.new_id(), o.id, p_kind, p_note, case when p_share is null then private.my_person() end, p_share, private.today());
end
$$;

-- What whoever asked may do with it: accept the reply, send it back, chase, take it back.
create function private.follow_instruction(o public.instructions, p_do text, p_note text, p_share uuid default null) returns integer
language plpgsql set search_path = '' as $$
begin
	if not o.state = any (case p_do when 'accept' then '{replied}' when 'return' then '{replied}' when 'chase' then '{received}'
		when 'withdraw' then '{received,replied}' end::text[]) then
		perform private.refuse('not_from_this_state', o.state);
	end if;
	if p_do = 'return' and p_note = '' then perform private.refuse('reason_needed'); end if;
	if p_do = 'chase' then
		if (select count(*) from public.instruction_turns x where x.township_id = o.township_id and x.instruction_id = o.id and x.kind = 'chase') >= 3 then
			perform private.refuse('chased_three_times');
		end if;
		if exists (select from public.instruction_turns x where x.township_id = o.township_id and x.instruction_id = o.id and x.kind = 'chase'
			and x.on_day = private.today()) then perform private.refuse('chased_today'); end if;
	end if;
	perform private.turn(o, p_do, p_note, p_share);
	update public.instructions set version = o.version + 1,
		state = case p_do when 'accept' then 'accepted' when 'return' then 'received' when 'withdraw' then 'withdrawn' else o.state end
	where township_id = o.township_id and id = o.id;
	return o.version + 1;
end
$$;

-- ── with an account ──────────────────────────────────────────────────────────────────────────────

create function private.op_instruction_leave(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	i private.item;
begin
	if not t in (select private.my_overseen()) then perform private.refuse('not_allowed', 'official'); end if;
	select * into i from private.item_of(t, p ->> 'kind', (p ->> 'on')::uuid);
	if not found then return null; end if;
	-- Of a meeting only whoever sees it.
	if i.meeting_id is not null and not i.meeting_id in (select private.my_meetings()) then return null; end if;
	perform private.leave_instruction(t, target, p, i, null,
		(select l.name from private.my_memberships() m join public.places l on l.id = m.place_id
			where m.role in ('observer', 'planner') and l.id in (t, (select parent_id from public.places where id = t))
			order by l.level limit 1), '');
	return jsonb_build_object('id', target, 'kind', 'instruction');
end
$$;

create function private.instruction_for(t uuid, target uuid, base integer) returns public.instructions
language plpgsql set search_path = '' as $$
declare
	o public.instructions;
begin
	select * into o from public.instructions where township_id = t and id = target for update;
	if o.id is null or (o.meeting_id is not null and not o.meeting_id in (select private.my_meetings())) then return null; end if;
	perform private.check_version(o.version, base, to_jsonb(o));
	return o;
end
$$;

-- The township answers; whoever asked cannot be the one who answers.
create function private.op_instruction_reply(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	o public.instructions := private.instruction_for(t, target, base);
begin
	if o.id is null then return null; end if;
	perform private.need('plan', coalesce(o.village_id, t));
	if o.by_person = private.my_person() then perform private.refuse('own_work'); end if;
	if not o.state in ('received', 'replied') then perform private.refuse('not_from_this_state', o.state); end if;
	if private.text_of(p, 'text') = '' then perform private.refuse('text_needed'); end if;
	perform private.turn(o, 'reply', private.text_of(p, 'text'));
	update public.instructions set state = 'replied', version = o.version + 1 where township_id = t and id = target;
	return jsonb_build_object('id', target, 'kind', 'instruction', 'version', o.version + 1);
end
$$;

-- What only whoever asked may say of it: that the answer will do, that it will not, that it is waited for.
create function private.of_asker(t uuid, target uuid, p jsonb, base integer, verb text) returns jsonb
language plpgsql set search_path = '' as $$
declare
	o public.instructions := private.instruction_for(t, target, base);
begin
	if o.id is null then return null; end if;
	if o.by_person is distinct from private.my_person() then perform private.refuse('not_yours'); end if;
	return jsonb_build_object('id', target, 'kind', 'instruction', 'version', private.follow_instruction(o, verb, private.text_of(p, 'note')));
end
$$;

create function private.op_instruction_accept(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language sql set search_path = '' as $$ select private.of_asker(t, target, p, base, 'accept') $$;

create function private.op_instruction_return(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language sql set search_path = '' as $$ select private.of_asker(t, target, p, base, 'return') $$;

create function private.op_instruction_chase(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language sql set search_path = '' as $$ select private.of_asker(t, target, p, null, 'chase') $$;

-- Whoever asked takes it back; what came by a link may be struck out by a planner, with a reason that stays.
create function private.op_instruction_withdraw(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	o public.instructions := private.instruction_for(t, target, base);
begin
	if o.id is null then return null; end if;
	if o.by_person is distinct from private.my_person() then
		if o.share_id is null then perform private.refuse('not_yours'); end if;
		perform private.need('plan', coalesce(o.village_id, t));
		if private.text_of(p, 'note') = '' then perform private.refuse('reason_needed'); end if;
	end if;
	return jsonb_build_object('id', target, 'kind', 'instruction', 'version', private.follow_instruction(o, 'withdraw', private.text_of(p, 'note')));
end
$$;

-- A planner makes a task of it, or a step of the project or plan it lies on: from then on it has the three facts.
create function private.op_instruction_make(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	o public.instructions := private.instruction_for(t, target, base);
	made uuid := (p ->> 'made')::uuid;
	due date := coalesce((p ->> 'due_on')::date, o.due_on);
	k public.thing_kind := case when p ->> 'as' = 'step' then o.thing_kind else 'task' end;
	v uuid := coalesce((p ->> 'village_id')::uuid, o.village_id);
	words jsonb;
begin
	if o.id is null then return null; end if;
	perform private.need('plan', coalesce(v, t));
	if o.made_step is not null then perform private.refuse('exists_already'); end if;
	if not o.state in ('received', 'replied') then perform private.refuse('not_from_this_state', o.state); end if;
	if due is null then perform private.refuse('bad_value', 'due_on'); end if;
	if made is null then perform private.refuse('bad_value', 'made'); end if;
	words := jsonb_strip_nulls(jsonb_build_object('title', left(coalesce(nullif(private.text_of(p, 'title'), ''), o.body), 200), 'due_on', due, 'answers', p -> 'lead'));
	if k = 'task' then
		words := words || jsonb_strip_nulls(jsonb_build_object('category', coalesce(p ->> 'category', 'OTHER'), 'village_id', v));
		perform private.op_task_create(t, made, words, op);
		perform private.log(t, 'task.create', 'task', made, words || jsonb_build_object('instruction', o.id), op);
	elsif k in ('project', 'plan') then
		perform private.add_steps(t, k, o.thing_id, o.village_id, jsonb_build_object('steps', jsonb_build_array(words || jsonb_build_object('id', made))));
		perform private.log(t, 'step.say', 'step', made, words || jsonb_build_object('instruction', o.id), op);
	else
		perform private.refuse('bad_value', 'as');
	end if;
	perform private.turn(o, 'make', left(words ->> 'title', 200));
	update public.instructions set made_kind = k, made_id = case k when 'task' then made else o.thing_id end, made_step = made, version = o.version + 1
	where township_id = t and id = target;
	return jsonb_build_object('id', target, 'kind', 'instruction', 'version', o.version + 1);
end
$$;

-- ── through a link ───────────────────────────────────────────────────────────────────────────────

-- What a reader of a share leaves, accepts, sends back, chases or takes back; asked by the server itself. p: {do, id,
-- what, kind, on, text, name, office, due_on}. At most twenty a day and share; one answer for every door that is shut.
create function public.share_answer(p_public_id text, p_door text, p jsonb) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
	s public.shares := private.share_by_door(p_public_id, p_door);
	target uuid;
	body text := private.text_of(p, 'text');
	who text := private.text_of(p, 'name');
	office text := private.text_of(p, 'office');
	i private.item;
	o public.instructions;
	v integer := 1;
begin
	if not s.answers then perform private.refuse('answers_off'); end if;
	begin
		target := (p ->> 'id')::uuid;
	exception when others then perform private.refuse('bad_value', 'id');
	end;
	if target is null then perform private.refuse('bad_value', 'id'); end if;
	if char_length(body) > 1000 then perform private.refuse('text_too_long'); end if;
	if char_length(who) > 40 or char_length(office) > 80 then perform private.refuse('bad_value', 'name'); end if;
	-- Two at once wait for each other, so that twenty stay twenty.
	perform pg_advisory_xact_lock(hashtextextended(s.id::text, 12));
	select * into o from public.instructions where township_id = s.township_id and id = target for update;

	if p ->> 'do' = 'leave' then
		if o.id is not null then
			if o.share_id is distinct from s.id then perform private.refuse('exists_already'); end if;
			return jsonb_build_object('outcome', 'already', 'id', target);
		end if;
		if who = '' or office = '' then perform private.refuse('name_needed'); end if;
		if (select count(*) from public.instructions x where x.township_id = s.township_id and x.share_id = s.id
			and x.at >= private.today()::timestamp at time zone 'Asia/Shanghai') >= 20 then perform private.refuse('too_many'); end if;
		begin
			select * into i from private.item_of(s.township_id, p ->> 'kind', (p ->> 'on')::uuid);
		exception when data_exception then perform private.refuse('bad_value', 'on');
		end;
		if not found or not private.in_share(s, p ->> 'kind', (p ->> 'on')::uuid, i) then perform private.refuse('not_on_this_page'); end if;
		begin
			perform (p ->> 'due_on')::date;
		exception when data_exception then perform private.refuse('bad_value', 'due_on');
		end;
		perform private.leave_instruction(s.township_id, target, p, i, s.id, office, who);
	elsif p ->> 'do' in ('accept', 'return', 'chase', 'withdraw') then
		if o.id is null or o.share_id is distinct from s.id then perform private.refuse('not_on_this_page'); end if;
		v := private.follow_instruction(o, p ->> 'do', body, s.id);
	else
		perform private.refuse('bad_value', 'do');
	end if;
	perform private.log(s.township_id, 'instruction.' || (p ->> 'do'), 'instruction', target, jsonb_build_object('share', s.id));
	perform private.hint(s.township_id, 'instruction', target, v);
	return jsonb_build_object('outcome', 'applied', 'id', target, 'version', v);
end
$$;

-- Everything one share brought, taken back at once; what planners made of it stays theirs.
create function private.withdraw_by_share(t uuid, p_share uuid) returns integer
language plpgsql set search_path = '' as $$
declare
	o public.instructions;
	n integer := 0;
begin
	for o in select * from public.instructions where township_id = t and share_id = p_share and state <> 'withdrawn' order by no for update loop
		perform private.turn(o, 'withdraw', '');
		update public.instructions set state = 'withdrawn', version = o.version + 1 where township_id = t and id = o.id;
		perform private.hint(t, 'instruction', o.id, o.version + 1);
		n := n + 1;
	end loop;
	return n;
end
$$;

-- ── reading ──────────────────────────────────────────────────────────────────────────────────────

create function private.instruction_title(o public.instructions) returns text
language sql stable set search_path = '' as $$
	select coalesce(
		case o.kind
			when 'unit' then (select u.name from public.scenic_units u where u.township_id = o.township_id and u.id = o.on_id)
			when 'meeting' then (select x.title from public.meetings x where x.township_id = o.township_id and x.id = o.on_id)
		end,
		private.where_of(o.township_id, case when o.thing_id is not null and o.kind <> 'decision' then o.thing_kind::text else o.kind end,
			case when o.thing_id is not null and o.kind <> 'decision' then o.thing_id else o.on_id end) ->> 'title', '')
		|| coalesce(' · ' || nullif((select s.title from public.steps s where s.township_id = o.township_id and s.id = o.step_id and s.title <> ''), ''), '')
$$;

-- `open`: with the names of the township's people; through a share they are left out.
create function private.instruction_json(o public.instructions, open boolean) returns jsonb
language sql stable set search_path = '' as $$
	select jsonb_build_object('id', o.id, 'no', o.no, 'what', o.what, 'kind', o.kind, 'onId', o.on_id, 'title', private.instruction_title(o),
		'text', o.body, 'name', coalesce(private.name_of(o.by_person), o.name), 'office', o.office, 'claimed', o.share_id is not null,
		'dueOn', o.due_on, 'state', o.state, 'at', o.at, 'on', (o.at at time zone 'Asia/Shanghai')::date, 'version', o.version,
		'asked', case o.kind
			when 'blocker' then (select b.ask from public.blockers b where b.township_id = o.township_id and b.id = o.on_id)
			when 'decision' then (select d.ask from public.decisions d where d.township_id = o.township_id and d.id = o.on_id) else '' end,
		'turns', coalesce((select jsonb_agg(jsonb_build_object('kind', x.kind, 'note', x.note, 'at', x.at, 'on', x.on_day,
				'by', case when open then coalesce(private.name_of(x.by_person), '') else '' end) order by x.at, x.id)
			from public.instruction_turns x where x.township_id = o.township_id and x.instruction_id = o.id), '[]'))
	|| case when open then jsonb_build_object('mine', o.by_person is not distinct from private.my_person(), 'shareId', o.share_id,
		'thingKind', o.thing_kind, 'thingId', o.thing_id, 'meetingId', o.meeting_id, 'villageId', o.village_id,
		'village', (select name from public.places where id = o.village_id), 'madeKind', o.made_kind, 'madeId', o.made_id,
		'step', (select private.step_json(s) from public.steps s where s.township_id = o.township_id and s.id = o.made_step)) else '{}' end
$$;

-- The register, the latest first.
create function public.instructions_page(p_township uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('today', private.today(), 'official', p_township in (select private.my_overseen()),
		'rows', coalesce((select jsonb_agg(private.instruction_json(o, true) order by o.no desc)
			from (select * from public.instructions x where x.township_id = p_township
				and (x.meeting_id is null or x.meeting_id in (select private.my_meetings())) order by x.no desc limit 500) o), '[]'))
	where p_township in (select private.my_townships())
$$;

-- What was left on one thing, unit, scheme, meeting or place, and on its steps and blockers.
create function public.instructions_on(p_township uuid, p_kind text, p_id uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('official', p_township in (select private.my_overseen()),
		'rows', coalesce((select jsonb_agg(private.instruction_json(o, true) order by o.no desc)
			from (select * from public.instructions x where x.township_id = p_township and x.state <> 'withdrawn'
				and (x.meeting_id is null or x.meeting_id in (select private.my_meetings()))
				and case when p_kind in ('task', 'project', 'plan') then x.thing_id = p_id and x.thing_kind::text = p_kind
					when p_kind = 'meeting' then x.meeting_id = p_id else x.kind = p_kind and x.on_id = p_id end
				order by x.no desc limit 50) o), '[]'))
	where p_township in (select private.my_townships())
$$;

-- What a share's readers left, with the township's replies and without its people's names.
create function public.share_answers(p_public_id text, p_door text) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
	s public.shares := private.share_by_door(p_public_id, p_door);
begin
	return jsonb_build_object('today', private.today(), 'allowed', s.answers,
		'rows', coalesce((select jsonb_agg(private.instruction_json(o, false) order by o.no desc)
			from (select * from public.instructions x where x.township_id = s.township_id and x.share_id = s.id and x.state <> 'withdrawn'
				order by x.no desc limit 100) o), '[]'));
end
$$;

-- What the district said to a blocker that asks: shown wherever the blocker is (of many at once: `stuck_lines`).
create function private.answers_to(t uuid, p_kind text, p_id uuid) returns jsonb
language sql stable set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('id', o.id, 'text', o.body, 'office', o.office, 'claimed', o.share_id is not null,
		'name', coalesce((select x.name from public.persons x where x.id = o.by_person), o.name),
		'on', (o.at at time zone 'Asia/Shanghai')::date, 'state', o.state) order by o.no), '[]')
	from public.instructions o
	where o.township_id = t and o.kind = p_kind and o.on_id = p_id and o.what = 'answer' and o.state <> 'withdrawn'
$$;

-- As before; a blocker now also says what the district answered.
alter function private.step_json(public.steps) rename to step_without_answers;
create function private.step_json(s public.steps) returns jsonb
language sql stable set search_path = '' as $$
	select case when x.j -> 'blocker' = 'null' then x.j
		else jsonb_set(x.j, '{blocker,answers}', private.answers_to(s.township_id, 'blocker', (x.j #>> '{blocker,id}')::uuid)) end
	from (select private.step_without_answers(s) as j) x
$$;

-- Open blockers as lines, all at once: asked before the district's pages and by whoever opens "what is stuck". The caller
-- has asked which townships may be seen.
create function private.stuck_lines(p_townships uuid[]) returns table (id uuid, township_id uuid, since date, ask text, j jsonb)
language sql stable set search_path = '' as $$
	with answers as materialized (
		select o.township_id, o.on_id, jsonb_agg(jsonb_build_object('id', o.id, 'text', o.body, 'office', o.office, 'claimed', o.share_id is not null,
			'name', coalesce(w.name, o.name), 'on', (o.at at time zone 'Asia/Shanghai')::date, 'state', o.state) order by o.no) as j
		from public.instructions o left join public.persons w on w.id = o.by_person
		where o.township_id = any (p_townships) and o.kind = 'blocker' and o.what = 'answer' and o.state <> 'withdrawn'
		group by o.township_id, o.on_id
	)
	select b.id, b.township_id, b.since, b.ask, jsonb_build_object('stepId', s.id, 'blockerId', b.id, 'kind', s.thing_kind, 'thingId', s.thing_id,
		'title', coalesce(nullif(t.title, ''), p.title, q.title), 'category', t.category, 'step', s.title,
		'village', v.name, 'villageId', s.village_id, 'blocker', b.kind, 'who', b.who, 'note', b.note, 'ask', b.ask,
		'since', b.since, 'days', d.today - b.since, 'dueOn', s.due_on, 'answers', coalesce(a.j, '[]'))
	from (select private.today() as today) d
	join public.blockers b on b.township_id = any (p_townships) and b.closed_on is null
	join public.steps s on s.township_id = b.township_id and s.id = b.step_id and not s.voided
	left join public.tasks t on s.thing_kind = 'task' and t.township_id = s.township_id and t.id = s.thing_id
	left join public.projects p on s.thing_kind = 'project' and p.township_id = s.township_id and p.id = s.thing_id
	left join public.plans q on s.thing_kind = 'plan' and q.township_id = s.township_id and q.id = s.thing_id
	left join public.places v on v.id = s.village_id
	left join answers a on a.township_id = b.township_id and a.on_id = b.id
$$;

create or replace function public.stuck(p_township uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(x.j order by x.since, x.id), '[]') from (
		select l.id, l.since, l.j from private.stuck_lines(array[p_township]) l
		where p_township in (select private.my_townships())
		order by l.since, l.id limit 500
	) x
$$;

-- ── the district ─────────────────────────────────────────────────────────────────────────────────

-- Notes that whoever asks looks now; gives the look before it ({since}, null the first time). Looking again within half an hour is the same look.
create function public.district_look() returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
	me uuid := private.my_person();
	r private.last_looks;
begin
	if me is null or not exists (select from private.my_overseen()) then return null; end if;
	insert into private.last_looks (person_id) values (me) on conflict do nothing;
	select * into r from private.last_looks where person_id = me for update;
	if r.at < now() - interval '30 minutes' then
		update private.last_looks set before = r.at, at = now() where person_id = me;
		r.before := r.at;
	end if;
	return jsonb_build_object('since', r.before);
end
$$;

-- The smallest id (UUID version 7) of a moment: events are found by their time through their ids.
create function private.id_at(p_at timestamptz) returns uuid
language sql immutable set search_path = '' as $$
	select (lpad(to_hex((extract(epoch from p_at) * 1000)::bigint), 12, '0') || '70008000000000000000')::uuid
$$;

-- What happened in one township since a moment: how often, and what of it a district wants to read.
create function private.changes_since(t uuid, p_since timestamptz) returns jsonb
language sql stable set search_path = '' as $$
	with happened as (
		select e.seq, e.at, e.action, e.subject_id from public.events e
		where e.id > private.id_at(p_since) and e.township_id = t and e.at > p_since
			and e.action in ('step.say', 'step.do', 'step.prove', 'step.block', 'step.unblock', 'project.create', 'plan.create', 'instruction.reply')
		order by e.seq desc limit 5000
	)
	select jsonb_build_object(
		'counts', coalesce((select jsonb_object_agg(x.action, x.n) from (select action, count(*) as n from happened group by action) x), '{}'),
		'lines', coalesce((select jsonb_agg(jsonb_build_object('at', l.at, 'action', l.action, 'kind', l.k, 'id', l.thing, 'title', l.title) order by l.seq desc) from (
			select h.seq, h.at, h.action, coalesce(s.thing_kind::text, i.thing_kind::text, split_part(h.action, '.', 1)) as k,
				coalesce(s.thing_id, i.thing_id, h.subject_id) as thing,
				case when i.id is not null then private.instruction_title(i) else
					coalesce(private.where_of(t, coalesce(s.thing_kind::text, split_part(h.action, '.', 1)), coalesce(s.thing_id, h.subject_id)) ->> 'title', '')
						|| coalesce(' · ' || nullif(s.title, ''), '') end as title
			from happened h
			left join public.steps s on h.action like 'step.%' and s.township_id = t and s.id = h.subject_id
			left join public.instructions i on h.action = 'instruction.reply' and i.township_id = t and i.id = h.subject_id
			where s.thing_kind in ('project', 'plan') or h.action in ('step.block', 'step.unblock', 'project.create', 'plan.create')
				or (i.id is not null and i.meeting_id is null)
			order by h.seq desc limit 8) l), '[]'))
$$;

-- Every township whoever asks looks after: what is stuck and asked first, then the same counts side by side in the order
-- of the places' own codes, and what changed. Places and offices only; nobody's name but one's own.
create function public.district_page(p_since timestamptz default null) returns jsonb
language sql stable security definer set search_path = '' as $$
	with mine as (
		select t.id, t.name, t.code, t.demo, d.name as district from public.places t left join public.places d on d.id = t.parent_id
		where t.id in (select private.my_overseen())
	), today as (
		select c.village_id, m.id as township_id, c.kind, c.planned, c.said, c.done, c.proven, c.blocked, c.overdue
		from mine m cross join lateral public.progress_on(m.id, private.today()) c
	), totals as (
		select township_id, kind, jsonb_build_object('planned', sum(planned), 'said', sum(said), 'done', sum(done), 'proven', sum(proven),
			'blocked', sum(blocked), 'overdue', sum(overdue)) as counts, count(*) filter (where planned > 0 and village_id <> township_id) as known
		from today group by township_id, kind
	), villages as (
		select m.id as township_id, count(v.id) as n from mine m left join public.places v on v.township_id = m.id and v.level = 'village' and v.archived_at is null
		group by m.id
	)
	select jsonb_build_object('today', private.today(), 'since', p_since,
		'townships', (select jsonb_agg(jsonb_build_object('id', m.id, 'name', m.name, 'code', m.code, 'demo', m.demo, 'district', m.district, 'villages', v.n,
				'counts', coalesce((select jsonb_object_agg(x.kind, x.counts) from totals x where x.township_id = m.id), '{}'),
				'known', coalesce((select jsonb_object_agg(x.kind, x.known) from totals x where x.township_id = m.id), '{}'),
				'changes', case when p_since is not null then private.changes_since(m.id, p_since) end)
				order by m.district, m.code nulls last, m.name) from mine m join villages v on v.township_id = m.id),
		'stuck', coalesce((select jsonb_agg(x.j || jsonb_build_object('townshipId', x.township_id,
				'township', (select name from mine m where m.id = x.township_id)) order by x.ask = '', x.since, x.id)
			from (select l.* from private.stuck_lines(array(select id from mine)) l order by l.ask = '', l.since, l.id limit 200) x), '[]'),
		'left', coalesce((select jsonb_agg(private.instruction_json(o, true) || jsonb_build_object('townshipId', o.township_id,
				'township', (select name from mine m where m.id = o.township_id)) order by o.at desc)
			from (select * from public.instructions x where x.by_person = private.my_person() and x.township_id in (select id from mine)
				and x.state in ('received', 'replied') order by x.at desc limit 100) o), '[]'))
	where exists (select from mine)
$$;

insert into private.op_kinds (kind, fn)
select k, 'op_' || replace(k, '.', '_') from unnest(array['instruction.leave', 'instruction.reply', 'instruction.accept', 'instruction.return',
	'instruction.withdraw', 'instruction.chase', 'instruction.make']) k;
insert into private.offers (signature, to_role)
select s, 'authenticated' from unnest(array['public.instructions_page(uuid)', 'public.instructions_on(uuid, text, uuid)', 'public.district_look()',
	'public.district_page(timestamptz)', 'private.my_overseen()', 'private.answers_to(uuid, text, uuid)',
	'private.step_without_answers(public.steps)']) s
union all
select s, 'service_role' from unnest(array['public.share_answer(text, text, jsonb)', 'public.share_answers(text, text)']) s;
select private.apply_privileges();
