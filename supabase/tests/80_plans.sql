begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
select plan(97);

create function pg_temp.box(w numeric, s numeric, e numeric, n numeric) returns jsonb language sql as $$
	select jsonb_build_object('type', 'Polygon', 'coordinates', jsonb_build_array(jsonb_build_array(
		jsonb_build_array(w, s), jsonb_build_array(e, s), jsonb_build_array(e, n), jsonb_build_array(w, n), jsonb_build_array(w, s))))
$$;
create function pg_temp.two(a jsonb, b jsonb) returns jsonb language sql as $$
	select jsonb_build_object('type', 'GeometryCollection', 'geometries', jsonb_build_array(a, b))
$$;
create function pg_temp.plan() returns jsonb language sql as $$ select public.plan_page(tests.id('yunxi'), tests.id('berry')) $$;
create function pg_temp.layer(p_name text, p_layer text, p_load text, p_rows jsonb) returns text language plpgsql as $$
declare v text;
begin
	return public.layer_put(jsonb_build_object('township_id', tests.id('yunxi'), 'layer', tests.id(p_layer), 'load', tests.id(p_load), 'rows', p_rows)) ->> 'staged';
exception when sqlstate 'PT403' then
	get stacked diagnostics v = message_text;
	return v;
end
$$;
create function pg_temp.check(p_check text, p_kind text, p_id text) returns text language sql as $$
	select tests.outcome('check.run', p_check, jsonb_build_object('of', p_kind, 'id', tests.id(p_id)))
$$;
create function pg_temp.said(p_check text, p_kind text) returns text language sql as $$
	select l ->> 'verdict' from jsonb_array_elements(public.check_page(tests.id('yunxi'), tests.id(p_check)) #> '{result,parcels,0,layers}') l where l ->> 'kind' = p_kind
$$;
create function pg_temp.move(p jsonb, p_geometry jsonb default null) returns text language sql as $$
	select tests.outcome('scenario.move', 'less', jsonb_build_object('move', p) || case when p_geometry is null then '{}' else jsonb_build_object('geometry', p_geometry) end)
$$;
create function pg_temp.total(p_key text) returns text language sql as $$
	select public.scheme_page(tests.id('yunxi'), tests.id('scheme')) #>> array['scenarios', '0', 'totals', p_key]
$$;
grant execute on all functions in schema pg_temp to authenticated;

-- ── the record ──
select tests.act_as('finn');
select is(tests.outcome('plan.create', 'berry', '{"title": "蓝莓园"}'), 'refused not_allowed', 'a field worker plans no industry');
select tests.act_as('olga');
select is(tests.outcome('plan.create', 'berry', '{"title": "蓝莓园"}'), 'refused not_allowed', 'nor does an observer');
select tests.act_as('nora');
select is(tests.outcome('plan.create', 'berry', '{"title": "蓝莓园"}'), 'refused not_allowed', 'nor the neighbour''s planner');
select tests.act_as('pan');
select is(tests.outcome('plan.create', 'berry', jsonb_build_object('title', '蓝莓园', 'category', '种植', 'invest', 500, 'jobs', 20, 'nature', 'new',
	'village_id', tests.id('baima'), 'geometry', pg_temp.box(110.801, 32.601, 110.805, 32.604))), 'applied', 'a plan with its shape');
select is(jsonb_array_length(pg_temp.plan() -> 'parcels'), 1, 'its shape is its first parcel');
select is(tests.outcome('plan.edit', 'berry', '{"tax": 12.5, "leader": "周书记", "supply": "lease"}'), 'applied', 'its record is edited');
select is(pg_temp.plan() ->> 'tax', '12.50', 'and read');
select is(pg_temp.plan() ->> 'invest', '500.00', 'what was not said stays');
select is(tests.outcome('plan.edit', 'berry', '{"supply": "gift"}'), 'refused bad_value', 'only ways of supply that there are');
select is(tests.outcome('plan.edit', 'berry', '{"tax": -1}'), 'refused bad_value', 'no tax below nothing');
select is(tests.outcome('plan.money', 'berry', '{"rows": [{"source": "county", "year": 2026, "planned": 300, "allocated": 100, "spent": 40}, {"source": "loan", "year": 2027, "planned": 250}]}'), 'applied', 'money by source and year');
select is(tests.outcome('plan.money', 'berry', '{"rows": [{"source": "lottery", "year": 2026, "planned": 1}]}'), 'refused bad_value', 'only sources that there are');
select is(tests.outcome('plan.money', 'berry', '{"rows": [{"source": "county", "year": 2026, "planned": -1}]}'), 'refused bad_value', 'no money below nothing');
select is(jsonb_array_length(pg_temp.plan() -> 'money'), 2, 'two rows, nothing half-written');
select is(tests.outcome('plan.money', 'berry', '{"rows": [{"source": "loan", "year": 2027}]}'), 'applied', 'a row without amounts is taken away');
select is(jsonb_array_length(pg_temp.plan() -> 'money'), 1, 'one is left');
select is(tests.outcome('threshold.set', 'yunxi', '{"metric": "invest_per_mu", "minimum": 30}'), 'applied', 'a threshold of the township');
select is(tests.outcome('threshold.set', 'lushan', '{"metric": "invest_per_mu", "minimum": 30}'), 'refused bad_value', 'not of another');
select tests.act_as('lei');
select is(tests.outcome('threshold.set', 'yunxi', '{"metric": "tax_per_mu", "minimum": 3}'), 'refused not_allowed', 'a contact cadre sets none');

-- ── whom to call ──
select tests.act_as('pan');
select is(tests.outcome('plan.contact', 'berry', '{"legal_person": "王示例", "phone": "000-示例"}'), 'applied', 'a contact');
select is(public.plan_contact(tests.id('yunxi'), tests.id('berry')) ->> 'phone', '000-示例', 'is read by those who plan');
select tests.act_as('finn');
select is(public.plan_contact(tests.id('yunxi'), tests.id('berry')), null, 'not by a field worker');
select is((select count(*)::integer from public.plan_contacts), 0, 'not in the table either');
select tests.act_as('olga');
select is(public.plan_contact(tests.id('yunxi'), tests.id('berry')), null, 'not by an observer');
select is(tests.outcome('plan.contact', 'berry', '{"phone": "1"}'), 'refused not_allowed', 'who may not read it may not write it');
select tests.act_as('aud');
select is((select count(*)::integer from public.events where data::text like '%000-示例%'), 0, 'and the log does not hold it');
select is((select count(*)::integer from public.events where action = 'plan.contact'), 1, 'but that it happened');
select is(pg_temp.plan()::text like '%000-示例%', false, 'nor does the page');

-- ── parcels ──
select tests.act_as('pan');
select is(tests.outcome('parcel.create', 'north', jsonb_build_object('plan', tests.id('berry'), 'name', '北块', 'land_class', '0301',
	'stated_area', 40, 'stated_unit', 'mu', 'geometry', pg_temp.box(110.801, 32.606, 110.803, 32.608))), 'applied', 'a second parcel');
select is(tests.outcome('parcel.create', 'over', jsonb_build_object('plan', tests.id('berry'), 'geometry', pg_temp.box(110.802, 32.607, 110.804, 32.609))), 'refused parcels_overlap', 'never over another of the plan');
select is(tests.outcome('parcel.create', 'bow', jsonb_build_object('plan', tests.id('berry'), 'geometry',
	'{"type": "Polygon", "coordinates": [[[110.81, 32.61], [110.82, 32.62], [110.82, 32.61], [110.81, 32.62], [110.81, 32.61]]]}'::jsonb)) like 'refused geometry%', true, 'no ring that crosses itself');
select is(tests.outcome('plan.edit', 'berry', jsonb_build_object('geometry', pg_temp.box(110.801, 32.601, 110.802, 32.602))), 'refused several_parcels', 'with several parcels each is drawn by itself');
select is(tests.outcome('parcel.split', 'north', jsonb_build_object('parts', jsonb_build_array(jsonb_build_object('id', tests.id('n1'), 'name', '甲'), jsonb_build_object('id', tests.id('n2'), 'name', '乙')),
	'geometry', pg_temp.two(pg_temp.box(110.801, 32.606, 110.802, 32.608), pg_temp.box(110.802, 32.606, 110.804, 32.608)))), 'refused part_sticks_out', 'a part lies in the whole');
select is(tests.outcome('parcel.split', 'north', jsonb_build_object('parts', jsonb_build_array(jsonb_build_object('id', tests.id('n1'), 'name', '甲'), jsonb_build_object('id', tests.id('n2'), 'name', '乙')),
	'geometry', pg_temp.two(pg_temp.box(110.801, 32.606, 110.802, 32.608), pg_temp.box(110.802, 32.606, 110.803, 32.607)))), 'refused areas_differ', 'the parts add up');
select is(tests.outcome('parcel.split', 'north', jsonb_build_object('parts', jsonb_build_array(jsonb_build_object('id', tests.id('n1'), 'name', '甲'), jsonb_build_object('id', tests.id('n2'), 'name', '乙')),
	'geometry', pg_temp.two(pg_temp.box(110.801, 32.606, 110.802, 32.608), pg_temp.box(110.802, 32.606, 110.803, 32.608)))), 'applied', 'split in two');
select is((select from_ids from public.parcels where id = tests.id('n1')), array[tests.id('north')], 'a part says what it was cut from');
select is(abs((select sum(area) from public.parcels where id in (tests.id('n1'), tests.id('n2'))) - (select area from public.parcels where id = tests.id('north'))) < 1, true, 'and no land is lost');
select is(tests.outcome('parcel.merge', 'n3', jsonb_build_object('parcels', jsonb_build_array(tests.id('n1'), tests.id('n2')), 'name', '北块')), 'applied', 'put together again');
select is((select count(*)::integer from public.parcels where plan_id = tests.id('berry') and archived_at is null), 2, 'two parcels stand');
select is((select abs(o.area - sum(p.area)) < 0.01 from public.plans o join public.parcels p on p.plan_id = o.id and p.archived_at is null
	where o.id = tests.id('berry') group by o.area), true, 'the plan''s area is their sum');
select tests.act_as('wang');
select is(tests.outcome('parcel.edit', 'n3', '{"name": "x"}'), 'refused not_allowed', 'another village''s worker draws nothing here');
select tests.act_as('pan');

-- ── layers ──
select is(tests.outcome('layer.create', 'farm', '{"kind": "farmland", "name": "永久基本农田", "provider": "区局", "dated_on": "2026-05-01"}'), 'applied', 'a layer');
select is(tests.outcome('layer.create', 'nokind', '{"kind": "moon", "name": "x"}'), 'refused bad_value', 'of a kind that there is');
select is(pg_temp.layer('rows', 'farm', 'load 1', jsonb_build_array(jsonb_build_object('n', 1, 'class', '0101', 'geometry', pg_temp.box(110.803, 32.601, 110.81, 32.604)),
	jsonb_build_object('n', 2, 'geometry', pg_temp.box(110.9, 32.6, 110.91, 32.61)))), '2', 'shapes come in a batch');
select is(pg_temp.layer('rows', 'farm', 'load 1', jsonb_build_array(jsonb_build_object('n', 2, 'geometry', pg_temp.box(110.9, 32.6, 110.91, 32.61)))), '2', 'sent twice they count once');
select is(pg_temp.layer('rows', 'nowhere', 'load 1', '[{"n": 1}]'), 'no_such_layer', 'into a layer that there is');
select is(pg_temp.check('c1', 'plan', 'berry'), 'applied', 'a check before anything counts');
select is(pg_temp.said('c1', 'farmland'), 'not_checked', 'a layer that is not switched to is not checked');
select is(public.check_page(tests.id('yunxi'), tests.id('c1')) ->> 'verdict', 'not_checked', 'and nothing is green');
select is(tests.outcome('layer.switch', 'farm', jsonb_build_object('load', tests.id('load 1'), 'count', 3)), 'refused not_all_there', 'a load that is not whole never counts');
select is(tests.outcome('layer.switch', 'farm', jsonb_build_object('load', tests.id('load 1'), 'count', 2)), 'applied', 'switched to');
select is(pg_temp.layer('rows', 'farm', 'load 1', jsonb_build_array(jsonb_build_object('n', 3, 'geometry', pg_temp.box(110.9, 32.6, 110.91, 32.61)))), 'not_from_this_state', 'what counts is not added to');
select is(public.checks_of(tests.id('yunxi'), tests.id('berry')) #>> '{latest,changed,0,how}', 'added', 'the check says that a layer came since');
select tests.act_as('finn');
select is(pg_temp.layer('rows', 'farm', 'load 2', '[{"n": 1}]'), 'not_allowed', 'a field worker loads no layer');
select is(tests.outcome('layer.edit', 'farm', '{"rule": "allow"}'), 'refused not_allowed', 'nor eases its rule');
select is(pg_temp.check('c2', 'plan', 'berry'), 'applied', 'but may check the land of the own village');
select is(pg_temp.said('c2', 'farmland'), 'red', 'farmland is red');
select tests.act_as('wang');
select is(pg_temp.check('c3', 'plan', 'berry'), 'refused not_allowed', 'another village''s worker runs none');
select tests.act_as('pan');
select is(pg_temp.check('c4', 'parcel', 'n3'), 'applied', 'a parcel');
select is(pg_temp.said('c4', 'farmland'), 'green', 'off the farmland, which was looked at');
select is(public.check_page(tests.id('yunxi'), tests.id('c4')) ->> 'verdict', 'not_checked', 'yet not green while other layers are missing');
select tests.act_as_owner();
select is((select round((l ->> 'overlap')::numeric) = round(private.area_of(extensions.st_intersection(p.geom, extensions.st_setsrid(extensions.st_geomfromgeojson(pg_temp.box(110.803, 32.601, 110.81, 32.604)), 4326)))::numeric)
	from public.parcels p, jsonb_array_elements((select result -> 'parcels' from public.constraint_checks where id = tests.id('c2'))) r, jsonb_array_elements(r -> 'layers') l
	where p.id = (r ->> 'id')::uuid and l ->> 'kind' = 'farmland' and (l ->> 'overlap')::numeric > 0), true, 'the overlapped area is that of the intersection');
select tests.act_as('pan');
select is(tests.outcome('layer.edit', 'farm', jsonb_build_object('geometry', pg_temp.box(110.8, 32.6, 110.802, 32.6045))), 'applied', 'the provider looked at a part only');
select is(pg_temp.check('c5', 'parcel', 'n3'), 'applied', 'beyond it');
select is(pg_temp.said('c5', 'farmland'), 'not_checked', 'nothing is green');
select is((select m ->> 'how' from jsonb_array_elements(public.checks_of(tests.id('yunxi'), tests.id('berry')) #> '{latest,changed}') m where m ->> 'what' = 'layer'), 'changed', 'and earlier checks say what changed');
select is(tests.outcome('layer.edit', 'farm', '{"sliver_m2": 50, "sliver_share": 0.01, "geometry": null}'), 'applied', 'slivers are the layer''s own');
select is((select concat(l ->> 'verdict', l #>> '{slivers,count}') from jsonb_array_elements(public.check_shape(tests.id('yunxi'), pg_temp.box(110.8, 32.603, 110.80301, 32.604)) -> 'layers') l where l ->> 'kind' = 'farmland'), 'green1', 'land that is only drawn: a sliver is listed and does not count');
select is((select l ->> 'verdict' from jsonb_array_elements(public.check_shape(tests.id('yunxi'), pg_temp.box(110.8, 32.603, 110.8035, 32.604)) -> 'layers') l where l ->> 'kind' = 'farmland'), 'red', 'more than a sliver does');
select throws_ok(format('select public.check_shape(%L, %L)', tests.id('yunxi'), pg_temp.box(110, 32, 111, 33)), 'PT403', 'parcel_too_large', 'not a whole county');
-- ── where could it go ──
select is(public.find_sites(tests.id('yunxi'), '{"of": "parcels", "min_mu": 1}') #>> '{sites,0,name}', '北块', 'parcels off the blocked layers are found');
select is(jsonb_array_length(public.find_sites(tests.id('yunxi'), '{"of": "parcels", "min_mu": 1}') -> 'sites'), 1, 'those on farmland are not');
select is(public.find_sites(tests.id('yunxi'), '{"of": "parcels", "min_mu": 1}') #>> '{sites,0,village}', 'baima', 'with their village');
select is(public.find_sites(tests.id('yunxi'), '{"of": "parcels", "min_mu": 1}') -> 'notChecked' ? 'redline', true, 'and what was not looked at is named');
select is((select bool_and((x ->> 'mu')::numeric >= 30) and count(*) > 0 from jsonb_array_elements(public.find_sites(tests.id('yunxi'),
	jsonb_build_object('of', 'free', 'min_mu', 30, 'village', tests.id('baima'))) -> 'sites') x), true, 'free land of at least so many mu');
select throws_ok($$ update public.constraint_checks set verdict = 'green' $$, '42501', null, 'no verdict by hand');

-- ── scenarios ──
select is(tests.outcome('plan.create', 'tea', jsonb_build_object('title', '茶园', 'invest', 100, 'jobs', 5, 'village_id', tests.id('guqing'))), 'applied', 'another plan');
select is(tests.outcome('scheme.create', 'scheme', jsonb_build_object('title', '三年谋划', 'plans', jsonb_build_array(tests.id('berry'), tests.id('tea')))), 'applied', 'a scheme');
select is(tests.outcome('scenario.create', 'less', jsonb_build_object('scheme', tests.id('scheme'), 'title', '少占地')), 'applied', 'a scenario');
select is(pg_temp.total('jobs'), '25', 'it begins as the scheme');
select is(pg_temp.move(jsonb_build_object('type', 'figures', 'item', tests.id('tea'), 'set', '{"jobs": 50}'::jsonb)), 'applied', 'a figure is changed');
select is(pg_temp.total('jobs'), '70', 'and counts');
select is(pg_temp.move(jsonb_build_object('type', 'drop', 'item', tests.id('berry'))), 'applied', 'a plan is dropped');
select is(pg_temp.total('jobs'), '50', 'and counts no more');
select is(tests.outcome('scenario.undo', 'less'), 'applied', 'undone');
select is(pg_temp.total('jobs'), '70', 'it is there again');
select is(tests.outcome('scenario.redo', 'less'), 'applied', 'redone');
select is(tests.outcome('scenario.redo', 'less'), 'refused nothing_to_redo', 'once');
select is(pg_temp.move(jsonb_build_object('type', 'figures', 'item', tests.id('berry'), 'set', '{"jobs": 1}'::jsonb)), 'refused not_in_scenario', 'nothing is changed of what is dropped');
select is((select jobs from public.plans where id = tests.id('tea')), 5, 'the plans themselves stand as they were');
select throws_ok($$ delete from public.scenario_moves $$, '42501', null, 'no move is taken out by hand');
select tests.act_as('olga');
select is(tests.outcome('scenario.adopt', 'less'), 'refused not_allowed', 'an observer adopts nothing');
select is(public.scheme_page(tests.id('yunxi'), tests.id('scheme')) ->> 'title', '三年谋划', 'but reads');
select tests.act_as('pan');
select is(tests.outcome('scenario.adopt', 'less', '{"note": "会议纪要3号"}'), 'applied', 'adopted');
select is((select jobs from public.plans where id = tests.id('tea')), 50, 'the plans become what it says');
select is((select archived_at is not null from public.plans where id = tests.id('berry')), true, 'and what it dropped is put away');
select tests.act_as('nora');
select is(coalesce(public.plans_page(tests.id('yunxi')), public.layers_page(tests.id('yunxi')), public.scheme_page(tests.id('yunxi'), tests.id('scheme')),
	public.check_page(tests.id('yunxi'), tests.id('c2'))), null, 'the neighbour reads nothing of it');
select * from finish();
rollback;
