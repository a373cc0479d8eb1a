-- Whom to call: an ordinary read shows 138****5678. The whole number is asked for with a purpose, one at a time;
-- the asking is written down first, and whoever asks too fast is slowed and told on.

-- Read through functions alone from now on.
drop policy "those who plan in the township see whom to call" on public.plan_contacts;
-- Kept for two years after somebody last wrote it down.
alter table public.plan_contacts add column keep_until date not null default private.today() + 730;

-- When each person looked in the last hour.
create table private.reveal_pace (
	person_id uuid primary key references public.persons,
	looks timestamptz[] not null default '{}',
	told_at timestamptz
);

create or replace function public.plan_contact(p_township uuid, p_plan uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('legalPerson', c.legal_person, 'name', c.name, 'phone', private.hide_phones(c.phone),
		'note', private.hide_phones(c.note), 'keepUntil', c.keep_until, 'version', c.version,
		'hidden', private.hide_phones(c.phone) <> c.phone or private.hide_phones(c.note) <> c.note)
	from public.plan_contacts c where c.township_id = p_township and c.plan_id = p_plan and p_township in (select private.my_places('plan'))
$$;

-- The whole contact. 30 an hour; after that one in two minutes, and the administrator reads of it.
create function public.contact_reveal(p_township uuid, p_plan uuid, p_purpose text) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
	free constant integer := 30;
	slow constant interval := interval '2 minutes';
	me uuid := private.my_person();
	c public.plan_contacts;
	pace private.reveal_pace;
	recent timestamptz[];
	wait integer;
begin
	if not coalesce(p_township in (select private.my_places('plan')), false) then perform private.refuse('not_allowed', 'plan'); end if;
	if coalesce(p_purpose, '') not in ('call', 'check', 'visit', 'complaint') then perform private.refuse('bad_value', 'purpose'); end if;
	insert into private.reveal_pace (person_id) values (me) on conflict (person_id) do nothing;
	select * into pace from private.reveal_pace where person_id = me for update;
	select coalesce(array_agg(x order by x), '{}') into recent from unnest(pace.looks) x where x > clock_timestamp() - interval '1 hour';
	if cardinality(recent) >= free then
		wait := ceil(extract(epoch from recent[cardinality(recent)] + slow - clock_timestamp()));
		if wait > 0 then
			-- Told once an hour, and that must outlast the refusal: so this is an answer, not an exception.
			if pace.told_at is null or pace.told_at < clock_timestamp() - interval '1 hour' then
				perform private.log(p_township, 'contact.pace', 'contact', me, jsonb_build_object('looks', cardinality(recent)));
				update private.reveal_pace set told_at = clock_timestamp() where person_id = me;
			end if;
			perform private.refused(p_township, 'contact.reveal', 'contact', p_plan, 'slow_down', wait::text);
			return jsonb_build_object('outcome', 'refused', 'reason', 'slow_down', 'wait', wait);
		end if;
	end if;
	select * into c from public.plan_contacts where township_id = p_township and plan_id = p_plan;
	if c.plan_id is null then return null; end if;
	-- First the row, then the number.
	perform private.log(p_township, 'contact.reveal', 'contact', p_plan, jsonb_build_object('purpose', p_purpose));
	update private.reveal_pace set looks = recent || clock_timestamp() where person_id = me;
	return jsonb_build_object('legalPerson', c.legal_person, 'name', c.name, 'phone', c.phone, 'note', c.note,
		'keepUntil', c.keep_until, 'version', c.version, 'hidden', false);
end
$$;

-- As before, but what stands there now is not put into the answer that is kept with the op.
create or replace function private.op_plan_contact(t uuid, target uuid, p jsonb, base integer, op uuid) returns jsonb
language plpgsql set search_path = '' as $$
declare
	-- Whoever may not read the contact may not write it: the right is asked for the township, as by the reading functions.
	o public.plans;
	c public.plan_contacts;
begin
	select * into o from public.plans where township_id = t and id = target and archived_at is null;
	if o.id is null then return null; end if;
	perform private.need('plan', t);
	select * into c from public.plan_contacts where township_id = t and plan_id = target for update;
	if c.plan_id is not null then perform private.check_version(c.version, base, jsonb_build_object('version', c.version)); end if;
	insert into public.plan_contacts as x (township_id, plan_id, legal_person, name, phone, note, by_person)
	values (t, target, private.text_of(p, 'legal_person'), private.text_of(p, 'name'), private.text_of(p, 'phone'), private.text_of(p, 'note'),
		private.my_person())
	on conflict (township_id, plan_id) do update set
		legal_person = case when p ? 'legal_person' then excluded.legal_person else x.legal_person end,
		name = case when p ? 'name' then excluded.name else x.name end,
		phone = case when p ? 'phone' then excluded.phone else x.phone end,
		note = case when p ? 'note' then excluded.note else x.note end,
		by_person = excluded.by_person, version = x.version + 1, keep_until = private.today() + 730;
	return jsonb_build_object('id', target, 'kind', 'plan_contact', 'version', coalesce(c.version, 0) + 1);
end
$$;

-- Blanks the contacts whose time is over; each leaves its row. Called by the server once a day.
create function public.contacts_tidy(p_today date default null) returns integer
language plpgsql security definer set search_path = '' as $$
declare
	c public.plan_contacts;
	n integer := 0;
begin
	for c in select * from public.plan_contacts where keep_until < coalesce(p_today, private.today())
		and legal_person || name || phone || note <> '' for update loop
		update public.plan_contacts set legal_person = '', name = '', phone = '', note = '', version = version + 1
		where township_id = c.township_id and plan_id = c.plan_id;
		perform private.log(c.township_id, 'contact.expire', 'contact', c.plan_id);
		n := n + 1;
	end loop;
	return n;
end
$$;

insert into private.offers (signature, to_role) values
	('public.contact_reveal(uuid, uuid, text)', 'authenticated'), ('public.contacts_tidy(date)', 'service_role');
select private.apply_privileges();
