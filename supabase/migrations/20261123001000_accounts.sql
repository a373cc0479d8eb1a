-- Signing in and out, invitations, switching an account off, ending a session. Identity comes from
-- the token alone, never from an argument.

-- Called once after every sign-in: from then on the session counts, until it is ended.
create function public.session_open(p_device text default '') returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
	a public.accounts;
	s public.account_sessions;
begin
	select * into a from public.accounts where user_id = private.me();
	if a.user_id is null or a.ended_at is not null or private.session_id() is null then
		perform private.refuse('account_off');
	end if;
	select * into s from public.account_sessions where id = private.session_id();
	if s.id is not null and (s.ended_at is not null or s.expires_at <= now() or s.user_id <> a.user_id) then
		perform private.refuse('session_ended');
	end if;
	if s.id is null then
		insert into public.account_sessions (id, user_id, device)
		values (private.session_id(), a.user_id, left(private.text_of(jsonb_build_object('d', p_device), 'd'), 120));
		perform private.log(null, 'session.open', 'session', private.session_id());
	end if;
	return public.my_account();
end
$$;

-- Rights over an account: an administrator of a place where its person holds a role.
create function private.administers(p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select from public.memberships m
		where m.person_id = p_person and (m.place_id in (select private.my_places('manage'))
			or m.township_id in (select private.my_places('manage')))
	)
$$;

create function private.kick(p_user uuid, p_session uuid) returns void
language plpgsql security definer set search_path = '' as $$
begin
	perform pg_notify('xiangtu_kick', jsonb_build_object('user_id', p_user, 'session_id', p_session)::text);
end
$$;

-- Ends one session (null: this one). Refused from the next statement on.
create function public.session_end(p_session uuid default null) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
	s public.account_sessions;
	a public.accounts;
begin
	if private.my_person() is null then return jsonb_build_object('outcome', 'already'); end if;
	select * into s from public.account_sessions where id = coalesce(p_session, private.session_id()) for update;
	select * into a from public.accounts where user_id = s.user_id;
	if s.id is null or not (a.person_id = private.my_person() or private.administers(a.person_id)) then
		perform private.refuse('not_allowed', 'session');
	end if;
	if s.ended_at is not null then return jsonb_build_object('outcome', 'already'); end if;
	perform private.log(null, 'session.end', 'session', s.id);
	update public.account_sessions set ended_at = now(), ended_by = private.my_person() where id = s.id;
	perform private.kick(s.user_id, s.id);
	return jsonb_build_object('outcome', 'applied');
end
$$;

-- Switches an account off (or on again); its sessions end with it.
create function public.account_switch(p_user uuid, p_on boolean) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
	a public.accounts;
begin
	select * into a from public.accounts where user_id = p_user for update;
	if a.user_id is null or not private.administers(a.person_id) then perform private.refuse('not_allowed', 'manage'); end if;
	if a.person_id = private.my_person() then perform private.refuse('not_for_yourself'); end if;
	if p_on = (a.ended_at is null) then return jsonb_build_object('outcome', 'already'); end if;
	update public.accounts set ended_at = case when p_on then null else now() end,
		ended_by = case when p_on then null else private.my_person() end where user_id = p_user;
	if not p_on then
		update public.account_sessions set ended_at = now(), ended_by = private.my_person()
		where user_id = p_user and ended_at is null;
		perform private.kick(p_user, null);
	end if;
	perform private.log(null, case when p_on then 'account.on' else 'account.off' end, 'account', p_user);
	return jsonb_build_object('outcome', 'applied');
end
$$;

create function private.township_of(p_place uuid) returns uuid
language sql stable security definer set search_path = '' as $$
	select township_id from public.places where id = p_place
$$;

-- Gives a person a role for a place and a period. Nobody gives one to himself.
create function public.membership_give(p jsonb) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
	place uuid := (p ->> 'place_id')::uuid;
	who uuid := (p ->> 'person_id')::uuid;
	starts date := coalesce((p ->> 'from')::date, private.today());
begin
	perform private.need('manage', place);
	if who = private.my_person() then perform private.refuse('not_for_yourself'); end if;
	if not exists (select from public.persons x where x.id = who) then perform private.refuse('no_such_person'); end if;
	insert into public.memberships (id, person_id, place_id, township_id, role, valid_from, valid_to, given_by)
	values ((p ->> 'id')::uuid, who, place, private.township_of(place), (p ->> 'role')::public.role_name,
		starts, (p ->> 'to')::date, private.my_person());
	perform private.log(private.township_of(place), 'membership.give', 'membership', (p ->> 'id')::uuid, p);
	return jsonb_build_object('outcome', 'applied');
end
$$;

create function public.membership_end(p_membership uuid) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
	m public.memberships;
begin
	select * into m from public.memberships where id = p_membership for update;
	if m.id is null then perform private.refuse('not_allowed', 'manage'); end if;
	perform private.need('manage', m.place_id);
	if m.person_id = private.my_person() then perform private.refuse('not_for_yourself'); end if;
	update public.memberships set valid_to = greatest(valid_from, least(coalesce(valid_to, private.today()), private.today()))
	where id = m.id;
	perform private.log(m.township_id, 'membership.end', 'membership', m.id);
	perform private.kick(a.user_id, null) from public.accounts a where a.person_id = m.person_id;
	return jsonb_build_object('outcome', 'applied');
end
$$;

-- {id, place_id, role, person_name, person_id?, sha256}: the secret itself never reaches the database.
create function public.invite(p jsonb) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
	place uuid := (p ->> 'place_id')::uuid;
begin
	perform private.need('manage', place);
	if (p ->> 'person_id')::uuid = private.my_person() then perform private.refuse('not_for_yourself'); end if;
	if coalesce(p ->> 'sha256', '') !~ '^[0-9a-f]{64}$' then perform private.refuse('bad_value', 'sha256'); end if;
	insert into public.invitations (id, township_id, place_id, role, person_name, person_id, created_by)
	values ((p ->> 'id')::uuid, private.township_of(place), place, (p ->> 'role')::public.role_name,
		private.text_of(p, 'person_name'), (p ->> 'person_id')::uuid, private.my_person());
	insert into private.invitation_secrets (invitation_id, sha256) values ((p ->> 'id')::uuid, decode(p ->> 'sha256', 'hex'));
	perform private.log(private.township_of(place), 'invitation.make', 'invitation', (p ->> 'id')::uuid, p - 'sha256');
	return jsonb_build_object('outcome', 'applied');
end
$$;

create function public.invitation_revoke(p_invitation uuid) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
	i public.invitations;
begin
	select * into i from public.invitations where id = p_invitation for update;
	if i.id is null then perform private.refuse('not_allowed', 'manage'); end if;
	perform private.need('manage', i.place_id);
	if i.used_at is not null or i.revoked_at is not null then return jsonb_build_object('outcome', 'already'); end if;
	update public.invitations set revoked_at = now() where id = i.id;
	perform private.log(i.township_id, 'invitation.revoke', 'invitation', i.id);
	return jsonb_build_object('outcome', 'applied');
end
$$;

create function private.open_invitation(p_secret text) returns public.invitations
language sql stable security definer set search_path = '' as $$
	select i.* from public.invitations i join private.invitation_secrets s on s.invitation_id = i.id
	where s.sha256 = sha256(convert_to(coalesce(p_secret, ''), 'UTF8'))
		and i.used_at is null and i.revoked_at is null and i.expires_at > now()
$$;

-- What an invitation offers, for its page; null for unknown, used, revoked and expired alike.
create function public.invitation_peek(p_secret text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select (select jsonb_build_object('personName', i.person_name, 'role', i.role, 'place', l.name)
		from private.open_invitation(p_secret) i join public.places l on l.id = i.place_id)
$$;

-- The new account, signed in, takes up its invitation.
create function public.invitation_accept(p_secret text, p_login text) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
	i public.invitations;
	who uuid;
begin
	if private.me() is null then raise exception 'signed_out' using errcode = '42501'; end if;
	if exists (select from public.accounts where user_id = private.me()) then perform private.refuse('exists_already'); end if;
	select * into i from private.open_invitation(p_secret);
	if i.id is null then perform private.refuse('no_such_invitation'); end if;
	update public.invitations set used_at = now() where id = i.id and used_at is null;
	if not found then perform private.refuse('no_such_invitation'); end if;
	who := i.person_id;
	if who is null then
		who := private.new_id();
		insert into public.persons (id, name) values (who, i.person_name);
	end if;
	insert into public.accounts (user_id, person_id, login) values (private.me(), who, left(p_login, 120));
	insert into public.memberships (id, person_id, place_id, township_id, role, given_by)
	values (private.new_id(), who, i.place_id, i.township_id, i.role, i.created_by);
	perform private.log(i.township_id, 'invitation.accept', 'invitation', i.id);
	return jsonb_build_object('outcome', 'applied');
end
$$;

-- {id, name, code?, district_id}: a new township under a district that the caller administers.
create function public.township_create(p jsonb) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
	t uuid := (p ->> 'id')::uuid;
	d uuid := (p ->> 'district_id')::uuid;
begin
	if not exists (select from public.places where id = d and level = 'district') then perform private.refuse('not_allowed', 'manage'); end if;
	perform private.need('manage', d);
	if exists (select from public.places where id = t) then perform private.refuse('exists_already'); end if;
	insert into public.places (id, township_id, parent_id, level, name, code, demo)
	values (t, t, d, 'township', private.text_of(p, 'name'), nullif(private.text_of(p, 'code'), ''),
		coalesce((select demo from public.places where id = d), false));
	perform private.log(t, 'township.create', 'place', t, p);
	return jsonb_build_object('outcome', 'applied', 'id', t);
end
$$;

-- The very first account: administrator and planner of a new district. Refused as soon as anybody exists.
create function private.first_administrator(p_user uuid, p_login text, p_name text, p_district text, p_demo boolean)
returns uuid
language plpgsql security definer set search_path = '' as $$
declare
	who uuid := private.new_id();
	d uuid := private.new_id();
begin
	if exists (select from public.accounts) then perform private.refuse('exists_already'); end if;
	insert into public.persons (id, name) values (who, p_name);
	insert into public.accounts (user_id, person_id, login) values (p_user, who, p_login);
	insert into public.places (id, level, name, demo) values (d, 'district', p_district, p_demo);
	insert into public.memberships (id, person_id, place_id, role) values
		(private.new_id(), who, d, 'admin'), (private.new_id(), who, d, 'planner');
	return d;
end
$$;

-- Limits are kept here so that several servers agree. Counts one try for a key in its window and says
-- how many seconds to wait: 0 when it may go on.
create table private.tries (
	what text not null check (char_length(what) <= 40),
	key text not null check (char_length(key) <= 200),
	n integer not null default 0,
	since timestamptz not null default now(),
	until timestamptz,
	primary key (what, key)
);
alter table private.tries enable row level security;

-- `p_event`: 'ask' before the try, 'failed' or 'passed' after it. After `p_free` failures the wait
-- doubles from 30 s to 15 min; it is forgotten after an hour without failures.
create function public.try_gate(p_what text, p_key text, p_event text, p_free integer default 5) returns integer
language plpgsql security definer set search_path = '' as $$
declare
	r private.tries;
begin
	insert into private.tries (what, key) values (left(p_what, 40), left(p_key, 200)) on conflict do nothing;
	select * into r from private.tries where what = left(p_what, 40) and key = left(p_key, 200) for update;
	if r.since < now() - interval '1 hour' and (r.until is null or r.until < now()) then r.n := 0; r.until := null; end if;
	if p_event = 'passed' then
		r.n := 0; r.until := null;
	elsif p_event = 'failed' then
		r.n := r.n + 1;
		if r.n >= p_free then
			r.until := now() + least(interval '15 minutes', interval '30 seconds' * power(2, least(r.n - p_free, 5)));
			perform private.log(null, 'tries.locked', 'account', null, jsonb_build_object('what', p_what, 'n', r.n));
		end if;
	end if;
	update private.tries set n = r.n, until = r.until, since = case when p_event = 'failed' or r.n = 0 then now() else since end
	where what = r.what and key = r.key;
	return greatest(0, ceil(extract(epoch from coalesce(r.until, now()) - now())))::integer;
end
$$;

-- Counts a use (an import, an export) and says whether it is within so many an hour.
create function public.use_quota(p_what text, p_per_hour integer) returns boolean
language plpgsql security definer set search_path = '' as $$
declare
	r private.tries;
	k text := private.my_person()::text;
begin
	if k is null then return false; end if;
	insert into private.tries (what, key) values (left(p_what, 40), k) on conflict do nothing;
	select * into r from private.tries where what = left(p_what, 40) and key = k for update;
	if r.since < now() - interval '1 hour' then r.n := 0; r.since := now(); end if;
	update private.tries set n = r.n + 1, since = r.since where what = r.what and key = r.key;
	return r.n < p_per_hour;
end
$$;
