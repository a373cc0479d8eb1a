-- What happened: append-only, one hash chain per township, so that writers of different townships
-- never queue behind one lock. And every op a device ever sent, once.

create table public.events (
	township_id uuid not null,
	seq bigint not null,
	id uuid not null unique,
	at timestamptz not null default clock_timestamp(),
	person_id uuid,
	account_id uuid,
	session_id uuid,
	action text not null check (char_length(action) <= 60),
	subject_kind text not null check (char_length(subject_kind) <= 30),
	subject_id uuid,
	data jsonb not null default '{}' check (pg_column_size(data) <= 65536),
	op_id uuid,
	prev_hash bytea not null,
	hash bytea not null,
	primary key (township_id, seq)
);
create index events_by_subject on public.events (township_id, subject_id, seq);

create table private.chain_heads (
	township_id uuid primary key,
	seq bigint not null,
	hash bytea not null
);

-- SHA-256 over the previous hash and every field, separated so that no two rows read alike.
create function private.event_hash(e public.events) returns bytea
language sql immutable set search_path = '' as $$
	select sha256(e.prev_hash || convert_to(concat_ws(E'\x1f',
		e.township_id, e.seq, e.id, (extract(epoch from e.at) * 1000000)::bigint,
		coalesce(e.person_id::text, '-'), coalesce(e.account_id::text, '-'),
		coalesce(e.session_id::text, '-'), e.action, e.subject_kind,
		coalesce(e.subject_id::text, '-'), e.data::text, coalesce(e.op_id::text, '-')
	), 'UTF8'))
$$;

-- Writes one event in the caller's transaction and returns its number in the township's chain.
create function private.log(
	p_township uuid, p_action text, p_subject_kind text, p_subject uuid,
	p_data jsonb default '{}', p_op uuid default null
) returns bigint
language plpgsql security definer set search_path = '' as $$
declare
	head private.chain_heads;
	e public.events;
	-- Events above any township (a district's accounts) share the chain of the zero id.
	chain uuid := coalesce(p_township, '00000000-0000-0000-0000-000000000000');
begin
	insert into private.chain_heads (township_id, seq, hash) values (chain, 0, '\x')
	on conflict (township_id) do nothing;
	select * into head from private.chain_heads where township_id = chain for update;
	e.township_id := chain;
	e.seq := head.seq + 1;
	e.id := private.new_id();
	e.at := clock_timestamp();
	e.person_id := private.my_person();
	e.account_id := private.me();
	e.session_id := private.session_id();
	e.action := p_action;
	e.subject_kind := p_subject_kind;
	e.subject_id := p_subject;
	e.data := coalesce(p_data, '{}');
	e.op_id := p_op;
	e.prev_hash := head.hash;
	e.hash := private.event_hash(e);
	insert into public.events select e.*;
	update private.chain_heads set seq = e.seq, hash = e.hash where township_id = chain;
	return e.seq;
end
$$;

-- Checks a chain from its first event; null when whole, else the first number that does not fit.
-- Also finds a cut tail, against the head kept apart.
create function public.verify_events(p_township uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
	e public.events;
	last bytea := '\x';
	n bigint := 0;
	head private.chain_heads;
begin
	if not (private.may('audit', p_township) or private.may('plan', p_township)) then
		perform private.refuse('not_allowed');
	end if;
	for e in select * from public.events where township_id = p_township order by seq loop
		n := n + 1;
		if e.seq <> n or e.prev_hash <> last or e.hash <> private.event_hash(e) then
			return jsonb_build_object('whole', false, 'broken_at', n);
		end if;
		last := e.hash;
	end loop;
	select * into head from private.chain_heads where township_id = p_township;
	if coalesce(head.seq, 0) <> n or coalesce(head.hash, '\x') <> last then
		return jsonb_build_object('whole', false, 'broken_at', n + 1);
	end if;
	return jsonb_build_object('whole', true, 'count', n, 'head', encode(last, 'hex'));
end
$$;

create table public.ops (
	op_id uuid primary key,
	township_id uuid not null,
	person_id uuid not null,
	account_id uuid not null,
	kind text not null check (char_length(kind) <= 60),
	payload_sha256 bytea not null,
	outcome public.op_outcome not null,
	result jsonb not null check (pg_column_size(result) <= 65536),
	-- What the device says its clock showed: a claim, never used for order or deadlines.
	device_time timestamptz,
	server_time timestamptz not null default clock_timestamp(),
	server_seq bigint
);
create index ops_by_person on public.ops (township_id, person_id, server_time);

alter table public.events enable row level security;
create policy "members see what happened to things, auditors see all" on public.events
	for select to authenticated using (
		township_id in (select private.my_townships())
		and (subject_kind not in ('account', 'session', 'invitation', 'membership')
			or township_id in (select private.my_places('audit')))
	);
alter table private.chain_heads enable row level security;
alter table public.ops enable row level security;
create policy "a person sees the outcomes of own ops" on public.ops for select to authenticated
	using (person_id = (select private.my_person()));

create trigger append_only before update or delete on public.events
	for each row execute function private.guard_append_only();
create trigger never_truncated before truncate on public.events
	for each statement execute function private.guard_append_only();
create trigger append_only before update or delete on public.ops
	for each row execute function private.guard_append_only();
create trigger never_truncated before truncate on public.ops
	for each statement execute function private.guard_append_only();

-- A hint that something changed: topic, kind, id, version and nothing else. The listener fetches
-- again under its own rights, so a forged or overheard hint is worth nothing.
create function private.hint(p_township uuid, p_kind text, p_id uuid, p_version integer) returns void
language plpgsql security definer set search_path = '' as $$
declare
	payload jsonb := jsonb_build_object(
		'topic', 'township:' || p_township, 'kind', p_kind, 'id', p_id, 'version', p_version
	);
begin
	if to_regprocedure('realtime.send(jsonb,text,text,boolean)') is not null then
		execute 'select realtime.send($1, ''hint'', $2, true)' using payload, payload ->> 'topic';
	else
		perform pg_notify('xiangtu_hint', payload::text);
	end if;
end
$$;
