/**
 * Fills a township with cleanup tasks as five years leave them: nearly all accepted or struck off, the last
 * weeks open, some late, some blocked; places strewn over the villages. Straight into the tables: the
 * triggers keep the counts, the marks and the tallies.
 */

/** @param {any} sql @param {string} township @param {number} from @param {number} tasks */
export async function load(sql, township, from, tasks) {
	const batch = 10_000;
	for (let a = from; a < tasks; a += batch) {
		if (process.env.BENCH_LOUD) console.log(a, Math.round(performance.now() / 1000));
		const b = Math.min(tasks, a + batch) - 1;
		await sql.begin(async (/** @type {any} */ tx) => {
			await tx`create temp table made on commit drop as
				with people as (
					select (select person_id from memberships where role = 'field' and township_id = ${township} order by id limit 1) as field,
						(select person_id from memberships where role = 'inspector' and (township_id = ${township} or township_id is null) order by id limit 1) as inspector,
						(select person_id from memberships where role = 'planner' and township_id = ${township} order by id limit 1) as planner
				), spots as (
					select id, coalesce(label, extensions.st_centroid(geom)) as at, row_number() over (order by id) - 1 as r,
						count(*) over () as of
					from places where township_id = ${township} and level = 'village' and archived_at is null
				), numbered as (
					select n, current_date - 3 - ((${tasks} - n)::bigint * (case when ${tasks} > 10000 then 1820 else 360 end) / ${tasks})::int as day,
						('x' || substr(md5(n::text), 1, 6))::bit(24)::int as u, ('x' || substr(md5(n::text), 7, 6))::bit(24)::int as v,
						('x' || substr(md5(n::text), 13, 6))::bit(24)::int as w
					from generate_series(${a}::int, ${b}::int) n
				)
				select p.*, s.id as village, n.*,
					(lpad(to_hex((extract(epoch from n.day) * 1000)::bigint + n % 86400000), 12, '0') || '7' || substr(md5('i' || n), 1, 3)
						|| '8' || substr(md5('i' || n), 4, 15))::uuid as id,
					extensions.st_setsrid(extensions.st_makepoint(extensions.st_x(s.at) + (n.u / 16777216.0 - 0.5) * 0.02,
						extensions.st_y(s.at) + (n.v / 16777216.0 - 0.5) * 0.018), 4326) as geom,
					case when current_date - n.day > 40 then (case when n.w % 50 = 0 then 'said' else 'proven' end)
						else (array['found', 'said', 'said', 'done', 'proven'])[1 + n.w % 5] end as st
				from numbered n cross join people p join spots s on s.r = (n.w / 64) % s.of`;
			await tx`insert into tasks (township_id, id, village_id, category, title, place_text, geom, method, created_by, created_at, campaign)
				select ${township}, id, village,
					(array['TRASH', 'TRASH', 'BIN', 'HEAP', 'SHED', 'RUIN', 'WATER', 'SEWAGE', 'ROAD', 'OTHER'])[1 + w % 10],
					(array['桥头堆放建筑垃圾', '沟渠漂浮物', '路边积存垃圾', '旱厕未改', '乱搭乱建', '残垣断壁'])[1 + u % 6] || n,
					(1 + v % 12) || '组', geom, 'map', field, day, to_char(day, 'YYYY') || '年行动'
				from made`;
			await tx`insert into steps (township_id, id, village_id, thing_kind, thing_id, found_on, found_by, state, stage,
					said_on, said_at, said_by, answers, due_on, first_due_on, done_on, done_at, done_by,
					proven_on, proven_at, proven_by, proven_how, closed_on)
				select ${township}, id, village, 'task', id, day, field, st::step_state,
					(case st when 'said' then 'assigned' when 'done' then 'reported' when 'proven' then
						case when current_date - day > 60 then 'closed' else 'proven' end else 'found' end)::step_stage,
					case when st <> 'found' then day + 1 end, case when st <> 'found' then now() end,
					case when st <> 'found' then planner end, case when st <> 'found' then field end,
					case when st <> 'found' then day + 15 end, case when st <> 'found' then day + 15 end,
					case when st in ('done', 'proven') then least(day + 2 + w % 20, current_date) end, case when st in ('done', 'proven') then now() end,
					case when st in ('done', 'proven') then field end,
					case when st = 'proven' then least(day + 24, current_date) end, case when st = 'proven' then now() end,
					case when st = 'proven' then inspector end, case when st = 'proven' then 'on_site'::proof_how end,
					case when st = 'proven' and current_date - day > 60 then least(day + 30, current_date) end
				from made`;
		});
	}
	await sql.unsafe('vacuum (analyze)');
}
