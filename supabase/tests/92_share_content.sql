-- What a shared page holds: who may look at it beforehand, and what never leaves with it.
begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
select plan(57);

create function pg_temp.seen(p_kind text, p_subject text, p_options jsonb default '{}') returns text
language sql as $$ select public.share_preview(tests.id('yunxi'), p_kind, tests.id(p_subject), p_options)::text $$;
grant execute on all functions in schema pg_temp to anon, authenticated;

-- Everything in it that people write names somebody, with a phone and an ID number; the land has an odd corner.
select tests.act_as_owner();
select tests.person('张三丰', 'contact', 'guqing');
select tests.person('Ann', 'contact', 'guqing');
insert into public.scenic_units (township_id, id, village_id, name, geom) values (tests.id('yunxi'), tests.id('unit'), tests.id('baima'), '白马水岸', tests.box(110.8012345, 32.6012345)),
	(tests.id('yunxi'), tests.id('small unit'), tests.id('baima'), '小院', extensions.st_multi(extensions.st_makeenvelope(110.8112345, 32.6012345, 110.8132345, 32.6032345, 4326)));
insert into public.projects (township_id, id, village_id, unit_id, title, target_grade, note, unit, created_by) values
	(tests.id('yunxi'), tests.id('project'), tests.id('baima'), tests.id('unit'), '白马水岸创建', 'AA', '张三丰牵头，电话13812345678；Ann announced', '文旅办 张三丰', tests.id('person pan')),
	(tests.id('yunxi'), tests.id('small'), tests.id('baima'), tests.id('small unit'), '小院创建', 'A', '', '', tests.id('person pan'));
insert into public.unit_features (township_id, id, unit_id, kind, name, geom, by_person, made_on) values
	(tests.id('yunxi'), tests.id('toilet'), tests.id('unit'), 'toilet', '旅游厕所', extensions.st_setsrid(extensions.st_makepoint(110.8034567, 32.6034567), 4326), tests.id('person pan'), private.today()),
	(tests.id('yunxi'), tests.id('sewer'), tests.id('unit'), 'sewage', '污水井', extensions.st_setsrid(extensions.st_makepoint(110.8045678, 32.6045678), 4326), tests.id('person pan'), private.today());
insert into public.plans (township_id, id, village_id, title, category, content, invest, jobs, unit, leader, mechanism, land_class, created_by) values
	(tests.id('yunxi'), tests.id('plan'), tests.id('baima'), '茶叶加工厂', '加工', '联系人李四光 身份证420381199001011234', 200, 30, '产业办', '赵六斤', '赵六斤说了算', '0101', tests.id('person pan'));
insert into public.plan_contacts (township_id, plan_id, legal_person, name, phone, by_person) values (tests.id('yunxi'), tests.id('plan'), '钱多多', '孙大圣', '13900001111', tests.id('person pan'));
insert into public.parcels (township_id, id, plan_id, name, geom, area, made_by) values (tests.id('yunxi'), tests.id('parcel'), tests.id('plan'), '一号地块',
	extensions.st_multi(extensions.st_makeenvelope(110.8056789, 32.6056789, 110.8076789, 32.6066789, 4326)), 20000, tests.id('person pan'));
select private.plan_shape(tests.id('yunxi'), tests.id('plan'));
insert into public.schemes (township_id, id, title, made_by, made_on) values (tests.id('yunxi'), tests.id('scheme'), '产业谋划 张三丰版', tests.id('person pan'), private.today());
insert into public.scheme_plans (township_id, scheme_id, plan_id, by_person, made_on) values (tests.id('yunxi'), tests.id('scheme'), tests.id('plan'), tests.id('person pan'), private.today());
insert into public.steps (township_id, id, village_id, thing_kind, thing_id, seq, title, state, stage, found_on, found_at, said_on, said_at, due_on, first_due_on, answers, answers_name, done_on, done_name, proven_on, proven_how, proven_name) values
	(tests.id('yunxi'), tests.id('p1'), tests.id('baima'), 'project', tests.id('project'), 1, '设计', 'proven', 'proven', private.today() - 60, now(), private.today() - 50, now(), private.today() - 40, private.today() - 45, null, '李四光', private.today() - 42, '李四光', private.today() - 41, 'ledger', '周伯通'),
	(tests.id('yunxi'), tests.id('p2'), tests.id('baima'), 'project', tests.id('project'), 2, '施工', 'said', 'blocked', private.today() - 60, now(), private.today() - 50, now(), private.today() - 1, private.today() - 11, tests.id('person finn'), null, null, null, null, null, null),
	(tests.id('yunxi'), tests.id('q1'), tests.id('baima'), 'plan', tests.id('plan'), 1, '签约', 'said', 'assigned', private.today() - 60, now(), private.today() - 50, now(), private.today() + 9, private.today() + 9, null, '李四光', null, null, null, null, null);
insert into public.blockers (township_id, id, step_id, village_id, thing_kind, kind, who, note, ask, since, opened_on, opened_by) values
	(tests.id('yunxi'), tests.id('stuck'), tests.id('p2'), tests.id('baima'), 'project', 'money', '区财政局 张三丰', '找周伯通，1 3 8 0000 1111 或 13800001111，卡6222020200112233445', '请李四光拨款60万元', private.today() - 6, private.today() - 6, tests.id('person pan'));
insert into public.funds (township_id, id, project_id, source, planned, allocated, spent, made_by) values (tests.id('yunxi'), tests.id('fund'), tests.id('project'), 'bridging', 60, 30, 12.5, tests.id('person pan'));
insert into public.meetings (township_id, id, kind, title, place, starts_at, made_by) values (tests.id('yunxi'), tests.id('meeting'), 'planning', '调度会', '会议室', now(), tests.id('person pan'));
insert into public.meeting_people (township_id, id, meeting_id, name, part) values (tests.id('yunxi'), tests.id('guest'), tests.id('meeting'), '欧阳锋', 'attending');
insert into public.topics (township_id, id, meeting_id, title, unit, heard, proposed_by, proposed_on) values (tests.id('yunxi'), tests.id('topic'), tests.id('meeting'), '标牌（欧阳锋提）', '文旅办', '张三丰汇报', tests.id('person pan'), private.today());
insert into public.decisions (township_id, id, meeting_id, topic_id, seq, body, kind, thing_id, step_id, lead, lead_unit, due_on, ask, made_by) values
	(tests.id('yunxi'), tests.id('decision'), tests.id('meeting'), tests.id('topic'), 1, '由张三丰装标牌', 'project', tests.id('project'), tests.id('p2'), tests.id('person finn'), '文旅办', private.today(), '请欧阳锋协调', tests.id('person pan'));

-- ── who looks at it beforehand ──
select is(has_function_privilege('anon', 'public.share_preview(uuid, text, uuid, jsonb)', 'execute'), false, 'a visitor without an account calls nothing');
select tests.act_as('finn');
select throws_ok($$ select pg_temp.seen('project', 'project') $$, 'PT403', 'not_allowed', 'a field worker sees no preview');
select throws_ok($$ select pg_temp.seen('township', 'yunxi') $$, 'PT403', 'not_allowed', 'of nothing');
select tests.act_as('lei');
select throws_ok($$ select pg_temp.seen('village', 'baima') $$, 'PT403', 'not_allowed', 'nor a contact cadre of the own village');
select tests.act_as('ines');
select throws_ok($$ select pg_temp.seen('plan', 'plan') $$, 'PT403', 'not_allowed', 'nor an inspector');
select tests.act_as('olga');
select throws_ok($$ select pg_temp.seen('plan', 'plan') $$, 'PT403', 'not_allowed', 'nor the district''s observer');
select tests.act_as('nora');
select throws_ok($$ select pg_temp.seen('plan', 'plan') $$, 'PT403', 'not_allowed', 'nor the neighbour''s planner');
select is(public.share_preview(tests.id('lushan'), 'plan', tests.id('plan')), null, 'who finds nothing of ours under the own township');
select tests.act_as('past');
select throws_ok($$ select pg_temp.seen('plan', 'plan') $$, 'PT403', 'not_allowed', 'nor who planned here once');
select tests.act_as('off');
select throws_ok($$ select pg_temp.seen('plan', 'plan') $$, 'PT403', 'not_allowed', 'nor an account that is off');
select throws_ok($$ select private.share_content(tests.id('yunxi'), 'plan', tests.id('plan'), '{}') $$, '42501', null, 'what asks no rights is nobody''s to call');
select tests.act_as('pan');
select throws_ok($$ select pg_temp.seen('person', 'plan') $$, 'PT403', 'bad_value', 'no page of anything else');
select is(public.share_preview(tests.id('yunxi'), 'plan', tests.id('project')), null, 'what is not there is not there');
select is(public.share_preview(tests.id('yunxi'), 'township', tests.id('lushan')), null, 'nor the township next door');
select is(public.share_preview(tests.id('yunxi'), 'village', tests.id('shiqiao')), null, 'nor its village');

-- ── what never leaves ──
create temp table pages as select x.kind, pg_temp.seen(x.kind, x.subject, x.options) as body
from (values ('project', 'project', '{}'::jsonb), ('project', 'small', '{}'), ('unit', 'unit', '{}'), ('plan', 'plan', '{}'), ('scheme', 'scheme', '{}'), ('village', 'baima', '{}'), ('township', 'yunxi', '{}'),
	('meeting', 'meeting', '{}'), ('township', 'yunxi', '{"boundaries": true, "people": true}')) x(kind, subject, options);
select is((select count(*)::integer from pages where body is null), 0, 'all seven kinds have a page');
select is((select count(*)::integer from pages where body like '%' || n.name || '%'), 0, 'nobody called ' || n.name || ' is on any of them')
from (values ('张三丰'), ('李四光'), ('周伯通'), ('赵六斤'), ('欧阳锋'), ('钱多多'), ('孙大圣')) n(name);
select is((select count(*)::integer from pages where body ~ '\mAnn\M'), 0, 'nor Ann');
select is((select count(*)::integer from pages where body like '%某某牵头%announced%'), 1, 'whose letters stay in other words');
select is((select count(*)::integer from pages where body ~ '1[3-9][0-9]{9}'), 0, 'no mobile number');
select is((select count(*)::integer from pages where body ~ '[0-9]{16}'), 0, 'no ID, no bank account');
select is((select count(*)::integer from pages where body like '%finn%' or body like '%"answers%' or body like '%leader%' or body like '%phone%'), 0, 'no field for a person');
-- Every coordinate: at most 3 decimals, 4 of a route, 5 of a place for visitors.
create temp table numbers as select p.kind, m[1] as n from pages p, regexp_matches(p.body, '(1[01][0-9]\.[0-9]+)', 'g') m;
select is((select count(*)::integer from numbers where char_length(split_part(n, '.', 2)) > 5), 0, 'no coordinate is good to a metre''s tenth');
select is((select string_agg(distinct n, ',') from numbers where char_length(split_part(n, '.', 2)) > 3), '110.80346', 'only the toilet for visitors is nearer than 100 m');
select is((select count(*)::integer from pages where body like '%110.8056%' or body like '%32.6056%'), 0, 'the corner of the parcel is nowhere');
select is((select count(*)::integer from pages where kind = 'plan' and (body::jsonb -> 'map' -> 'shapes') @? '$[*] ? (@.kind == "unit")'), 0, 'a plan''s land is no shape');
select cmp_ok((select (p ->> 'radius')::integer from pages, jsonb_array_elements(body::jsonb -> 'map' -> 'points') p where pages.kind = 'plan' and p ->> 'kind' = 'plan'), '>', 60, 'but a disc of its size');
select is((select count(*)::integer from pages where kind <> 'township' and (body::jsonb -> 'map' -> 'shapes') @? '$[*] ? (@.kind == "village" || @.kind == "township")'), 0, 'no boundary');
select is((select count(*)::integer from pages where kind = 'township' and (body::jsonb -> 'map' -> 'shapes') @? '$[*] ? (@.kind == "village")'), 1, 'unless it is chosen');
select is((select count(*)::integer from pages where kind = 'project' and (body::jsonb -> 'map' -> 'shapes') @? '$[*] ? (@.kind == "unit")'), 1, 'a unit of some size has its rough shape, a small one is a disc');

-- ── what is answered ──
create function pg_temp.of(p_kind text, p_path text) returns jsonb language sql as $$
	select jsonb_path_query_first(body::jsonb, p_path::jsonpath) from pages where kind = p_kind order by (body::jsonb -> 'title')::text desc limit 1 $$;
select is(pg_temp.of('project', '$.title'), '"白马水岸创建"', 'what');
select is(pg_temp.of('project', '$.village'), '"baima"', 'where');
select is(pg_temp.of('project', '$.figures.money.spent'), '12.5', 'what is really spent');
select is(pg_temp.of('plan', '$.figures.money.planned'), '200', 'who pays, as stated');
select is(pg_temp.of('plan', '$.figures.land.check'), 'null', 'nobody has checked the land: it is said, not green');
select is(pg_temp.of('plan', '$.figures.gains.jobs'), '30', 'what it gives');
select is(pg_temp.of('project', '$.steps[1].drift'), '10', 'the deadline against the first one');
select is(pg_temp.of('project', '$.counts'), '{"said": 2, "done": 1, "proven": 1, "blocked": 1, "overdue": 1, "planned": 2}', 'said, done and proven');
select is(pg_temp.of('project', '$.asks[0].ask'), '"请某某拨款60万元"', 'what the district is asked');
select is(pg_temp.of('project', '$.asks[0].days'), '6', 'since when');
select is(pg_temp.of('project', '$.asks[0].id'), to_jsonb(tests.id('stuck')), 'by the blocker''s id');
select is(pg_temp.of('meeting', '$.session.decisions[0].text'), '"由某某装标牌"', 'what was decided');
select is(pg_temp.of('village', '$.things.size()'), '3', 'a village''s projects and plans');
select is(jsonb_array_length(pg_temp.of('scheme', '$.scenarios')), 1, 'a scheme has its baseline');

-- ── what is chosen ──
select is((pg_temp.seen('plan', 'plan', '{"money": false}')::jsonb #> '{figures,money}'), 'null', 'no money when it is not chosen');
select is((pg_temp.seen('plan', 'plan', '{"land": false}')::jsonb #> '{figures,land}'), 'null', 'no land');
select is((pg_temp.seen('plan', 'plan', '{"gains": false}')::jsonb #> '{figures,gains}'), 'null', 'no benefit');
select is((pg_temp.seen('project', 'project', '{"stuck": false}')::jsonb -> 'asks'), '[]', 'nothing of what is stuck');
select is((pg_temp.seen('project', 'project', '{"people": false}')::jsonb ->> 'office'), '', 'no office');
select is((pg_temp.seen('project', 'project', '{"changes": false}')::jsonb -> 'changes'), '[]', 'no changes');
select throws_ok($$ select pg_temp.seen('plan', 'plan', '{"money": "yes"}') $$, 'PT403', 'bad_value', 'a choice is yes or no');

select * from finish();
rollback;
