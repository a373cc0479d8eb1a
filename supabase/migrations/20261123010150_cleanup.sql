-- The life cycle of a cleanup task, from finding to strike-off (domain.md B.2). `stage` says where a
-- step stands in the office's words; `state` (said, done, proven) follows from it and is what is counted.

create type public.step_stage as enum (
	'found', 'rejected', 'merged', 'dropped', 'assigned', 'doing', 'blocked', 'extension',
	'reported', 'returned', 'proven', 'closed'
);

-- One row a way: from where to where, by which verb, who may (a right at the step's place) and what it
-- needs. Functions read it, a trigger holds them to it, the page reads it, a test walks every cell.
create table public.step_transitions (
	verb text not null check (char_length(verb) <= 20),
	from_stage public.step_stage not null,
	to_stage public.step_stage not null,
	"right" public.right_name not null,
	-- other_person: neither did it nor answers for it; doer: only who did it; sayer: only who said it;
	-- asker / not_asker: who asked for more time, or anybody else.
	needs text check (needs in ('other_person', 'doer', 'sayer', 'asker', 'not_asker')),
	kinds public.thing_kind[] not null default '{task,project,plan}',
	primary key (verb, from_stage, to_stage, kinds)
);
alter table public.step_transitions enable row level security;
create policy "everybody signed in reads the transitions" on public.step_transitions for select to authenticated
	using (true);

insert into public.step_transitions (verb, from_stage, to_stage, "right", needs)
select v.verb, f.stage::public.step_stage, coalesce(v.to_stage, f.stage)::public.step_stage,
	v.r::public.right_name, v.needs
from (values
	('say', '{found}', 'assigned', 'plan', null),
	('say', '{assigned,doing,blocked,extension,returned}', null, 'plan', null),
	('recall', '{assigned}', 'found', 'plan', 'sayer'),
	('start', '{assigned,returned}', 'doing', 'report', null),
	('do', '{found,assigned,doing,blocked,extension}', 'reported', 'report', null),
	('withdraw', '{reported}', 'doing', 'report', 'doer'),
	('prove', '{reported}', 'proven', 'prove', 'other_person'),
	('return', '{reported}', 'returned', 'prove', 'other_person'),
	('drop', '{found,assigned,doing,blocked,extension,returned}', 'dropped', 'plan', null),
	('block', '{found,assigned,doing}', 'blocked', 'report', null),
	-- Where it goes on from depends on where it stood: the function knows.
	('unblock', '{blocked}', 'found', 'report', null),
	('unblock', '{blocked}', 'assigned', 'report', null),
	('unblock', '{blocked}', 'doing', 'report', null),
	('ask', '{assigned,doing,blocked}', 'extension', 'report', null),
	('grant', '{extension}', 'assigned', 'plan', 'not_asker'),
	('grant', '{extension}', 'doing', 'plan', 'not_asker'),
	('grant', '{extension}', 'blocked', 'plan', 'not_asker'),
	('deny', '{extension}', 'assigned', 'plan', 'not_asker'),
	('deny', '{extension}', 'doing', 'plan', 'not_asker'),
	('deny', '{extension}', 'blocked', 'plan', 'not_asker'),
	('unask', '{extension}', 'assigned', 'report', 'asker'),
	('unask', '{extension}', 'doing', 'report', 'asker'),
	('unask', '{extension}', 'blocked', 'report', 'asker')
) v(verb, from_stages, to_stage, r, needs)
cross join lateral unnest(v.from_stages::text[]) f(stage);

insert into public.step_transitions (verb, from_stage, to_stage, "right", needs, kinds) values
	('hold', 'reported', 'reported', 'prove', 'other_person', '{task}'),
	('release', 'reported', 'reported', 'prove', null, '{task}'),
	('reject', 'found', 'rejected', 'plan', null, '{task}'),
	('merge', 'found', 'merged', 'plan', null, '{task}'),
	('merge', 'assigned', 'merged', 'plan', null, '{task}'),
	('merge', 'doing', 'merged', 'plan', null, '{task}'),
	('merge', 'blocked', 'merged', 'plan', null, '{task}'),
	('close', 'proven', 'closed', 'prove', 'other_person', '{task}'),
	-- Rubbish that came back is anybody's finding; an accepted milestone is reopened by who may accept.
	('reopen', 'proven', 'assigned', 'report', null, '{task}'),
	('reopen', 'closed', 'assigned', 'report', null, '{task}'),
	('reopen', 'proven', 'assigned', 'prove', null, '{project,plan}');

drop table public.step_moves;

alter table public.steps
	add column stage public.step_stage,
	add column started_on date,
	add column closed_on date,
	add column closed_by uuid references public.persons,
	add column merged_into uuid,
	-- Under inspection: by whom and until when; frees itself.
	add column held_by uuid references public.persons,
	add column held_until timestamptz,
	add column reopened_on date;

create function private.first_stage(p_state public.step_state) returns public.step_stage
language sql immutable set search_path = '' as $$
	select (case p_state when 'said' then 'assigned' when 'done' then 'reported' else p_state::text end)::public.step_stage
$$;

update public.steps s set stage = case
	when s.state in ('found', 'said') and exists (select from public.blockers b
		where b.township_id = s.township_id and b.step_id = s.id and b.closed_on is null) then 'blocked'
	when s.state = 'said' and s.round > 1 then 'doing'
	else private.first_stage(s.state)::text end::public.step_stage;
alter table public.steps alter column stage set not null,
	add constraint stage_has_its_state check (case stage
		when 'found' then state = 'found'
		when 'blocked' then state in ('found', 'said')
		when 'reported' then state = 'done'
		when 'proven' then state = 'proven' and closed_on is null
		when 'closed' then state = 'proven' and closed_on is not null
		when 'merged' then state = 'dropped' and merged_into is not null and merged_into <> id
		when 'rejected' then state = 'dropped'
		when 'dropped' then state = 'dropped'
		else state = 'said' end),
	add constraint another_strikes_off check (closed_by is null or (closed_by is distinct from done_by and closed_by is distinct from answers)),
	add constraint merged_into_a_step foreign key (township_id, merged_into) references public.steps (township_id, id);
create index steps_by_stage on public.steps (township_id, thing_kind, stage, id desc) where not voided;
create index steps_by_answers on public.steps (township_id, answers, stage) where answers is not null and not voided;

-- Even our own functions move a step only along the table; a ledger's rows come in where they stood.
create function private.keep_to_the_table() returns trigger
language plpgsql set search_path = '' as $$
begin
	if tg_op = 'INSERT' then
		new.stage := coalesce(new.stage, private.first_stage(new.state));
	elsif new.stage is distinct from old.stage and not exists (
		select from public.step_transitions x
		where x.from_stage = old.stage and x.to_stage = new.stage and new.thing_kind = any (x.kinds)
	) then
		raise exception 'no way from % to %', old.stage, new.stage using errcode = '42501';
	end if;
	return new;
end
$$;
create trigger b_keep_to_the_table before insert or update on public.steps
	for each row execute function private.keep_to_the_table();

-- What is asked of the district while something is blocked; empty: nothing.
alter table public.blockers add column ask text not null default '' check (char_length(ask) <= 500);
alter table public.acceptances add column part boolean not null default false;
alter table public.tasks add column campaign text not null default '' check (char_length(campaign) <= 40);
create index tasks_by_campaign on public.tasks (township_id, campaign) where campaign <> '';

-- Asking for more time: who, until when, why, and the answer. The first deadline stays on the step.
create table public.extensions (
	township_id uuid not null,
	id uuid not null,
	step_id uuid not null,
	asked_on date not null,
	asked_by uuid not null references public.persons,
	to_day date not null,
	note text not null default '' check (char_length(note) <= 1000),
	answered_on date,
	answered_by uuid references public.persons,
	granted boolean,
	granted_to date,
	answer text not null default '' check (char_length(answer) <= 1000),
	primary key (township_id, id),
	foreign key (township_id, step_id) references public.steps,
	check ((answered_on is null) = (answered_by is null)),
	check (granted is not true or granted_to is not null)
);
create unique index one_open_extension on public.extensions (township_id, step_id) where answered_on is null;

-- What a township says differently about the sixteen problem types; the codes are stable.
create table private.task_type_defaults (code text primary key, days integer not null, seq integer not null);
insert into private.task_type_defaults (code, days, seq) values
	('TRASH', 3, 1), ('BIN', 1, 2), ('HEAP', 3, 3), ('SHED', 15, 4), ('RUIN', 30, 5), ('WATER', 15, 6),
	('SEWAGE', 30, 7), ('TOILET', 30, 8), ('MANURE', 7, 9), ('FILM', 7, 10), ('LINES', 60, 11), ('ADS', 3, 12),
	('ROAD', 15, 13), ('BURN', 1, 14), ('GREEN', 7, 15), ('OTHER', 15, 16);
create table public.task_types (
	township_id uuid not null references public.places,
	code text not null references private.task_type_defaults check (char_length(code) <= 20),
	name text not null default '' check (char_length(name) <= 40),
	days integer check (days between 0 and 365),
	unit text not null default '' check (char_length(unit) <= 80),
	hidden boolean not null default false,
	-- Handed to the village's officer at once, by the standing decision of `set_by`.
	auto boolean not null default false,
	set_by uuid not null references public.persons,
	version integer not null default 1,
	primary key (township_id, code)
);

-- Hand-over sheets (问题交办单), numbered by year.
create table public.handovers (
	township_id uuid not null references public.places,
	id uuid not null,
	year integer not null,
	no integer not null,
	answers uuid references public.persons,
	unit text not null default '' check (char_length(unit) <= 80),
	due_on date,
	task_ids uuid[] not null check (cardinality(task_ids) between 1 and 200),
	made_on date not null,
	made_by uuid not null references public.persons,
	primary key (township_id, id),
	unique (township_id, year, no)
);

-- Random re-checks: the seed is the server's, the order is SHA-256 of seed and id, so that anybody can
-- draw the same sample again and nobody chooses the easy ones.
create table public.draws (
	township_id uuid not null references public.places,
	id uuid not null,
	year integer not null,
	no integer not null,
	seed text not null check (char_length(seed) = 64),
	size integer not null check (size between 1 and 500),
	population integer not null,
	filter jsonb not null default '{}' check (pg_column_size(filter) <= 4096),
	task_ids uuid[] not null,
	made_on date not null,
	made_by uuid not null references public.persons,
	primary key (township_id, id),
	unique (township_id, year, no)
);
create table public.draw_results (
	township_id uuid not null,
	draw_id uuid not null,
	task_id uuid not null,
	ok boolean not null,
	note text not null default '' check (char_length(note) <= 1000),
	happened_on date not null,
	by_person uuid not null references public.persons,
	primary key (township_id, draw_id, task_id),
	foreign key (township_id, draw_id) references public.draws,
	foreign key (township_id, task_id) references public.steps (township_id, id)
);

do $$
declare t text;
begin
	foreach t in array array['extensions', 'task_types', 'handovers', 'draws', 'draw_results'] loop
		execute format('alter table public.%I enable row level security', t);
		execute format(
			'create policy "members see them in their townships" on public.%I for select to authenticated using (township_id in (select private.my_townships()))', t);
	end loop;
	foreach t in array array['handovers', 'draws', 'draw_results'] loop
		execute format('create trigger append_only before update or delete on public.%I for each row execute function private.guard_append_only()', t);
		execute format('create trigger never_truncated before truncate on public.%I for each statement execute function private.guard_append_only()', t);
	end loop;
end
$$;

-- ── moving a step ────────────────────────────────────────────────────────────────────────────────

-- The step, locked, after asking the table whether this verb may be used on it by whoever asks.
create or replace function private.step_for(t uuid, step uuid, p_verb text, base integer) returns public.steps
language plpgsql set search_path = '' as $$
declare
	s public.steps;
	x public.step_transitions;
	me uuid := private.my_person();
	asker uuid;
begin
	select * into s from public.steps where township_id = t and id = step and not voided for update;
	if s.id is null then return null; end if;
	-- The right is asked before the state, so that a stranger learns nothing about the state.
	select * into x from public.step_transitions
	where verb = p_verb and s.thing_kind = any (kinds) order by from_stage = s.stage desc limit 1;
	if x.verb is null then perform private.refuse('not_for_this_kind', s.thing_kind::text); end if;
	perform private.need(x."right", coalesce(s.village_id, t));
	if x.needs = 'other_person' and (me is not distinct from s.done_by or me is not distinct from s.answers) then
		perform private.refuse('own_work');
	end if;
	if x.needs = 'doer' and s.done_by is distinct from me or x.needs = 'sayer' and s.said_by is distinct from me then
		perform private.refuse('not_yours');
	end if;
	if x.needs in ('asker', 'not_asker') then
		select asked_by into asker from public.extensions where township_id = t and step_id = step and answered_on is null;
		if x.needs = 'not_asker' and asker = me then perform private.refuse('own_asking'); end if;
		if x.needs = 'asker' and asker is distinct from me then perform private.refuse('not_yours'); end if;
	end if;
	perform private.check_version(s.version, base, to_jsonb(s));
	if x.from_stage <> s.stage then perform private.refuse('not_from_this_state', s.stage::text); end if;
	return s;
end
$$;

-- Where a step goes on from when nothing holds it up any longer.
create function private.stage_again(s public.steps) returns public.step_stage
language sql stable set search_path = '' as $$
	select (case
		when exists (select from public.blockers b where b.township_id = s.township_id and b.step_id = s.id and b.closed_on is null) then 'blocked'
		when s.said_on is null then 'found'
		when s.started_on is not null then 'doing'
		else 'assigned' end)::public.step_stage
$$;

create function private.moved(s public.steps, p_did jsonb default '{}') returns jsonb
language sql stable set search_path = '' as $$
	select jsonb_build_object('id', id, 'kind', 'step', 'version', version, 'state', state, 'stage', stage, 'did', p_did)
	from public.steps where township_id = s.township_id and id = s.id
$$;

-- Photos named in an op belong to the step from the same moment on, or the op waits for them.
create function private.with_photos(s public.steps, p_role text, p jsonb) returns void
language plpgsql set search_path = '' as $$
begin
	if p ? 'photos' and not private.attach_photos(s.township_id, s, p_role, p -> 'photos') then
		perform private.not_here_yet();
	end if;
end
$$;

create function private.days_for(t uuid, p_code text) returns integer
language sql stable set search_path = '' as $$
	select coalesce(y.days, d.days) from private.task_type_defaults d
	left join public.task_types y on y.township_id = t and y.code = d.code where d.code = p_code
$$;

-- Who usually answers for a village: its contact cadre, else somebody of the village itself.
create function private.officer_of(p_village uuid) returns uuid
language sql stable set search_path = '' as $$
	select m.person_id from public.memberships m
	where m.place_id = p_village and m.role in ('field', 'contact')
		and m.valid_from <= private.today() and (m.valid_to is null or m.valid_to > private.today())
	order by m.role <> 'field', m.valid_from, m.id limit 1
$$;

create or replace function private.op_say(t uuid, step uuid, p jsonb, base integer) returns jsonb
language plpgsql set search_path = '' as $$
declare
	s public.steps := private.step_for(t, step, 'say', base);
	due date := (p ->> 'due_on')::date;
	who uuid := (p ->> 'answers')::uuid;
begin
	if s.id is null then return null; end if;
	perform private.check_person(t, who);
	if due is not null and due not between private.today() - 1 and private.today() + 3660 and due is distinct from s.due_on then
		perform private.refuse('due_out_of_range');
	end if;
	update public.steps set
		state = 'said', stage = case s.stage when 'found' then 'assigned' else s.stage end,
		said_on = coalesce(s.said_on, private.today()), said_at = coalesce(s.said_at, now()),
		said_by = private.my_person(),
		answers = case when p ? 'answers' then who else s.answers end,
		answers_name = case when p ? 'answers' then null else s.answers_name end,
		due_on = coalesce(due, s.due_on),
		first_due_on = coalesce(s.first_due_on, due, s.due_on),
		version = s.version + 1
	where township_id = t and id = step;
	return private.moved(s);
end
$$;

-- Takes a hand-over back before anybody started. The first deadline stays, unless it was given today:
-- then it was a slip and nobody had planned by it.
create function private.op_recall(t uuid, step uuid, p jsonb, base integer) returns jsonb
language plpgsql set search_path = '' as $$
declare
	s public.steps := private.step_for(t, step, 'recall', base);
begin
	if s.id is null then return null; end if;
	update public.steps set state = 'found', stage = 'found', said_on = null, said_at = null, said_by = null,
		answers = null, answers_name = null, due_on = null,
		first_due_on = case when s.said_on < private.today() then s.first_due_on end,
		version = s.version + 1
	where township_id = t and id = step;
	return private.moved(s);
end
$$;

create function private.op_start(t uuid, step uuid, p jsonb, base integer) returns jsonb
language plpgsql set search_path = '' as $$
declare
	s public.steps := private.step_for(t, step, 'start', base);
begin
	if s.id is null then return null; end if;
	-- What came back goes on only after its reason was read: the round names which one.
	if s.stage = 'returned' and (p ->> 'read')::integer is distinct from s.round then
		perform private.refuse('reason_not_read');
	end if;
	update public.steps set stage = 'doing', started_on = coalesce(s.started_on, private.today()), version = s.version + 1
	where township_id = t and id = step;
	return private.moved(s);
end
$$;

create function private.close_extension(t uuid, step uuid, p_granted boolean, p_to date, p_answer text) returns void
language sql set search_path = '' as $$
	update public.extensions set answered_on = private.today(), answered_by = private.my_person(),
		granted = p_granted, granted_to = p_to, answer = p_answer
	where township_id = t and step_id = step and answered_on is null
$$;

create or replace function private.op_do(t uuid, step uuid, p jsonb, base integer) returns jsonb
language plpgsql set search_path = '' as $$
declare
	s public.steps := private.step_for(t, step, 'do', base);
begin
	if s.id is null then return null; end if;
	perform private.close_blocker(t, step, '');
	perform private.close_extension(t, step, null, null, '');
	-- Doing what nobody had said yet says it as well: the facts stay in order.
	update public.steps set
		state = 'done', stage = 'reported',
		said_on = coalesce(s.said_on, private.today()), said_at = coalesce(s.said_at, now()),
		said_by = coalesce(s.said_by, private.my_person()),
		started_on = coalesce(s.started_on, private.today()),
		done_on = private.today(), done_at = now(), done_by = private.my_person(), done_name = null,
		version = s.version + 1
	where township_id = t and id = step;
	perform private.with_photos(s, 'after', p);
	if private.text_of(p, 'note') <> '' then
		insert into public.evidence (township_id, id, step_id, kind, title, by_person)
		values (t, private.new_id(), step, 'note', left(private.text_of(p, 'note'), 200), private.my_person());
	end if;
	return private.moved(s);
end
$$;

create or replace function private.op_withdraw(t uuid, step uuid, p jsonb, base integer) returns jsonb
language plpgsql set search_path = '' as $$
declare
	s public.steps := private.step_for(t, step, 'withdraw', base);
begin
	if s.id is null then return null; end if;
	update public.steps set state = 'said', stage = 'doing', done_on = null, done_at = null, done_by = null,
		done_name = null, held_by = null, held_until = null, version = s.version + 1
	where township_id = t and id = step;
	return private.moved(s);
end
$$;

-- Two hours for whoever stands there; the version stays, for nothing about the place changed.
create function private.op_hold(t uuid, step uuid, p jsonb, base integer) returns jsonb
language plpgsql set search_path = '' as $$
declare
	s public.steps := private.step_for(t, step, 'hold', base);
begin
	if s.id is null then return null; end if;
	perform private.check_hold(s);
	update public.steps set held_by = private.my_person(), held_until = now() + interval '2 hours'
	where township_id = t and id = step;
	return private.moved(s);
end
$$;

create function private.op_release(t uuid, step uuid, p jsonb, base integer) returns jsonb
language plpgsql set search_path = '' as $$
declare
	s public.steps := private.step_for(t, step, 'release', base);
begin
	if s.id is null then return null; end if;
	perform private.check_hold(s);
	update public.steps set held_by = null, held_until = null where township_id = t and id = step;
	return private.moved(s);
end
$$;

create function private.check_hold(s public.steps) returns void
language plpgsql stable set search_path = '' as $$
begin
	if s.held_by <> private.my_person() and s.held_until > now() then
		perform private.refuse('held_by_another', (select name from public.persons where id = s.held_by));
	end if;
end
$$;

create or replace function private.accept(t uuid, s public.steps, ok boolean, p jsonb) returns void
language plpgsql set search_path = '' as $$
declare
	how public.proof_how := coalesce(p ->> 'how', 'on_site');
begin
	if how = 'ledger' then perform private.refuse('ledger_only_by_import'); end if;
	perform private.check_hold(s);
	insert into public.acceptances (township_id, id, step_id, round, ok, by_person, happened_on, how, note, part)
	values (t, private.new_id(), s.id, s.round, ok, private.my_person(), private.today(), how,
		private.text_of(p, 'note'), not ok and coalesce((p ->> 'part')::boolean, false));
	perform private.with_photos(s, 'check', p);
end
$$;

create or replace function private.op_prove(t uuid, step uuid, p jsonb, base integer) returns jsonb
language plpgsql set search_path = '' as $$
declare
	s public.steps := private.step_for(t, step, 'prove', base);
begin
	if s.id is null then return null; end if;
	perform private.accept(t, s, true, p);
	update public.steps set state = 'proven', stage = 'proven', proven_on = private.today(), proven_at = now(),
		proven_by = private.my_person(), proven_name = null,
		proven_how = coalesce(p ->> 'how', 'on_site')::public.proof_how,
		held_by = null, held_until = null, version = s.version + 1
	where township_id = t and id = step;
	return private.moved(s);
end
$$;

create or replace function private.op_return(t uuid, step uuid, p jsonb, base integer) returns jsonb
language plpgsql set search_path = '' as $$
declare
	s public.steps := private.step_for(t, step, 'return', base);
begin
	if s.id is null then return null; end if;
	if private.text_of(p, 'note') = '' then perform private.refuse('reason_needed'); end if;
	perform private.accept(t, s, false, p);
	update public.steps set state = 'said', stage = 'returned', round = s.round + 1, done_on = null, done_at = null,
		done_by = null, done_name = null, held_by = null, held_until = null, version = s.version + 1
	where township_id = t and id = step;
	return private.moved(s);
end
$$;

create function private.op_close(t uuid, step uuid, p jsonb, base integer) returns jsonb
language plpgsql set search_path = '' as $$
declare
	s public.steps := private.step_for(t, step, 'close', base);
begin
	if s.id is null then return null; end if;
	update public.steps set stage = 'closed', closed_on = private.today(), closed_by = private.my_person(), version = s.version + 1
	where township_id = t and id = step;
	return private.moved(s);
end
$$;

create or replace function private.op_reopen(t uuid, step uuid, p jsonb, base integer) returns jsonb
language plpgsql set search_path = '' as $$
declare
	s public.steps := private.step_for(t, step, 'reopen', base);
	why text := private.text_of(p, 'why');
begin
	if s.id is null then return null; end if;
	if why not in ('', 'came_back', 'not_done', 'other') then perform private.refuse('bad_value', 'why'); end if;
	if private.text_of(p, 'note') = '' and why in ('', 'other') then perform private.refuse('reason_needed'); end if;
	update public.steps set state = 'said', stage = 'assigned', round = s.round + 1,
		done_on = null, done_at = null, done_by = null, done_name = null,
		proven_on = null, proven_at = null, proven_by = null, proven_name = null, proven_how = null,
		closed_on = null, closed_by = null, started_on = null, reopened_on = private.today(),
		-- A new round gets the type's usual days; the first deadline stays where it was.
		due_on = case when s.thing_kind = 'task' then private.today() + private.days_for(t, (
			select category from public.tasks where township_id = t and id = s.thing_id)) else s.due_on end,
		version = s.version + 1
	where township_id = t and id = step
	returning * into s;
	perform private.with_photos(s, 'before', p);
	return private.moved(s, jsonb_build_object('due_on', s.due_on));
end
$$;

-- Out of the count for one of three reasons.
create function private.put_aside(s public.steps, p_stage public.step_stage, p_why text, p_into uuid) returns jsonb
language plpgsql set search_path = '' as $$
begin
	perform private.close_blocker(s.township_id, s.id, '');
	perform private.close_extension(s.township_id, s.id, null, null, '');
	update public.steps set state = 'dropped', stage = p_stage, dropped_on = private.today(),
		dropped_by = private.my_person(), dropped_why = nullif(p_why, ''), merged_into = p_into, version = s.version + 1
	where township_id = s.township_id and id = s.id;
	return private.moved(s);
end
$$;

create or replace function private.op_drop(t uuid, step uuid, p jsonb, base integer) returns jsonb
language plpgsql set search_path = '' as $$
declare
	s public.steps := private.step_for(t, step, 'drop', base);
begin
	if s.id is null then return null; end if;
	if private.text_of(p, 'note') = '' then perform private.refuse('reason_needed'); end if;
	return private.put_aside(s, 'dropped', private.text_of(p, 'note'), null);
end
$$;

create function private.op_reject(t uuid, step uuid, p jsonb, base integer) returns jsonb
language plpgsql set search_path = '' as $$
declare
	s public.steps := private.step_for(t, step, 'reject', base);
	why text := private.text_of(p, 'why');
begin
	if s.id is null then return null; end if;
	if why not in ('', 'no_problem', 'not_ours', 'duplicate', 'other') then perform private.refuse('bad_value', 'why'); end if;
	if private.text_of(p, 'note') = '' and why in ('', 'other') then perform private.refuse('reason_needed'); end if;
	return private.put_aside(s, 'rejected', concat_ws(' ', nullif(why, ''), nullif(private.text_of(p, 'note'), '')), null);
end
$$;

create function private.op_merge(t uuid, step uuid, p jsonb, base integer) returns jsonb
language plpgsql set search_path = '' as $$
declare
	s public.steps;
	o public.steps;
	target uuid := (p ->> 'into')::uuid;
begin
	-- Both rows are locked in one order, so that two merges cannot wait for each other.
	perform 1 from public.steps where township_id = t and id in (step, target) order by id for update;
	s := private.step_for(t, step, 'merge', base);
	if s.id is null then return null; end if;
	select * into o from public.steps where township_id = t and id = target and thing_kind = 'task' and not voided;
	if o.id is null or o.id = s.id or o.state = 'dropped' then perform private.refuse('cannot_merge_into'); end if;
	return private.put_aside(s, 'merged', '', o.id);
end
$$;

create or replace function private.op_block(t uuid, step uuid, p jsonb, base integer) returns jsonb
language plpgsql set search_path = '' as $$
declare
	s public.steps := private.step_for(t, step, 'block', base);
	since date := coalesce((p ->> 'since')::date, private.today());
begin
	if s.id is null then return null; end if;
	if private.text_of(p, 'who') = '' then perform private.refuse('who_needed'); end if;
	if since > private.today() then perform private.refuse('since_in_future'); end if;
	insert into public.blockers (township_id, id, step_id, village_id, thing_kind, kind, who, note, ask, since, until,
		opened_on, opened_by)
	values (t, private.new_id(), step, s.village_id, s.thing_kind, (p ->> 'blocker')::public.blocker_kind,
		private.text_of(p, 'who'), private.text_of(p, 'note'), private.text_of(p, 'ask'), since, (p ->> 'until')::date,
		private.today(), private.my_person());
	update public.steps set stage = 'blocked', version = s.version + 1 where township_id = t and id = step;
	return private.moved(s);
end
$$;

create or replace function private.op_unblock(t uuid, step uuid, p jsonb, base integer) returns jsonb
language plpgsql set search_path = '' as $$
declare
	s public.steps := private.step_for(t, step, 'unblock', base);
begin
	if s.id is null then return null; end if;
	perform private.close_blocker(t, step, private.text_of(p, 'note'));
	update public.steps set stage = private.stage_again(s), version = s.version + 1 where township_id = t and id = step;
	return private.moved(s);
end
$$;

create function private.op_ask(t uuid, step uuid, p jsonb, base integer) returns jsonb
language plpgsql set search_path = '' as $$
declare
	s public.steps := private.step_for(t, step, 'ask', base);
	day date := (p ->> 'to_day')::date;
begin
	if s.id is null then return null; end if;
	-- What nobody had decided has no deadline to move.
	if s.said_on is null then perform private.refuse('not_said_yet'); end if;
	if day is null or day <= private.today() or day <= s.due_on or day > private.today() + 3660 then
		perform private.refuse('due_out_of_range');
	end if;
	insert into public.extensions (township_id, id, step_id, asked_on, asked_by, to_day, note)
	values (t, private.new_id(), step, private.today(), private.my_person(), day, private.text_of(p, 'note'));
	update public.steps set stage = 'extension', version = s.version + 1 where township_id = t and id = step;
	return private.moved(s);
end
$$;

-- The answer to who asked for more time: granted (a day), denied, or taken back by the asker.
create function private.answer_asking(s public.steps, p_granted boolean, p_to date, p_answer text) returns jsonb
language plpgsql set search_path = '' as $$
begin
	perform private.close_extension(s.township_id, s.id, p_granted, p_to, p_answer);
	update public.steps set stage = private.stage_again(s), due_on = coalesce(p_to, s.due_on),
		first_due_on = coalesce(s.first_due_on, s.due_on, p_to), version = s.version + 1
	where township_id = s.township_id and id = s.id;
	return private.moved(s);
end
$$;

create function private.op_grant(t uuid, step uuid, p jsonb, base integer) returns jsonb
language plpgsql set search_path = '' as $$
declare
	s public.steps := private.step_for(t, step, 'grant', base);
	day date;
begin
	if s.id is null then return null; end if;
	select coalesce((p ->> 'to_day')::date, to_day) into day from public.extensions
	where township_id = t and step_id = step and answered_on is null;
	if day < private.today() or day > private.today() + 3660 then perform private.refuse('due_out_of_range'); end if;
	return private.answer_asking(s, true, day, private.text_of(p, 'note')) || jsonb_build_object('did', jsonb_build_object('to_day', day));
end
$$;

create function private.op_deny(t uuid, step uuid, p jsonb, base integer) returns jsonb
language plpgsql set search_path = '' as $$
declare
	s public.steps := private.step_for(t, step, 'deny', base);
begin
	if s.id is null then return null; end if;
	return private.answer_asking(s, false, null, private.text_of(p, 'note'));
end
$$;

create function private.op_unask(t uuid, step uuid, p jsonb, base integer) returns jsonb
language plpgsql set search_path = '' as $$
declare
	s public.steps := private.step_for(t, step, 'unask', base);
begin
	if s.id is null then return null; end if;
	return private.answer_asking(s, null, null, '');
end
$$;

create function private.op_photo(t uuid, step uuid, p jsonb, base integer) returns jsonb
language plpgsql set search_path = '' as $$
declare
	s public.steps;
begin
	select * into s from public.steps where township_id = t and id = step and not voided for update;
	if s.id is null then return null; end if;
	perform private.need('report', coalesce(s.village_id, t));
	perform private.with_photos(s, coalesce(p ->> 'role', 'other'), p);
	return private.moved(s);
end
$$;

-- ── tasks, types, sheets, draws ──────────────────────────────────────────────────────────────────

create or replace function private.op_task_create(t uuid, target uuid, p jsonb, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	g extensions.geometry := private.read_geom(p -> 'geometry', '{Point}');
	v uuid := coalesce((p ->> 'village_id')::uuid, private.village_at(t, g));
	me uuid := private.my_person();
	v_code text := coalesce(p ->> 'category', 'OTHER');
	rule public.task_types;
	s public.steps;
	did jsonb := '{}';
begin
	perform private.check_village(t, v);
	perform private.need('report', coalesce(v, t));
	insert into public.tasks (township_id, id, village_id, category, title, note, group_name, place_text,
		geom, method, campaign, created_by)
	values (t, target, v, v_code, private.text_of(p, 'title'),
		private.text_of(p, 'note'), private.text_of(p, 'group_name'), private.text_of(p, 'place_text'),
		g, case when g is null then null else coalesce(p ->> 'method', 'map') end, private.text_of(p, 'campaign'), me);
	-- A task is one step; they share their id.
	insert into public.steps (township_id, id, village_id, thing_kind, thing_id, found_on, found_by)
	values (t, target, v, 'task', target, private.today(), me) returning * into s;
	perform private.with_photos(s, 'before', p);
	if (p ? 'answers' or p ? 'due_on') and private.may('plan', coalesce(v, t)) then
		perform private.op_say(t, target, p, null);
		did := '{"said": true}';
	else
		-- The township's standing decision: this type goes to the village's officer at once.
		select * into rule from public.task_types y where y.township_id = t and y.code = v_code and y.auto;
		if rule.auto and private.officer_of(v) is not null then
			update public.steps set state = 'said', stage = 'assigned', said_on = private.today(), said_at = now(),
				said_by = rule.set_by, answers = private.officer_of(v),
				due_on = private.today() + private.days_for(t, v_code), first_due_on = private.today() + private.days_for(t, v_code)
			where township_id = t and id = target returning * into s;
			did := jsonb_build_object('auto', jsonb_build_object('answers', s.answers, 'due_on', s.due_on, 'said_by', s.said_by));
		end if;
	end if;
	return jsonb_build_object('id', target, 'kind', 'task', 'did', did || jsonb_build_object('village_id', v));
end
$$;

create or replace function private.op_task_edit(t uuid, target uuid, p jsonb, base integer) returns jsonb
language plpgsql set search_path = '' as $$
declare
	o public.tasks;
	n public.tasks;
begin
	select * into o from public.tasks where township_id = t and id = target and archived_at is null for update;
	if o.id is null then return null; end if;
	perform private.need('report', coalesce(o.village_id, t));
	if o.created_by is distinct from private.my_person() then
		perform private.need('plan', coalesce(o.village_id, t));
	end if;
	perform private.check_version(o.version, base, to_jsonb(o) - 'geom');
	n := o;
	if p ? 'category' then n.category := p ->> 'category'; end if;
	if p ? 'title' then n.title := private.text_of(p, 'title'); end if;
	if p ? 'note' then n.note := private.text_of(p, 'note'); end if;
	if p ? 'place_text' then n.place_text := private.text_of(p, 'place_text'); end if;
	if p ? 'campaign' then n.campaign := private.text_of(p, 'campaign'); end if;
	if p ? 'geometry' then
		n.geom := private.read_geom(p -> 'geometry', '{Point}');
		n.method := case when n.geom is null then null else coalesce(p ->> 'method', 'map') end;
		if not p ? 'village_id' and n.geom is not null then
			n.village_id := coalesce(private.village_at(t, n.geom), n.village_id);
		end if;
	end if;
	if p ? 'village_id' then n.village_id := (p ->> 'village_id')::uuid; end if;
	perform private.check_village(t, n.village_id);
	perform private.need('report', coalesce(n.village_id, t));
	update public.tasks set category = n.category, title = n.title, note = n.note, campaign = n.campaign,
		place_text = n.place_text, geom = n.geom, method = n.method, village_id = n.village_id,
		version = o.version + 1
	where township_id = t and id = target;
	perform private.move_steps(t, 'task', target, n.village_id);
	return jsonb_build_object('id', target, 'kind', 'task', 'version', o.version + 1,
		'did', jsonb_build_object('village_id', n.village_id));
end
$$;

create function private.op_type_edit(t uuid, target uuid, p jsonb, base integer) returns jsonb
language plpgsql set search_path = '' as $$
declare
	o public.task_types;
begin
	if target <> t then perform private.refuse('bad_value', 'target'); end if;
	if not private.may('manage', t) then perform private.need('plan', t); end if;
	-- What hands tasks to people is a planner's decision, not a setting.
	if p ? 'auto' then perform private.need('plan', t); end if;
	if not exists (select from private.task_type_defaults d where d.code = p ->> 'code') then
		perform private.refuse('bad_value', 'code');
	end if;
	insert into public.task_types (township_id, code, set_by) values (t, p ->> 'code', private.my_person())
	on conflict (township_id, code) do nothing;
	select * into o from public.task_types where township_id = t and code = p ->> 'code' for update;
	update public.task_types set
		name = case when p ? 'name' then private.text_of(p, 'name') else name end,
		days = case when p ? 'days' then (p ->> 'days')::integer else days end,
		unit = case when p ? 'unit' then private.text_of(p, 'unit') else unit end,
		hidden = case when p ? 'hidden' then (p ->> 'hidden')::boolean else hidden end,
		auto = case when p ? 'auto' then (p ->> 'auto')::boolean else auto end,
		set_by = case when p ? 'auto' then private.my_person() else set_by end, version = o.version + 1
	where township_id = t and code = o.code;
	return jsonb_build_object('id', t, 'kind', 'type', 'version', o.version + 1);
end
$$;

-- The next number of a year's sheets of one sort.
create function private.next_no(t uuid, p_sort text) returns integer
language plpgsql set search_path = '' as $$
declare
	n integer;
begin
	perform pg_advisory_xact_lock(hashtextextended(t::text || p_sort, 13));
	execute format('select coalesce(max(no), 0) + 1 from public.%I where township_id = $1 and year = $2', p_sort)
	into n using t, extract(year from private.today())::integer;
	return n;
end
$$;

-- Many tasks handed over at once, with one sheet as the record. All or none.
create function private.op_handover_create(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	ids uuid[];
	k public.tasks;
	who uuid := (p ->> 'answers')::uuid;
	due date := (p ->> 'due_on')::date;
	said jsonb;
	no integer;
begin
	select array_agg(distinct e::uuid) into ids from jsonb_array_elements_text(
		case when jsonb_typeof(p -> 'tasks') = 'array' then p -> 'tasks' else '[]' end) e;
	if ids is null or cardinality(ids) > 200 then perform private.refuse('bad_value', 'tasks'); end if;
	perform private.check_person(t, who);
	for k in select x.* from public.tasks x where x.township_id = t and x.id = any (ids) and x.archived_at is null order by x.id loop
		said := jsonb_build_object('answers', coalesce(who, private.officer_of(k.village_id)),
			'due_on', coalesce(due, private.today() + private.days_for(t, k.category)));
		perform private.op_say(t, k.id, said, null);
		-- Each task's own history says it too.
		perform private.log(t, 'step.say', 'step', k.id, said || jsonb_build_object('handover', target), op);
	end loop;
	if (select count(*) from public.tasks x where x.township_id = t and x.id = any (ids) and x.archived_at is null) <> cardinality(ids) then
		perform private.not_here_yet();
	end if;
	no := private.next_no(t, 'handovers');
	insert into public.handovers (township_id, id, year, no, answers, unit, due_on, task_ids, made_on, made_by)
	values (t, target, extract(year from private.today()), no, who, private.text_of(p, 'unit'), due, ids,
		private.today(), private.my_person());
	return jsonb_build_object('id', target, 'kind', 'handover', 'version', 1, 'no', no);
end
$$;

create function private.op_draw_create(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	n integer := (p ->> 'size')::integer;
	v_seed text := encode(sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())), 'hex');
	wanted public.step_stage[] := coalesce((select array_agg(e::public.step_stage)
		from jsonb_array_elements_text(p -> 'stages') e), '{proven,closed}');
	ids uuid[];
	total integer;
	no integer;
begin
	perform private.need('prove', t);
	if n is null or n not between 1 and 500 then perform private.refuse('bad_value', 'size'); end if;
	with pool as (
		select s.id from public.steps s join public.tasks k on k.township_id = s.township_id and k.id = s.id
		where s.township_id = t and s.thing_kind = 'task' and not s.voided and k.archived_at is null
			and s.stage = any (wanted)
			and (p ->> 'village_id' is null or s.village_id = (p ->> 'village_id')::uuid)
			and (p ->> 'category' is null or k.category = p ->> 'category')
	), picked as (
		select id from pool order by sha256(convert_to(v_seed || ':' || id::text, 'UTF8')) limit n
	)
	select (select count(*) from pool), array(select id from picked order by sha256(convert_to(v_seed || ':' || id::text, 'UTF8')))
	into total, ids;
	if total = 0 then perform private.refuse('nothing_to_draw'); end if;
	no := private.next_no(t, 'draws');
	insert into public.draws (township_id, id, year, no, seed, size, population, filter, task_ids, made_on, made_by)
	values (t, target, extract(year from private.today()), no, v_seed, n, total,
		jsonb_strip_nulls(jsonb_build_object('stages', wanted, 'villageId', p ->> 'village_id', 'category', p ->> 'category')),
		ids, private.today(), private.my_person());
	return jsonb_build_object('id', target, 'kind', 'draw', 'version', 1, 'no', no);
end
$$;

-- What a re-check found: it still holds, or the task is open again. By neither who did it nor who proved it.
create function private.op_draw_result(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	d public.draws;
	s public.steps;
	task uuid := (p ->> 'task')::uuid;
	fine boolean := (p ->> 'ok')::boolean;
	again jsonb;
	me uuid := private.my_person();
begin
	select * into d from public.draws where township_id = t and id = target;
	if d.id is null then return null; end if;
	if fine is null or task is null or not task = any (d.task_ids) then perform private.refuse('bad_value', 'task'); end if;
	select * into s from public.steps where township_id = t and id = task for update;
	perform private.need('prove', coalesce(s.village_id, t));
	if me in (s.done_by, s.answers, s.proven_by) then perform private.refuse('own_work'); end if;
	insert into public.draw_results (township_id, draw_id, task_id, ok, note, happened_on, by_person)
	values (t, target, task, fine, private.text_of(p, 'note'), private.today(), me);
	if not fine and s.stage in ('proven', 'closed') then
		again := jsonb_build_object('why', 'not_done', 'note', private.text_of(p, 'note'));
		perform private.log(t, 'step.reopen', 'step', task,
			again || (private.op_reopen(t, task, again, null) -> 'did'), op);
	end if;
	return jsonb_build_object('id', target, 'kind', 'draw', 'version', 1);
end
$$;

insert into private.op_kinds (kind, fn, takes) values
	('step.recall', 'op_recall', 'base'), ('step.start', 'op_start', 'base'), ('step.hold', 'op_hold', 'base'),
	('step.release', 'op_release', 'base'), ('step.close', 'op_close', 'base'), ('step.reject', 'op_reject', 'base'),
	('step.merge', 'op_merge', 'base'), ('step.ask', 'op_ask', 'base'), ('step.grant', 'op_grant', 'base'),
	('step.deny', 'op_deny', 'base'), ('step.unask', 'op_unask', 'base'), ('step.photo', 'op_photo', 'base'),
	('type.edit', 'op_type_edit', 'base'), ('handover.create', 'op_handover_create', 'both'),
	('draw.create', 'op_draw_create', 'both'), ('draw.result', 'op_draw_result', 'both');
select private.apply_privileges();
