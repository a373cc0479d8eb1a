-- The audit: whatever was refused leaves a row as whatever was done does, in a chain of its own, so that a wrong
-- try never stands among the facts; both chains can be proved against heads kept off the machine.

-- ── words ────────────────────────────────────────────────────────────────────────────────────────

-- Phone numbers in a text, so that nobody can call them: 138****5678. Digits that belong to a hash stay.
create function private.hide_phones(p text) returns text
language sql immutable set search_path = '' as $$
	select regexp_replace(regexp_replace(translate(coalesce(p, ''), '０１２３４５６７８９', '0123456789'),
		'(?<![0-9a-fA-F])(\d{3})(?:[- ]?\d){2,13}?[- ]?(\d{4})(?![0-9a-fA-F])', '\1****\2', 'g'),
		'(?<![0-9a-fA-F*])(\d{2})\d{3,4}(\d{2})(?![0-9a-fA-F])', '\1***\2', 'g')
$$;

-- One line of at most so many characters.
create function private.one_line(p text, p_most integer) returns text
language sql immutable set search_path = '' as $$
	select left(regexp_replace(coalesce(p, ''), '[\x01-\x1f\x7f\u0085\u2028\u2029]+', ' ', 'g'), p_most)
$$;

-- ── what was refused ─────────────────────────────────────────────────────────────────────────────

create table public.refusals (
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
	code text not null check (char_length(code) <= 60),
	detail text not null default '' check (char_length(detail) <= 200),
	op_id uuid,
	prev_hash bytea not null,
	hash bytea not null,
	primary key (township_id, seq)
);
create table private.refusal_heads (
	township_id uuid primary key,
	seq bigint not null,
	hash bytea not null
);
alter table public.refusals enable row level security;
create policy "auditors see what was refused" on public.refusals for select to authenticated
	using (township_id in (select private.my_places('audit')));
alter table private.refusal_heads enable row level security;
create trigger append_only before update or delete on public.refusals
	for each row execute function private.guard_append_only();
create trigger never_truncated before truncate on public.refusals
	for each statement execute function private.guard_append_only();
create index events_by_time on public.events (township_id, at);

create function private.refusal_hash(r public.refusals) returns bytea
language sql immutable set search_path = '' as $$
	select sha256(r.prev_hash || convert_to(concat_ws(E'\x1f',
		r.township_id, r.seq, r.id, (extract(epoch from r.at) * 1000000)::bigint,
		coalesce(r.person_id::text, '-'), coalesce(r.account_id::text, '-'), coalesce(r.session_id::text, '-'),
		r.action, r.subject_kind, coalesce(r.subject_id::text, '-'), r.code, r.detail, coalesce(r.op_id::text, '-')
	), 'UTF8'))
$$;

-- A uuid, or null for whatever is none.
create function private.uuid_of(p text) returns uuid
language sql immutable set search_path = '' as $$
	select case when p ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then p::uuid end
$$;

-- Writes one refusal; a township that does not exist is the zero id.
create function private.refused(
	p_township uuid, p_action text, p_subject_kind text, p_subject uuid, p_code text, p_detail text,
	p_op uuid default null, p_person uuid default private.my_person(), p_account uuid default private.me(),
	p_session uuid default private.session_id()
) returns bigint
language plpgsql security definer set search_path = '' as $$
declare
	head private.refusal_heads;
	r public.refusals;
begin
	r.township_id := coalesce((select id from public.places where id = p_township and level = 'township'),
		'00000000-0000-0000-0000-000000000000');
	insert into private.refusal_heads (township_id, seq, hash) values (r.township_id, 0, '\x')
	on conflict (township_id) do nothing;
	select * into head from private.refusal_heads where township_id = r.township_id for update;
	r.seq := head.seq + 1;
	r.id := private.new_id();
	r.at := clock_timestamp();
	r.person_id := p_person;
	r.account_id := p_account;
	r.session_id := p_session;
	r.action := private.one_line(p_action, 60);
	r.subject_kind := private.one_line(p_subject_kind, 30);
	r.subject_id := p_subject;
	r.code := private.one_line(p_code, 60);
	r.detail := private.hide_phones(private.one_line(p_detail, 200));
	r.op_id := p_op;
	r.prev_hash := head.hash;
	r.hash := private.refusal_hash(r);
	insert into public.refusals select r.*;
	update private.refusal_heads set seq = r.seq, hash = r.hash where township_id = r.township_id;
	return r.seq;
end
$$;

-- An op that was refused: its row, and the answer.
create function private.refused_op(p_op jsonb, p_code text, p_detail text default null) returns jsonb
language plpgsql set search_path = '' as $$
begin
	perform private.refused(private.uuid_of(p_op ->> 'township_id'), coalesce(nullif(p_op ->> 'kind', ''), 'op'),
		split_part(coalesce(p_op ->> 'kind', ''), '.', 1), private.uuid_of(p_op ->> 'target'), p_code, p_detail,
		private.uuid_of(p_op ->> 'op_id'));
	return jsonb_strip_nulls(jsonb_build_object('outcome', 'refused', 'reason', p_code, 'detail', p_detail));
end
$$;

-- What the server itself saw refused: a function that answered no has nothing of its own left to write with.
-- {what, code, detail?, township?, account?, session?, login?, person?, kind?, object?}
create function public.audit_refused(p jsonb) returns bigint
language plpgsql security definer set search_path = '' as $$
declare
	who uuid := private.uuid_of(p ->> 'account');
	a public.accounts;
begin
	select * into a from public.accounts
	where user_id = who or (who is null and p ->> 'login' is not null and lower(login) = lower(p ->> 'login'));
	return private.refused(private.uuid_of(p ->> 'township'), p ->> 'what', coalesce(p ->> 'kind', ''),
		private.uuid_of(p ->> 'object'), coalesce(p ->> 'code', 'refused'), p ->> 'detail', null,
		coalesce(a.person_id, private.uuid_of(p ->> 'person')), coalesce(a.user_id, who), private.uuid_of(p ->> 'session'));
end
$$;

-- Applies one op, as before; what was refused leaves its row too.
create or replace function public.apply_op(p_op jsonb) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
	me uuid := private.my_person();
	v_op uuid;
	t uuid;
	target uuid;
	k text := coalesce(p_op ->> 'kind', '');
	body jsonb := coalesce(p_op -> 'payload', '{}');
	base integer;
	digest bytea;
	past public.ops;
	result jsonb;
	v_outcome public.op_outcome := 'applied';
	v_seq bigint;
	v_code text; v_detail text; v_hint text; v_table text;
	v_device timestamptz;
begin
	if me is null then raise exception 'signed_out' using errcode = '42501'; end if;
	begin
		v_op := (p_op ->> 'op_id')::uuid;
		t := (p_op ->> 'township_id')::uuid;
		target := (p_op ->> 'target')::uuid;
		base := (p_op ->> 'base_version')::integer;
	exception when others then
		return private.refused_op(p_op, 'bad_op');
	end;
	begin
		v_device := (p_op ->> 'device_time')::timestamptz;
	exception when others then v_device := null;
	end;
	if v_op is null or t is null or target is null or jsonb_typeof(body) <> 'object' then
		return private.refused_op(p_op, 'bad_op');
	end if;
	if pg_column_size(p_op) > 1048576 or pg_column_size(body - 'geometry') > 60000 then
		return private.refused_op(p_op, 'too_large');
	end if;
	digest := sha256(convert_to(jsonb_build_array(k, t, target, base, body)::text, 'UTF8'));

	perform pg_advisory_xact_lock(hashtextextended(v_op::text, 11));
	select * into past from public.ops where op_id = v_op;
	if past.op_id is not null then
		if past.person_id <> me then
			return private.refused_op(p_op, 'op_of_another');
		end if;
		if past.payload_sha256 <> digest then
			return private.refused_op(p_op, 'op_id_reused', encode(past.payload_sha256, 'hex') || ' ' || encode(digest, 'hex'));
		end if;
		return past.result || jsonb_build_object('outcome', case past.outcome
			when 'applied' then 'already' else past.outcome::text end);
	end if;

	begin
		if not t in (select private.my_townships()) then perform private.refuse('not_allowed', 'township'); end if;
		result := private.play(k, t, target, body, base, v_op);
		if result is null then v_outcome := 'held'; result := jsonb_build_object('reason', 'not_here_yet'); end if;
	exception
		when sqlstate 'PT403' then
			get stacked diagnostics v_code = message_text, v_detail = pg_exception_detail, v_hint = pg_exception_hint;
			if v_code = 'conflict' then
				v_outcome := 'conflict';
				result := jsonb_build_object('reason', 'changed_meanwhile', 'now', v_hint::jsonb);
			else
				v_outcome := 'refused';
				result := jsonb_build_object('reason', v_code, 'detail', v_detail);
			end if;
		when check_violation or not_null_violation or string_data_right_truncation then
			get stacked diagnostics v_detail = constraint_name, v_table = column_name;
			v_outcome := 'refused';
			result := jsonb_build_object('reason', case v_detail when 'someone_else_accepts' then 'own_work' else 'bad_value' end,
				'detail', coalesce(nullif(v_detail, ''), v_table));
		when unique_violation then
			v_outcome := 'refused';
			result := jsonb_build_object('reason', 'exists_already');
		when foreign_key_violation then
			v_outcome := 'held';
			result := jsonb_build_object('reason', 'not_here_yet');
		when data_exception then
			v_outcome := 'refused';
			result := jsonb_build_object('reason', 'bad_value');
	end;

	-- What is held may still be played when what it waits for has come, so it leaves no record.
	if v_outcome = 'held' then return result || jsonb_build_object('outcome', 'held'); end if;
	if v_outcome = 'applied' then
		-- `did`: what the function decided itself (a day, a person), so that the events alone tell the whole story.
		v_seq := private.log(t, k, coalesce(result ->> 'kind', 'thing'), target,
			(body - 'geometry') || coalesce(result -> 'did', '{}'), v_op);
		result := (result - 'did') || jsonb_build_object('seq', v_seq);
		perform private.hint(t, coalesce(result ->> 'kind', 'thing'), target, coalesce((result ->> 'version')::integer, 1));
	else
		perform private.refused_op(p_op, result ->> 'reason', result ->> 'detail');
	end if;
	insert into public.ops (op_id, township_id, person_id, account_id, kind, payload_sha256, outcome, result,
		device_time, server_seq)
	values (v_op, t, me, private.me(), left(k, 60), digest, v_outcome, result,
		v_device, v_seq);
	return result || jsonb_build_object('outcome', v_outcome);
end
$$;

-- ── what left the house ──────────────────────────────────────────────────────────────────────────

-- A file that goes out is written down before its first byte.
create function public.export_note(p_township uuid, p_what text, p_object uuid default null) returns bigint
language plpgsql security definer set search_path = '' as $$
begin
	if not coalesce(p_township in (select private.my_townships()), false) then perform private.refuse('not_allowed', 'township'); end if;
	return private.log(p_township, 'export.take', 'export', p_object,
		jsonb_build_object('what', private.hide_phones(private.one_line(p_what, 120))));
end
$$;

-- Bytes that the server kept for somebody, and the beginning of a load of shapes.
create function private.log_kept() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	if tg_table_name = 'documents' then
		perform private.log(new.township_id, 'document.put', 'document', null,
			jsonb_build_object('sha256', new.sha256, 'by', new.by_person));
	else
		perform private.log(new.township_id, 'layer.load', 'layer', new.layer_id, jsonb_build_object('load', new.id));
	end if;
	return null;
end
$$;
create trigger logged after insert on public.documents for each row execute function private.log_kept();
create trigger logged after insert on public.constraint_loads for each row execute function private.log_kept();

create policy "who looked and who took is read by auditors and administrators" on public.events
	as restrictive for select to authenticated using (
		subject_kind not in ('contact', 'export', 'erasure')
		or township_id in (select private.my_places('audit')) or township_id in (select private.my_places('manage'))
	);

-- ── proof ────────────────────────────────────────────────────────────────────────────────────────

-- The chain of a township's events, checked from its first row; `broken_at` is the first number that does not fit. A
-- row that lost a person's data by `person.erase` is whole when it reads as that later row of the same chain says.
create function private.chain_state(p_township uuid) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
	e public.events;
	last bytea := '\x';
	n bigint := 0;
	head private.chain_heads;
	erased jsonb;
begin
	select jsonb_object_agg(x.key, x.value order by v.seq) into erased
	from public.events v, jsonb_each(v.data -> 'rows') x
	where v.township_id = p_township and v.action = 'person.erase';
	for e in select * from public.events where township_id = p_township order by seq loop
		n := n + 1;
		if e.seq <> n or e.prev_hash <> last or (e.hash <> private.event_hash(e)
			and coalesce(erased ->> e.seq::text, '') <> encode(private.event_hash(e), 'hex')) then
			return jsonb_build_object('whole', false, 'chain', 'events', 'broken_at', n);
		end if;
		last := e.hash;
	end loop;
	select * into head from private.chain_heads where township_id = p_township;
	if coalesce(head.seq, 0) <> n or coalesce(head.hash, '\x') <> last then
		return jsonb_build_object('whole', false, 'chain', 'events', 'broken_at', n + 1);
	end if;
	return jsonb_build_object('whole', true, 'count', n, 'head', encode(last, 'hex'));
end
$$;

-- Checks both chains of a township. Also finds a cut tail, against the heads kept apart.
create or replace function public.verify_events(p_township uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
	r public.refusals;
	last bytea := '\x';
	n bigint := 0;
	events jsonb;
	head private.refusal_heads;
	erased jsonb;
begin
	if not (private.may('audit', p_township) or private.may('plan', p_township)
		or (p_township = '00000000-0000-0000-0000-000000000000' and exists (select from private.my_places('audit')))) then
		perform private.refuse('not_allowed');
	end if;
	events := private.chain_state(p_township);
	if not (events ->> 'whole')::boolean then return events; end if;
	select jsonb_object_agg(x.key, x.value order by v.seq) into erased
	from public.events v, jsonb_each(v.data -> 'refusals') x
	where v.township_id = p_township and v.action = 'person.erase';
	for r in select * from public.refusals where township_id = p_township order by seq loop
		n := n + 1;
		if r.seq <> n or r.prev_hash <> last or (r.hash <> private.refusal_hash(r)
			and coalesce(erased ->> r.seq::text, '') <> encode(private.refusal_hash(r), 'hex')) then
			return jsonb_build_object('whole', false, 'chain', 'refusals', 'broken_at', n);
		end if;
		last := r.hash;
	end loop;
	select * into head from private.refusal_heads where township_id = p_township;
	if coalesce(head.seq, 0) <> n or coalesce(head.hash, '\x') <> last then
		return jsonb_build_object('whole', false, 'chain', 'refusals', 'broken_at', n + 1);
	end if;
	return events || jsonb_build_object('refusals', n);
end
$$;

-- The heads of all chains, for the place off this machine.
create function public.chain_heads() returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(x order by x ->> 'township', x ->> 'chain'), '[]') from (
		select jsonb_build_object('chain', 'events', 'township', township_id, 'seq', seq, 'hash', encode(hash, 'hex')) as x
		from private.chain_heads where seq > 0
		union all
		select jsonb_build_object('chain', 'refusals', 'township', township_id, 'seq', seq, 'hash', encode(hash, 'hex'))
		from private.refusal_heads where seq > 0
	) h
$$;

-- Of heads that were written down elsewhere ([{chain, township, seq, hash}]) those that the chains no longer hold:
-- rows were cut off, or everything after some row was written anew.
create function public.heads_lost(p jsonb) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(h), '[]') from jsonb_array_elements(p) h
	where case h ->> 'chain'
		when 'events' then not exists (select from public.events e where e.township_id = (h ->> 'township')::uuid
			and e.seq = (h ->> 'seq')::bigint and e.hash = decode(h ->> 'hash', 'hex'))
		else not exists (select from public.refusals r where r.township_id = (h ->> 'township')::uuid
			and r.seq = (h ->> 'seq')::bigint and r.hash = decode(h ->> 'hash', 'hex')) end
$$;

-- ── the auditor's page ───────────────────────────────────────────────────────────────────────────

create function private.subject_name(t uuid, k text, p_id uuid) returns text
language sql stable set search_path = '' as $$
	select coalesce(
		(select nullif(title, '') from public.tasks where township_id = t and id = p_id),
		(select title from public.projects where township_id = t and id = p_id),
		(select title from public.plans where township_id = t and id = p_id),
		(select title from public.meetings where township_id = t and id = p_id),
		(select name from public.places where id = p_id), '')
$$;

-- What happened and what was refused, newest first: {action?, from?, to?, object?, ok?, before?, limit?}. Never by
-- person: whoever wants to follow one finds no way here. Who administers, but does not audit, reads only that
-- somebody looked at contacts too fast. Sign-ins of the township's people lie in the chain above all townships.
create function public.audit_page(p_township uuid, p jsonb default '{}') returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
	audits boolean := coalesce(p_township in (select private.my_places('audit')), false);
	manages boolean := coalesce(p_township in (select private.my_places('manage')), false);
	zero constant uuid := '00000000-0000-0000-0000-000000000000';
	v_action text := nullif(p ->> 'action', '');
	v_from timestamptz;
	v_to timestamptz;
	v_before timestamptz;
	v_object uuid := private.uuid_of(p ->> 'object');
	v_ok boolean;
	most integer;
	ours uuid[];
	answer jsonb;
begin
	if not (audits or manages) then return null; end if;
	v_from := ((nullif(p ->> 'from', ''))::date)::timestamp at time zone 'Asia/Shanghai';
	v_to := ((nullif(p ->> 'to', ''))::date + 1)::timestamp at time zone 'Asia/Shanghai';
	v_before := (nullif(p ->> 'before', ''))::timestamptz;
	v_ok := (nullif(p ->> 'ok', ''))::boolean;
	most := least(greatest(coalesce((p ->> 'limit')::integer, 100), 1), 10000);
	select array_agg(distinct m.person_id) into ours from public.memberships m
	where m.township_id = p_township or m.place_id = (select parent_id from public.places where id = p_township);
	with found as (
		(select e.at, e.township_id, 'events' as chain, e.seq, e.person_id, e.session_id, e.action, e.subject_kind, e.subject_id, true as ok,
			case e.subject_kind when 'contact' then e.data ->> 'purpose' when 'export' then e.data ->> 'what'
				else left(private.hide_phones(nullif((e.data - 'rows' - 'refusals')::text, '{}')), 200) end as detail
		from public.events e
		where e.township_id in (p_township, zero) and (e.township_id = p_township or e.person_id = any (ours))
			and coalesce(v_ok, true) and (v_action is null or e.action = v_action)
			and (v_from is null or e.at >= v_from) and (v_to is null or e.at < v_to) and (v_before is null or e.at < v_before)
			and (v_object is null or e.subject_id = v_object) and (audits or e.action = 'contact.pace')
		order by e.at desc limit most + 1)
		union all
		(select r.at, r.township_id, 'refusals', r.seq, r.person_id, r.session_id, r.action, r.subject_kind, r.subject_id, false,
			concat_ws(': ', r.code, nullif(r.detail, ''))
		from public.refusals r
		where r.township_id in (p_township, zero) and (r.township_id = p_township or r.person_id = any (ours))
			and not coalesce(v_ok, false) and (v_action is null or r.action = v_action)
			and (v_from is null or r.at >= v_from) and (v_to is null or r.at < v_to) and (v_before is null or r.at < v_before)
			and (v_object is null or r.subject_id = v_object) and audits
		order by r.at desc limit most + 1)
	), cut as (select * from found order by at desc, seq desc limit most)
	select jsonb_build_object('today', private.today(), 'audits', audits, 'more', (select count(*) from found) > most,
		'rows', coalesce(jsonb_agg(jsonb_build_object('at', c.at, 'chain', c.chain, 'seq', c.seq, 'above', c.township_id = zero,
			'who', coalesce(private.name_of(c.person_id), ''), 'session', right(c.session_id::text, 8), 'action', c.action,
			'kind', c.subject_kind, 'object', c.subject_id, 'title', private.subject_name(p_township, c.subject_kind, c.subject_id),
			'ok', c.ok, 'detail', c.detail) order by c.at desc, c.seq desc), '[]'))
	into answer from cut c;
	return answer || jsonb_build_object('actions', case when audits then (
		select coalesce(jsonb_agg(a order by a), '[]') from (
			select distinct action as a from public.events where township_id = p_township
			union select distinct action from public.refusals where township_id = p_township
			union select unnest(array['session.open', 'session.end'])) x) else '["contact.pace"]' end);
exception when invalid_datetime_format or datetime_field_overflow or invalid_text_representation then
	perform private.refuse('bad_value', 'filter');
end
$$;

insert into private.offers (signature, to_role) values
	('public.export_note(uuid, text, uuid)', 'authenticated'), ('public.audit_page(uuid, jsonb)', 'authenticated'),
	('public.audit_refused(jsonb)', 'service_role'), ('public.chain_heads()', 'service_role'), ('public.heads_lost(jsonb)', 'service_role');
select private.apply_privileges();
