-- The hand-over file: a whole township in one archive that another installation opens. The archive itself is
-- written and read by the server as the owner of the database (src/lib/server/handover); what stands here is who
-- may ask for one, the line it leaves in the chain, and the first account of an installation that was restored.

-- Whoever plans for the whole township: it reads everything that is handed over, contacts of investors too. An
-- administrator of accounts does not, and neither does anybody who plans in one village alone. {township_id,
-- sealed}: whether a passphrase protects it. What is hidden from somebody must not leave before it is open:
-- an unfinished check round or a ballot that is still cast has to end first.
create function public.handover_begin(p jsonb) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
	t uuid := (p ->> 'township_id')::uuid;
	sealed boolean := coalesce((p ->> 'sealed')::boolean, true);
begin
	if t is null or not exists (select from public.places where id = t and level = 'township') then
		perform private.refuse('not_allowed', 'plan');
	end if;
	perform private.need('plan', t);
	if exists (select from public.check_rounds r where r.township_id = t
		and r.finished_on is null and r.cancelled_on is null) then
		perform private.refuse('handover_round_open');
	end if;
	if exists (select from public.ballots b where b.township_id = t and b.closed_at is null) then
		perform private.refuse('handover_ballot_open');
	end if;
	perform private.log(t, 'handover.export', 'township', t, jsonb_build_object('sealed', sealed));
	return jsonb_build_object('outcome', 'applied');
end
$$;

-- The first account after a restore: no account came with the file. Administrator and planner of the district
-- that stands there; the people of the file are invited anew, as the persons they are.
create function private.restored_administrator(p_user uuid, p_login text, p_name text) returns uuid
language plpgsql set search_path = '' as $$
declare
	who uuid := private.new_id();
	d uuid;
begin
	if exists (select from public.accounts) then perform private.refuse('exists_already'); end if;
	select id into d from public.places where level = 'district' order by created_at limit 1;
	insert into public.persons (id, name) values (who, p_name);
	insert into public.accounts (user_id, person_id, login) values (p_user, who, p_login);
	insert into public.memberships (id, person_id, place_id, role) values
		(private.new_id(), who, d, 'admin'), (private.new_id(), who, d, 'planner');
	perform private.log(null, 'handover.restore', 'place', d);
	return who;
end
$$;

insert into private.offers (signature, to_role) values ('public.handover_begin(jsonb)', 'authenticated');
select private.apply_privileges();
