-- Public notices (公示): a page anybody may read without an account, for as many working days as the rule asks,
-- where people object and are answered; taken down by itself. Identity and bank numbers cannot be stored in one.

-- ── numbers of people in free text ───────────────────────────────────────────────────────────────
-- The twin of src/lib/domain/personal.ts, rule for rule; tests/node/personal.test.ts compares the two.

create function private.personal_kind(d text, sizes integer[], n_all integer, strict boolean) returns text
language plpgsql immutable set search_path = '' as $$
declare
	n integer := cardinality(sizes);
	fours boolean := 4 = all (sizes[1 : n - 1]);
	shape text := array_to_string(sizes, '-');
	-- Every digit or pair apart, and nothing else in the run.
	pairs boolean := 1 = all (sizes) or n = n_all and 2 >= all (sizes);
begin
	if private.is_id18(d) and (private.id18_checks(d) or case when strict then shape = '6-8-4' else n <= 4 or pairs end) then return 'id'; end if;
	if not strict and d ~ '^[0-9]{6}[2-9][0-9]{8}$' and d ~ private.id_province() and substr(d, 9) ~ private.id_day() and (n <= 3 or pairs) then
		return 'id'; end if;
	-- UnionPay's own; a mistyped one is one too.
	if char_length(d) between 16 and 19 and d ~ '^(62|955[89])[0-9]+$' then
		if (case when strict then n > 3 and fours and private.luhn(d) else n = 1 or fours end) then return 'bank'; end if;
	end if;
	-- Other first digits that are given out here: 16 to 19 digits, or 16 (Visa, Mastercard, JCB).
	if not strict and char_length(d) between 16 and 19 and d ~ '^((6[02]|955|9[89])[0-9]+|(4[0-9]|5[1-5]|35)[0-9]{14})$'
		and (n <= 3 or fours or pairs) and private.luhn(d) then return 'bank'; end if;
	if strict then return case when shape = '3-4-4' and d ~ '^1[3-9][0-9]{9}$' then 'phone' end; end if;
	if (n <= 3 or pairs or shape = '3-2-2-2-2') and d ~ '^(0?0?86|0)?1[3-9][0-9]{9}$' then return 'phone'; end if;
	return case when n = 1 and d ~ '^(1[3-9][0-9]{9}){2}$' then 'phone' end;
end
$$;

create function private.id_province() returns text language sql immutable set search_path = '' as $$
	select '^(1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])'
$$;
create function private.id_day() returns text language sql immutable set search_path = '' as $$
	select '^((0[13578]|1[02])(0[1-9]|[12][0-9]|3[01])|(0[469]|11)(0[1-9]|[12][0-9]|30)|02(0[1-9]|[12][0-9]))'
$$;
create function private.is_id18(d text) returns boolean language sql immutable set search_path = '' as $$
	select d ~ '^[0-9]{6}(19[0-9]{2}|20[0-4][0-9])[0-9]{7}[0-9X]$' and d ~ private.id_province() and substr(d, 11) ~ private.id_day()
$$;
-- GB 11643: weights 2^(18-i) mod 11.
create function private.id18_checks(d text) returns boolean language sql immutable set search_path = '' as $$
	select substr('10X98765432', (sum(substr(d, i, 1)::integer * ((1 << (18 - i)) % 11)) % 11)::integer + 1, 1) = substr(d, 18, 1)
	from generate_series(1, 17) i
$$;
create function private.luhn(d text) returns boolean language sql immutable set search_path = '' as $$
	select sum(case when v > 9 then v - 9 else v end) % 10 = 0
	from (select substr(reverse(d), i, 1)::integer * case when i % 2 = 0 then 2 else 1 end as v from generate_series(1, char_length(d)) i) x
$$;

-- [kind, start, end) of every candidate; places counted from 0 in characters.
create function private.personal_scan(flat text, strict boolean) returns table (kind text, a integer, b integer)
language plpgsql immutable set search_path = '' as $$
declare
	run_is constant text := '[0-9](?:[ -]{0,3}[0-9]){10,}(?:[ -]{0,3}X)?';
	at integer := 1;
	run text;
	first integer;
	txt text[];
	pos integer[];
	p integer;
	g text;
	d text;
	i integer;
	j integer;
begin
	loop
		first := regexp_instr(flat, run_is, at);
		exit when coalesce(first, 0) = 0;
		run := regexp_substr(flat, run_is, at);
		at := first + char_length(run);
		txt := '{}'; pos := '{}'; p := 1;
		for g in select m[1] from regexp_matches(run, '([0-9]*X|[0-9]+)', 'g') m loop
			p := p - 1 + position(g in substr(run, p));
			txt := txt || g;
			pos := pos || (first - 2 + p);
			p := p + char_length(g);
		end loop;
		for i in 1 .. cardinality(txt) loop
			d := '';
			for j in i .. cardinality(txt) loop
				d := d || txt[j];
				exit when char_length(d) > 22;
				continue when char_length(d) < 11;
				kind := private.personal_kind(d, array(select char_length(x) from unnest(txt[i : j]) with ordinality u(x, o) order by o), cardinality(txt), strict);
				a := pos[i];
				b := pos[j] + char_length(txt[j]);
				if kind is not null then return next; end if;
			end loop;
			-- An identity number that grew together with other digits: only where its last digit is right.
			if char_length(txt[i]) > 18 then
				for j in 0 .. char_length(txt[i]) - 18 loop
					d := substr(txt[i], j + 1, 18);
					if private.is_id18(d) and private.id18_checks(d) then
						kind := 'id'; a := pos[i] + j; b := a + 18;
						return next;
					end if;
				end loop;
			end if;
		end loop;
	end loop;
end
$$;

-- 'id@3-21': the kind, and where it stands (from 0, the end not counted), from the front; none lies over another.
create function private.find_personal(s text) returns text[]
language plpgsql immutable set search_path = '' as $$
declare
	flat text;
	spoken text;
	dotted text;
	r record;
	kept int4range[] := '{}';
	found text[] := '{}';
begin
	flat := translate(s, E'０１２３４５６７８９xＸｘ－–—‐‑‒―−\u00a0\u3000\u200b\u200c\u200d\u2060\ufeff\u2009\u202f', '0123456789XXX' || repeat('-', 8) || repeat(' ', 9));
	spoken := case when char_length(s) - char_length(translate(s, '零〇○一幺二三四五六七八九', '')) >= 11
		then translate(flat, '零〇○一幺二三四五六七八九0123456789', '0001123456789##########') end;
	dotted := translate(flat, './·•_()（）', repeat('-', 9));
	for r in
		select x.* from (
			select * from private.personal_scan(flat, false)
			union all select * from private.personal_scan(spoken, false)
			union all select * from private.personal_scan(case when dotted <> flat then dotted end, true)
		) x
		order by array_position('{id,bank,phone}', x.kind), x.a, x.b desc
	loop
		continue when exists (select from unnest(kept) k where k && int4range(r.a, r.b));
		kept := kept || int4range(r.a, r.b);
		found := found || format('%s@%s-%s', r.kind, r.a, r.b);
	end loop;
	return array(select f from unnest(found) f order by split_part(split_part(f, '@', 2), '-', 1)::integer);
end
$$;

-- Whether something of these kinds is in it; null and '' hold nothing.
create function private.holds_personal(s text, variadic kinds text[]) returns boolean
language sql immutable set search_path = '' as $$
	select exists (select from unnest(private.find_personal(s)) f where split_part(f, '@', 1) = any (kinds))
$$;

-- 138****5678: the middle four of each mobile number become stars, whatever stands between its digits.
create function private.mask_phones(s text) returns text
language plpgsql immutable set search_path = '' as $$
declare
	f text;
	r int4range;
	n integer;
	i integer;
begin
	foreach f in array private.find_personal(s) loop
		continue when f not like 'phone@%';
		n := 0;
		for i in reverse split_part(f, '-', 2)::integer .. split_part(split_part(f, '@', 2), '-', 1)::integer + 1 loop
			continue when substr(s, i, 1) !~ '[0-9０-９零〇○一幺二三四五六七八九]';
			n := n + 1;
			if n between 5 and 8 then s := overlay(s placing '*' from i for 1); end if;
		end loop;
	end loop;
	return s;
end
$$;

select private.apply_privileges();
