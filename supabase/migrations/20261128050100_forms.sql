-- The form answerer: which cell of the county's table takes which figure, remembered for next month by the form's
-- headings. The table itself is never kept: what is filled in is read from the map each time.

create table public.forms (
	township_id uuid not null references public.places,
	id uuid not null,
	-- SHA-256 over the headings of the form, without its days and figures.
	fingerprint text not null check (fingerprint ~ '^[0-9a-f]{64}$'),
	title text not null check (char_length(title) between 1 and 120),
	-- Where in the form → what: {"0:C5": "task.done"}.
	mapping jsonb not null check (jsonb_typeof(mapping) = 'object' and pg_column_size(mapping) <= 49152),
	made_by uuid not null references public.persons,
	made_on date not null,
	version integer not null default 1,
	primary key (township_id, id)
);
create unique index each_form_once on public.forms (township_id, fingerprint);
alter table public.forms enable row level security;
create policy "members see the forms of their townships" on public.forms for select to authenticated
	using (township_id in (select private.my_townships()));
create trigger never_truncated before truncate on public.forms for each statement execute function private.guard_append_only();

-- {fingerprint, title, mapping}; the same form again takes the place of what was remembered. Target: the
-- remembered form, or an id of the maker's.
create function private.op_form_remember(t uuid, target uuid, p jsonb, base integer) returns jsonb
language plpgsql set search_path = '' as $$
declare
	o public.forms;
	v integer;
begin
	perform private.need('plan', t);
	if jsonb_typeof(p -> 'mapping') is distinct from 'object' or exists (
		select from jsonb_each(p -> 'mapping') m
		where jsonb_typeof(m.value) <> 'string' or char_length(m.key) > 60 or char_length(m.value #>> '{}') > 80
	) then perform private.refuse('bad_value', 'mapping'); end if;
	select * into o from public.forms where township_id = t and fingerprint = p ->> 'fingerprint' for update;
	if o.id is not null then
		if o.id <> target then perform private.refuse('exists_already'); end if;
		perform private.check_version(o.version, base, to_jsonb(o));
		v := o.version + 1;
		update public.forms set title = private.text_of(p, 'title'), mapping = p -> 'mapping', made_by = private.my_person(),
			made_on = private.today(), version = v where township_id = t and id = target;
	else
		v := 1;
		insert into public.forms (township_id, id, fingerprint, title, mapping, made_by, made_on)
		values (t, target, p ->> 'fingerprint', private.text_of(p, 'title'), p -> 'mapping', private.my_person(), private.today());
	end if;
	return jsonb_build_object('id', target, 'kind', 'form', 'version', v);
end
$$;
insert into private.op_kinds (kind, fn, takes) values ('form.remember', 'op_form_remember', 'base');
select private.apply_privileges();
