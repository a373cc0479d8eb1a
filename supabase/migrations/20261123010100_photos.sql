-- STAND-IN for an hour: the photos helper replaces this whole file (keep these three signatures and the offer).
create function private.attach_photos(t uuid, s public.steps, p_role text, p_ids jsonb) returns boolean
language sql stable set search_path = '' as $$ select jsonb_array_length(p_ids) = 0 $$;
create function private.photos_json(t uuid, p_step uuid) returns jsonb
language sql stable set search_path = '' as $$ select '[]'::jsonb $$;
-- The first photo of a step to show small (an "after" if there is one wins over nothing; the first "before" otherwise).
create function private.first_photo(t uuid, p_step uuid) returns uuid
language sql stable set search_path = '' as $$ select null::uuid $$;
insert into private.offers (signature, to_role) values
	('private.photos_json(uuid, uuid)', 'authenticated');
select private.apply_privileges();
