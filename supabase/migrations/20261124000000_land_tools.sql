-- What a hand that draws land asks for: cut it by a line, widen it, keep off what blocks. Nothing is stored.

-- {do: cut, geometry, line} | {do: buffer, geometry, metres} | {do: avoid, geometry}
-- The parts, largest first: [{geometry, area (m²)}].
create function public.land_tool(p_township uuid, p jsonb) returns jsonb
language plpgsql stable security definer set search_path = '' set plan_cache_mode = force_custom_plan as $$
declare
	g extensions.geometry;
	line extensions.geometry;
	metres double precision := (p ->> 'metres')::double precision;
	parts extensions.geometry;
	answer jsonb;
begin
	if not p_township in (select private.my_townships()) then return null; end if;
	g := private.read_geom(p -> 'geometry', '{Polygon,MultiPolygon}');
	if g is null then perform private.refuse('bad_value', 'geometry'); end if;
	if private.area_of(g) > 2000000 then perform private.refuse('parcel_too_large'); end if;
	case coalesce(p ->> 'do', '')
		when 'cut' then
			line := private.read_geom(p -> 'line', '{LineString}');
			if line is null then perform private.refuse('bad_value', 'line'); end if;
			parts := extensions.st_collectionextract(extensions.st_split(g, line), 3);
			if parts is null or extensions.st_numgeometries(parts) <= extensions.st_numgeometries(g) then
				perform private.refuse('line_does_not_cut'); end if;
		when 'buffer' then
			if not coalesce(abs(metres) between 0.1 and 500, false) then perform private.refuse('bad_value', 'metres'); end if;
			parts := extensions.st_collectionextract(private.grown(g, metres), 3);
		when 'avoid' then
			parts := extensions.st_collectionextract(coalesce(extensions.st_difference(g, (
				select extensions.st_union(s.geom, 1e-10) from public.constraint_shapes s
				join public.constraint_layers l on l.township_id = s.township_id and l.load_id = s.load_id and l.archived_at is null
				where s.township_id = p_township and s.geom operator(extensions.&&) g and coalesce(s.rule, l.rule) = 'block'
					and extensions.st_dimension(s.geom) = 2), 1e-10), g), 3);
		else perform private.refuse('bad_value', 'do');
	end case;
	select jsonb_agg(jsonb_build_object('geometry', extensions.st_asgeojson(x.geom, 9)::jsonb, 'area', round(x.area::numeric, 2)) order by x.area desc)
	into answer from (select d.geom, private.area_of(d.geom) as area from extensions.st_dump(parts) d) x
	where x.area > 1 or p ->> 'do' = 'cut';
	if answer is null then perform private.refuse('nothing_left'); end if;
	return answer;
end
$$;

insert into private.offers (signature, to_role) values ('public.land_tool(uuid, jsonb)', 'authenticated');
select private.apply_privileges();
