begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
select plan(121);

-- A small standard: section 1 caps at 20 of 25 points, one per-unit item, one deduction, a bonus and two vetoes.
create function pg_temp.body() returns jsonb language sql as $$
	select '{"total": 50, "bonus_max": 3, "review_months": 36, "notice_days": 5, "higher": ["AAA"],
		"grades": [{"grade": "AAA", "zh": "AAA级", "min": 48}, {"grade": "AA", "zh": "AA级", "min": 40}, {"grade": "A", "zh": "A级", "min": 30}],
		"assessors": [{"code": "self", "zh": "村自评"}, {"code": "town", "zh": "乡镇初核"}, {"code": "county", "zh": "县评定"}],
		"vetoes": [{"code": "V1", "zh": "无事故"}, {"code": "V2", "zh": "有公厕", "grades": ["AAA"]}],
		"sections": [
			{"code": "1", "zh": "交通", "max": 20, "items": [
				{"code": "1.1", "zh": "到达", "max": 10, "rule": {"type": "per_unit", "unit_points": 5}, "evidence": {"kinds": ["map"], "zh": "站点"}},
				{"code": "1.2", "zh": "道路", "max": 15}]},
			{"code": "2", "zh": "卫生", "max": 30, "items": [
				{"code": "2.1", "zh": "整洁", "max": 20, "rule": {"type": "deduct_per_finding", "points": 1.5}},
				{"code": "2.2", "zh": "满意度", "max": 10, "rule": {"type": "rate", "full": 0.9}}]}],
		"bonus": [{"code": "B1", "zh": "荣誉", "max": 5}]}'::jsonb
$$;
create function pg_temp.say(p_target text, p jsonb) returns text language sql as $$ select tests.outcome('project.move', p_target, p) $$;
create function pg_temp.score(p_side text, p jsonb) returns text language sql as $$
	select tests.outcome('project.score', 'lake', jsonb_build_object('assessor', p_side, 'scores', p))
$$;
create function pg_temp.all_of(p_roads numeric) returns jsonb language sql as $$
	select '[{"item": "1.1", "value": {"count": 3}}, {"item": "2.1", "value": {"findings": 2}}, {"item": "2.2", "value": {"rate": 0.81}},
		{"item": "B1", "value": {"points": 4}}, {"item": "V1", "value": {"yes": true}}, {"item": "V2", "value": {"yes": false}}]'::jsonb
		|| jsonb_build_object('item', '1.2', 'value', jsonb_build_object('points', p_roads))
$$;
create function pg_temp.page() returns jsonb language sql as $$ select public.project_page(tests.id('yunxi'), tests.id('lake')) $$;

select tests.act_as_owner();
select tests.person('dana', 'inspector', 'district');
select tests.person('dong', 'inspector', 'district');
select tests.person('ivo', 'inspector', 'yunxi');
grant execute on all functions in schema pg_temp to authenticated;

-- ── the standard ──
select tests.act_as('finn');
select is(tests.outcome('standard.create', 'std', jsonb_build_object('name', '样板', 'body', pg_temp.body())), 'refused not_allowed', 'a field worker makes no standard');
select tests.act_as('pan');
select is(tests.outcome('standard.create', 'std', jsonb_build_object('name', '样板', 'body', pg_temp.body() || '{"sections": []}')), 'refused bad_standard', 'a standard has sections');
select is(tests.outcome('standard.create', 'std', jsonb_build_object('name', '样板', 'body', pg_temp.body() || '{"total": 51}')), 'applied', 'a draft may have mistakes');
select is(tests.outcome('standard.publish', 'std'), 'refused bad_standard', 'what does not add up never comes into force');
select is(tests.outcome('standard.edit', 'std', jsonb_build_object('body', pg_temp.body())), 'applied', 'a draft is edited');
select is(tests.outcome('standard.publish', 'std'), 'applied', 'and comes into force');
select is(tests.outcome('standard.edit', 'std', '{"name": "y"}'), 'refused standard_frozen', 'then nobody changes it');
select tests.act_as_owner();
select throws_ok(format('update public.standards set body = ''{}'' where id = %L', tests.id('std')), '42501', null, 'not even the owner of the database');
select is(jsonb_array_length(public.standards_of(tests.id('yunxi'))), null, 'nobody reads a standard without signing in');

-- ── the project ──
select tests.act_as('pan');
select is(tests.outcome('project.create', 'lake', jsonb_build_object('title', '湖边村创建', 'unit_name', '湖边', 'target_grade', 'AA', 'village_id', tests.id('baima'))), 'applied', 'a project');
select is(pg_temp.say('lake', '{"verb": "start"}'), 'applied', 'building begins');
select is(pg_temp.score('self', '[{"item": "1.2", "value": {"points": 3}}]'), 'refused no_standard', 'no scores without a standard');
select is(tests.outcome('project.standard', 'lake', jsonb_build_object('standard', tests.id('std'))), 'applied', 'it follows a standard');
select is(tests.outcome('project.target', 'lake', '{"items": [{"item": "1.2", "points": 12, "cost": 80000, "ready_on": "2030-01-01"}, {"item": "V2", "cost": 5000}]}'), 'applied', 'targets are said');
select is(tests.outcome('project.target', 'lake', '{"items": [{"item": "1.2", "points": 16}]}'), 'refused bad_score', 'never above the item');
select is(tests.outcome('project.target', 'lake', '{"items": [{"item": "9.9", "points": 1}]}'), 'refused no_such_item', 'only items of the standard');
select is(tests.outcome('project.target', 'lake', '{"items": [{"item": "1.2", "ready_on": "2030-03-01"}]}'), 'applied', 'a later day');
select is(pg_temp.page() #>> '{targets,0,firstReadyOn}', '2030-01-01', 'the first day stays');

-- ── self-assessment ──
select tests.act_as('wang');
select is(pg_temp.score('self', pg_temp.all_of(12)), 'refused not_allowed', 'not by another village');
select tests.act_as('olga');
select is(pg_temp.score('self', pg_temp.all_of(12)), 'refused not_allowed', 'not by an observer');
select tests.act_as('adam');
select is(pg_temp.say('lake', '{"verb": "self_assess"}'), 'refused not_allowed', 'not by an administrator');
select tests.act_as('finn');
select is(pg_temp.score('town', pg_temp.all_of(12)), 'refused not_allowed', 'the village does not score for the town');
select is(pg_temp.score('self', '[{"item": "1.1", "value": {"points": 3}}]'), 'refused bad_score', 'a value of another rule');
select is(pg_temp.score('self', '[{"item": "V1", "na": true}]'), 'refused bad_score', 'a veto is answered, never left out');
select is(pg_temp.score('self', '[{"item": "1.2", "value": {"points": 12.001}}]'), 'refused bad_score', 'two decimals');
select is(pg_temp.score('self', '[{"item": "1.2", "value": {"points": 12}}]'), 'applied', 'one score');
select is(pg_temp.say('lake', '{"verb": "self_assess"}'), 'refused not_all_scored', 'all must be scored');
select is(pg_temp.score('self', pg_temp.all_of(14)), 'applied', 'all scored');
select is(pg_temp.page() #>> '{totals,self,total}', '49.00', 'min(20, 10+14) + 17 + 9 + min(3, 4)');
select is(pg_temp.page() #>> '{totals,self,grade}', 'AA', 'AAA is barred by its veto');
select is((select count(*)::integer from public.assessments where item_code = '1.2'), 2, 'both scores are kept');
select tests.act_as_owner();
select is(private.unscored(tests.id('yunxi'), tests.id('lake'), 'self'), '{}', 'nothing is left');
select is((select array_agg(code order by code) from private.item_facts(tests.id('yunxi'), tests.id('lake')) where done), array['1.2', '2.1', '2.2'], '1.1 is scored without its evidence: not done');
select tests.act_as('finn');
select is(tests.outcome('feature.create', 'stop', jsonb_build_object('unit', (pg_temp.page() #>> '{scenicUnit,id}')::uuid, 'kind', 'stop', 'name', '村口站',
	'geometry', '{"type": "Point", "coordinates": [110.81, 32.61]}'::jsonb)), 'applied', 'a bus stop on the map');
select is(tests.outcome('exhibit.add', 'stop seen', jsonb_build_object('kind', 'place', 'title', '村口站', 'project', tests.id('lake'),
	'feature', tests.id('stop'), 'cite', '["1.1", "1.2"]'::jsonb)), 'applied', 'it speaks for two items');
select is(tests.outcome('exhibit.add', 'x', jsonb_build_object('kind', 'document', 'title', '文件', 'project', tests.id('lake'), 'sha256', repeat('a', 64))), 'held not_here_yet', 'a document waits for its bytes');
select tests.act_as_owner();
select is((select count(*)::integer from private.item_facts(tests.id('yunxi'), tests.id('lake')) where done), 4, 'with its evidence 1.1 is done');
select tests.act_as('wang');
select is(tests.outcome('exhibit.withdraw', 'stop seen'), 'refused not_allowed', 'evidence is not taken away by others');
select tests.act_as('finn');
select is(pg_temp.say('lake', '{"verb": "self_assess"}'), 'applied', 'the village says it is ready');
select is(pg_temp.score('self', '[{"item": "1.2", "value": {"points": 15}}]'), 'refused not_in_this_phase', 'and changes nothing afterwards');
select is(pg_temp.say('lake', '{"verb": "town_check"}'), 'refused not_allowed', 'it does not check itself');

-- ── township ──
select tests.act_as('ines');
select is(pg_temp.say('lake', '{"verb": "county_assess"}'), 'refused not_allowed', 'the township does not assess for the county');
select is(pg_temp.say('lake', '{"verb": "send_back"}'), 'refused note_needed', 'back only with a reason');
select is(pg_temp.score('town', pg_temp.all_of(12)), 'applied', 'the township scores');
select is(pg_temp.say('lake', '{"verb": "town_check"}'), 'applied', 'and checks');

-- ── county ──
select is(pg_temp.score('county', pg_temp.all_of(12)), 'refused not_allowed', 'a township inspector is no assessor of the county');
select tests.act_as('pan');
select is(pg_temp.say('lake', '{"verb": "county_assess"}'), 'refused not_allowed', 'nor is the planner');
select tests.act_as('dana');
select is(pg_temp.say('lake', '{"verb": "publish_notice", "from": "2030-01-01", "to": "2030-01-31"}'), 'refused not_allowed', 'the county does not publish for the township');
select is(pg_temp.say('lake', '{"verb": "county_assess"}'), 'refused not_all_scored', 'not unseen');
select is(pg_temp.score('county', '[{"item": "1.1", "value": {"count": 1}}, {"item": "1.2", "value": {"points": 2}},
	{"item": "2.1", "value": {"findings": 10}}, {"item": "2.2", "value": {"rate": 0.5}}, {"item": "V1", "value": {"yes": true}}, {"item": "V2", "value": {"yes": true}}]'), 'applied', 'a strict look');
select is(pg_temp.say('lake', '{"verb": "county_assess"}'), 'refused no_grade_reached', 'too few points for any grade');
select is(pg_temp.score('county', pg_temp.all_of(12)), 'applied', 'a second look');
select is(pg_temp.say('lake', '{"verb": "county_assess"}'), 'applied', 'assessed');
select tests.act_as_owner();
select is((select reached_grade from public.projects where id = tests.id('lake')), 'AA', 'the grade reached');
select is((select count(*)::integer from private.item_facts(tests.id('yunxi'), tests.id('lake')) where proven), 4, 'all items proven');

-- ── notice ──
insert into private.calendar_known (year, status, source, off, work) values (2030, 'official', 'test',
	'[{"day": "2030-02-04", "name": "春节"}, {"day": "2030-02-05", "name": "春节"}]', '[{"day": "2030-02-09", "name": "调休"}]')
on conflict (year) do update set off = excluded.off, work = excluded.work;
select is(private.workdays(tests.id('yunxi'), '2030-02-04', '2030-02-10'), 4, 'two days off, a Saturday worked');
select is(private.workdays(tests.id('yunxi'), '2031-02-03', '2031-02-09'), 5, 'a year nobody knows has weekends');
select tests.act_as('finn');
select is(pg_temp.say('lake', '{"verb": "publish_notice", "from": "2030-02-04", "to": "2030-02-10"}'), 'refused not_allowed', 'the village does not publish');
select tests.act_as('pan');
select is(pg_temp.say('lake', '{"verb": "publish_notice", "from": "2030-02-04", "to": "2030-02-10"}'), 'refused notice_too_short', 'four working days are too few');
select is(pg_temp.say('lake', '{"verb": "publish_notice", "from": "2030-02-04", "to": "2030-02-11", "where": "村务公开栏"}'), 'applied', 'five are enough');
select is(pg_temp.page() #>> '{notice,workdays}', '5', 'counted by the database');
select tests.act_as('lei');
select is(pg_temp.say('lake', '{"verb": "object", "note": "停车场占了田"}'), 'applied', 'an objection');
select tests.act_as('dana');
select is(pg_temp.say('lake', '{"verb": "list"}'), 'refused not_in_this_phase', 'nothing is listed over an objection');
select is(pg_temp.say('lake', '{"verb": "dismiss_objection", "note": "已核实，为建设用地"}'), 'applied', 'answered');
select is(pg_temp.say('lake', '{"verb": "list"}'), 'refused notice_running', 'nor while the notice runs');
select tests.act_as_owner();
update public.projects set notice_from = private.today() - 9, notice_to = private.today() - 1 where id = tests.id('lake');
select tests.act_as('ines');
select is(pg_temp.say('lake', '{"verb": "list"}'), 'refused not_allowed', 'the township does not list');
select tests.act_as('dana');
select is(pg_temp.say('lake', '{"verb": "list", "number": "文旅〔2026〕8号"}'), 'applied', 'listed');
select is(pg_temp.page() #>> '{scenicUnit,presentGrade}', 'AA', 'the place has its grade');
select is((pg_temp.page() ->> 'reviewDueOn')::date, (private.today() + interval '36 months')::date, 'and a day for its review');
select tests.act_as('pan');
select is(pg_temp.say('lake', '{"verb": "call_review"}'), 'applied', 'a review');
select tests.act_as('dong');
select is(pg_temp.say('lake', '{"verb": "downgrade", "grade": "AAA"}'), 'refused bad_value', 'down is not up');
select is(pg_temp.say('lake', jsonb_build_object('verb', 'rectify', 'by', private.today() + 90, 'note', '标识不全')), 'applied', 'to be put right');
select is(pg_temp.say('lake', '{"verb": "downgrade", "grade": "A"}'), 'applied', 'downgraded');
select is(pg_temp.page() #>> '{scenicUnit,presentGrade}', 'A', 'the map shows it');
select is(jsonb_array_length(pg_temp.page() -> 'log'), 11, 'every step is kept');

-- ── nobody for two sides ──
select tests.act_as_owner();
insert into public.memberships (id, person_id, place_id, township_id, role)
values (tests.id('dana too'), tests.id('person dana'), tests.id('yunxi'), tests.id('yunxi'), 'inspector'),
	(tests.id('ivo too'), tests.id('person ivo'), tests.id('baima'), tests.id('yunxi'), 'field');
select tests.act_as('pan');
select is(tests.outcome('project.create', 'two', jsonb_build_object('title', '二', 'unit_name', '二', 'target_grade', 'A', 'village_id', tests.id('baima'))), 'applied', 'another project');
select is(tests.outcome('project.standard', 'two', jsonb_build_object('standard', tests.id('std'))), 'applied', 'its standard');
select is(pg_temp.say('two', '{"verb": "start"}'), 'applied', 'begun');
select tests.act_as('ivo');
select is(tests.outcome('project.score', 'two', jsonb_build_object('assessor', 'self', 'scores', pg_temp.all_of(12))), 'applied', 'ivo scores for the village');
select is(pg_temp.say('two', '{"verb": "self_assess"}'), 'applied', 'and hands it in');
select is(tests.outcome('project.score', 'two', jsonb_build_object('assessor', 'town', 'scores', pg_temp.all_of(12))), 'refused own_work', 'then not for the township');
select is(pg_temp.say('two', '{"verb": "town_check"}'), 'refused own_work', 'nor checks it');
select tests.act_as('dana');
select is(tests.outcome('project.score', 'two', jsonb_build_object('assessor', 'town', 'scores', pg_temp.all_of(12))), 'applied', 'dana checks for the township');
select is(pg_temp.say('two', '{"verb": "town_check"}'), 'applied', 'checked');
select is(tests.outcome('project.score', 'two', jsonb_build_object('assessor', 'county', 'scores', pg_temp.all_of(12))), 'refused own_work', 'then not for the county');
select is(pg_temp.say('two', '{"verb": "county_assess"}'), 'refused own_work', 'nor assesses it');

-- ── a newer edition ──
select tests.act_as('pan');
select is(tests.outcome('standard.create', 'std2', jsonb_build_object('name', '样板', 'edition', '二', 'from', tests.id('std'),
	'body', jsonb_set(pg_temp.body(), '{sections,1,items,0,rule,points}', '2'))), 'applied', 'a new edition');
select is(tests.outcome('standard.publish', 'std2'), 'applied', 'in force');
select is(public.project_page(tests.id('yunxi'), tests.id('two')) #>> '{newer,id}', tests.id('std2')::text, 'it is offered');
select is(tests.outcome('project.standard', 'two', jsonb_build_object('standard', tests.id('std2'))), 'refused not_in_this_phase', 'not in the middle of an assessment');
select is(tests.outcome('project.standard', 'lake', jsonb_build_object('standard', tests.id('std2'))), 'applied', 'the other moves');
select is((select count(*)::integer from jsonb_array_elements(pg_temp.page() -> 'scores') s where s ->> 'assessor' = 'self'), 6, 'only 2.1 lapsed');

-- ── works ──
select is(tests.outcome('work.create', 'park', jsonb_build_object('project', tests.id('lake'), 'title', '停车场', 'items', '["1.2"]'::jsonb, 'steps', jsonb_build_array(
	jsonb_build_object('id', tests.id('m1'), 'title', '设计', 'starts_on', private.today(), 'due_on', private.today() + 10),
	jsonb_build_object('id', tests.id('m2'), 'title', '开工', 'starts_on', private.today() + 10, 'due_on', private.today() + 40)))), 'applied', 'a work with two milestones');
select is(tests.outcome('work.plan', 'lake', jsonb_build_object('steps', jsonb_build_array(jsonb_build_object('id', tests.id('m1'), 'starts_on', private.today() + 5, 'due_on', private.today() + 20)))), 'applied', 'moved');
select is((select array[first_starts_on, first_due_on, starts_on, due_on] from public.steps where id = tests.id('m1')),
	array[private.today(), private.today() + 10, private.today() + 5, private.today() + 20], 'the first days stay');
select is(tests.outcome('work.plan', 'lake', jsonb_build_object('steps', jsonb_build_array(jsonb_build_object('id', tests.id('m1'), 'due_on', private.today() + 21),
	jsonb_build_object('id', tests.id('m2'), 'starts_on', private.today() + 90)))), 'refused start_after_due', 'all or none');
select is((select due_on from public.steps where id = tests.id('m1')), private.today() + 20, 'nothing of it was kept');
select is(tests.outcome('step.link', 'm2', jsonb_build_object('after', tests.id('m1'))), 'applied', 'one after the other');
select is(tests.outcome('step.link', 'm1', jsonb_build_object('after', tests.id('m2'))), 'refused link_circle', 'never in a circle');
select is(tests.outcome('step.unlink', 'm2', jsonb_build_object('after', tests.id('m1'))), 'applied', 'undone');
select is(tests.outcome('work.archive', 'park'), 'refused has_milestones', 'milestones are dropped with a reason each');
select is(tests.outcome('fund.create', 'money', jsonb_build_object('project', tests.id('lake'), 'source', 'bridging', 'planned', 60, 'work', tests.id('park'))), 'applied', 'money');
select is(tests.outcome('fund.create', 'money2', jsonb_build_object('project', tests.id('lake'), 'source', 'bridging', 'planned', -1)), 'refused bad_value', 'never negative');
select is(tests.outcome('grade.target', 'yunxi', '{"year": 2026, "grade": "AA", "count": 2}'), 'applied', 'targets of a year');
select is(public.projects_page(tests.id('yunxi')) #>> '{targets,0,reached}', '1', 'one was listed');
select is((select m from jsonb_array_elements(public.project_marks(tests.id('yunxi'))) m where m ->> 0 = tests.id('lake')::text),
	jsonb_build_array(tests.id('lake'), (select phase from public.projects where id = tests.id('lake')),
		(select u.present_grade from public.scenic_units u join public.projects p on p.unit_id = u.id where p.id = tests.id('lake')), 'AA'),
	'the map says phase and grades as they are now');
select is((select m -> 1 from jsonb_array_elements(public.project_marks(tests.id('yunxi'), private.today() - 1)) m where m ->> 0 = tests.id('lake')::text),
	'"planned"', 'and the phase it had on a day before');
select is((select m -> 2 from jsonb_array_elements(public.project_marks(tests.id('yunxi'), private.today() - 1)) m where m ->> 0 = tests.id('lake')::text),
	'null', 'a grade that was changed since and not recorded before is unknown, not guessed');
select is(tests.outcome('calendar.set', 'yunxi', '{"year": 2030, "off": [{"day": "2031-01-01", "name": "x"}]}'), 'refused bad_value', 'days of that year');
select is(tests.outcome('calendar.set', 'yunxi', '{"year": 2030, "off": [], "source": "通知"}'), 'applied', 'a year is replaced');
select is(public.calendar_of(tests.id('yunxi'), 2030) ->> 'set', 'true', 'and says so');
select is(tests.outcome('step.block', 'm1', '{"blocker": "money", "who": "区财政局", "ask": "请拨付30万元"}'), 'applied', 'blocked, with an ask');
select is((select x ->> 'ask' from jsonb_array_elements(public.stuck(tests.id('yunxi'))) x where x ->> 'step' = '设计'), '请拨付30万元', 'the ask is listed');

-- Strangers and everybody by hand.
select tests.act_as('nora');
select is(public.project_page(tests.id('yunxi'), tests.id('lake')), null, 'nobody else sees the page');
select is(public.project_marks(tests.id('yunxi')), '[]', 'nor what stands on the map');
select is(public.projects_page(tests.id('yunxi')), null, 'nor the list');
select is((select count(*)::integer from public.assessments), 0, 'nor a score');
select tests.act_as('dana');
select throws_ok($$ update public.projects set phase = 'listed' $$, '42501', null, 'no phase by hand');
select throws_ok($$ insert into public.assessments select * from public.assessments limit 1 $$, '42501', null, 'no score by hand');
select tests.act_as_owner();
select throws_ok(format('update public.projects set phase = ''listed'' where id = %L', tests.id('two')), '42501', null, 'no way but the table''s');
select throws_ok('update public.assessments set points = 1', '42501', null, 'scores are never changed');
select * from finish();
rollback;
