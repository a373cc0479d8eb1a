-- Said, done, proven. Every task, project and plan is made of steps (a task of one), and a step is
-- the only thing that carries facts: so there is one state machine, one kind of acceptance, one kind
-- of blocker and one way to count for all three.

create table public.steps (
	township_id uuid not null references public.places,
	id uuid not null,
	-- Copied from the thing: where it counts.
	village_id uuid references public.places,
	thing_kind public.thing_kind not null,
	thing_id uuid not null,
	seq integer not null default 1 check (seq between 1 and 999),
	title text not null default '' check (char_length(title) <= 200),
	state public.step_state not null default 'found',
	round integer not null default 1 check (round between 1 and 99),
	-- Days (*_on) are when it happened: the server's today for everything done in the program, the
	-- paper's claim for what an import brought. Moments (*_at) are always the server's clock.
	found_on date not null,
	found_at timestamptz not null default now(),
	found_by uuid references public.persons,
	said_on date, said_at timestamptz, said_by uuid references public.persons,
	-- Who answers for it: a person of the township, or a name from paper.
	answers uuid references public.persons,
	answers_name text check (char_length(answers_name) <= 40),
	due_on date,
	-- The first planned day, frozen: later days show their drift against it.
	first_due_on date,
	done_on date, done_at timestamptz, done_by uuid references public.persons,
	done_name text check (char_length(done_name) <= 40),
	proven_on date, proven_at timestamptz, proven_by uuid references public.persons,
	proven_name text check (char_length(proven_name) <= 40),
	proven_how public.proof_how,
	dropped_on date, dropped_by uuid references public.persons,
	dropped_why text check (char_length(dropped_why) <= 500),
	-- An import taken back: as if it had never counted.
	voided boolean not null default false,
	import_id uuid,
	version integer not null default 1,
	primary key (township_id, id),
	constraint found_before_said check (said_on is null or said_at is not null),
	constraint said_before_done check (done_on is null or said_on is not null),
	constraint done_before_proven check (proven_on is null or done_on is not null),
	constraint state_has_its_facts check (case state
		when 'found' then said_on is null and done_on is null
		when 'said' then said_on is not null and done_on is null
		when 'done' then done_on is not null and proven_on is null
		when 'proven' then proven_on is not null and proven_how is not null
		when 'dropped' then dropped_on is not null
	end),
	constraint someone_else_accepts check (
		proven_by is null or (proven_by is distinct from done_by and proven_by is distinct from answers)
	),
	constraint names_on_paper_differ check (
		proven_name is null or proven_name is distinct from coalesce(done_name, answers_name)
	)
);
create unique index steps_of_a_thing on public.steps (township_id, thing_kind, thing_id, seq) where not voided;
create index steps_open_by_due on public.steps (township_id, due_on) where state = 'said';
create index steps_by_state on public.steps (township_id, thing_kind, state, id desc) where not voided;
create index steps_by_found on public.steps (township_id, thing_kind, found_on desc, id desc) where not voided;
create index steps_by_import on public.steps (township_id, import_id) where import_id is not null;

-- Which fact may follow which, who may bring it about and what it needs. The functions read it, the
-- page reads it, the test walks all of it.
create table public.step_moves (
	verb text primary key check (char_length(verb) <= 20),
	from_states public.step_state[] not null,
	to_state public.step_state,
	"right" public.right_name not null,
	-- other_person: not who did it nor who answers for it; doer: only who did it.
	needs text check (needs in ('other_person', 'doer'))
);
insert into public.step_moves (verb, from_states, to_state, "right", needs) values
	('say', '{found,said}', 'said', 'plan', null),
	('do', '{found,said}', 'done', 'report', null),
	('withdraw', '{done}', 'said', 'report', 'doer'),
	('prove', '{done}', 'proven', 'prove', 'other_person'),
	('return', '{done}', 'said', 'prove', 'other_person'),
	('reopen', '{proven}', 'said', 'prove', null),
	('drop', '{found,said}', 'dropped', 'plan', null),
	('block', '{found,said}', null, 'report', null),
	('unblock', '{found,said}', null, 'report', null);

create table public.acceptances (
	township_id uuid not null,
	id uuid not null,
	step_id uuid not null,
	round integer not null,
	ok boolean not null,
	by_person uuid references public.persons,
	-- A name from a paper ledger, where no person of the program accepted.
	by_name text check (char_length(by_name) <= 40),
	at timestamptz not null default now(),
	happened_on date not null,
	how public.proof_how not null,
	note text not null default '' check (char_length(note) <= 1000),
	primary key (township_id, id),
	foreign key (township_id, step_id) references public.steps,
	check ((how = 'ledger') = (by_person is null))
);
-- One verdict a round: two inspectors at once cannot both prove.
create unique index one_verdict_a_round on public.acceptances (township_id, step_id, round);

create table public.blockers (
	township_id uuid not null,
	id uuid not null,
	step_id uuid not null,
	village_id uuid references public.places,
	thing_kind public.thing_kind not null,
	kind public.blocker_kind not null,
	-- Who can clear it: always named, by text or as a person.
	who text not null check (char_length(who) between 1 and 80),
	note text not null default '' check (char_length(note) <= 1000),
	-- Since when, as told (not after today), and the day it was recorded.
	since date not null,
	until date,
	opened_on date not null,
	opened_by uuid not null references public.persons,
	closed_on date,
	closed_by uuid references public.persons,
	closed_note text check (char_length(closed_note) <= 1000),
	primary key (township_id, id),
	foreign key (township_id, step_id) references public.steps,
	check (since <= opened_on),
	check (until is null or until >= since),
	check ((closed_on is null) = (closed_by is null))
);
create unique index one_open_blocker on public.blockers (township_id, step_id) where closed_on is null;

create table public.evidence (
	township_id uuid not null,
	id uuid not null,
	step_id uuid not null,
	kind text not null check (kind in ('note', 'number', 'place', 'document', 'photo')),
	title text not null default '' check (char_length(title) <= 200),
	number numeric,
	unit text check (char_length(unit) <= 20),
	path text check (char_length(path) <= 300),
	sha256 text check (sha256 ~ '^[0-9a-f]{64}$'),
	by_person uuid not null references public.persons,
	at timestamptz not null default now(),
	primary key (township_id, id),
	foreign key (township_id, step_id) references public.steps
);
create index evidence_by_step on public.evidence (township_id, step_id);

do $$
declare t text;
begin
	foreach t in array array['steps', 'acceptances', 'blockers', 'evidence'] loop
		execute format('alter table public.%I enable row level security', t);
		execute format(
			'create policy "members see the facts of their townships" on public.%I for select to authenticated using (township_id in (select private.my_townships()))', t);
	end loop;
	foreach t in array array['acceptances', 'evidence'] loop
		execute format('create trigger append_only before update or delete on public.%I for each row execute function private.guard_append_only()', t);
		execute format('create trigger never_truncated before truncate on public.%I for each statement execute function private.guard_append_only()', t);
	end loop;
end
$$;
alter table public.step_moves enable row level security;
create policy "everybody signed in reads the moves" on public.step_moves for select to authenticated
	using (true);
