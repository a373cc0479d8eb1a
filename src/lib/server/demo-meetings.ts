import { readRoom } from '$lib/data/meetings';
import { readPlans } from '$lib/data/plans';
import { readProjects } from '$lib/data/projects';
import { readVillages } from '$lib/data/wallmap';
import type { RefKind } from '$lib/domain/meeting';
import { newId, type Payload } from '$lib/domain/op';
import type { Stage } from './demo-projects';

type Ref = { kind: RefKind; id: string };

/** Invented: last week's session with its minutes, today's with an agenda, and a topic that waits to be checked. */
export async function playMeetings({ township, db, play, day, person }: Stage): Promise<void> {
	const [villages, plans, projects] = await Promise.all([
		readVillages(db('planner'), township),
		readPlans(db('planner'), township),
		readProjects(db('planner'), township)
	]);
	const place = (i: number): Ref[] => {
		const village = villages[i % Math.max(1, villages.length)];
		return village ? [{ kind: 'place', id: village.id }] : [];
	};
	const scheme = plans?.schemes[0];
	const project = projects?.projects[0];
	const tea = plans?.plans.find((p) => p.title.includes('茶叶')) ?? plans?.plans[0];
	/** Proposed by one, checked by another. */
	async function topic(
		title: string,
		unit: string,
		note: string,
		refs: Ref[],
		by = 'village'
	): Promise<string> {
		const id = newId();
		await play(by, 'topic.propose', id, {
			title,
			unit,
			note,
			refs,
			coordinated: true,
			consulted: refs.some((r) => r.kind === 'scheme' || r.kind === 'plan')
		});
		await play(by === 'planner' ? 'mayor' : 'planner', 'topic.check', id, { ok: true });
		return id;
	}
	async function meeting(title: string, number: string, on: string, topics: string[]) {
		const id = newId();
		await play('planner', 'meeting.create', id, {
			kind: 'planning',
			title,
			number,
			place: '镇政府二楼会议室',
			sent_to: '各村，镇直各办',
			starts_at: `${on}T09:00:00+08:00`,
			chair: person('周书记'),
			recorder: person('周书记')
		});
		for (const t of topics) await play('planner', 'topic.edit', t, { meeting: id });
		return id;
	}

	const river = await topic(
		'河道垃圾清理',
		'白马村',
		'汛后河滩漂浮物较多，村里人手不够。',
		place(0)
	);
	const sign = await topic(
		'景区村庄标识标牌',
		'文旅办',
		'两处入口没有标牌。',
		project ? [{ kind: 'project', id: project.id }] : place(1),
		'mayor'
	);
	const past = await meeting(
		'环境整治和景区村庄建设调度会（演示）',
		`云政纪〔${day(-7).slice(0, 4)}〕14号`,
		day(-7),
		[river, sign]
	);
	const seats = (await readRoom(db('planner'), township, past))?.people ?? [];
	for (const seat of seats)
		await play('planner', 'meeting.seat', seat.id, { meeting: past, present: true });
	await play('planner', 'meeting.seat', newId(), {
		meeting: past,
		person: person('王村干'),
		part: 'attending',
		present: true
	});
	await play('planner', 'meeting.open', past, {});
	await play('planner', 'meeting.show', past, { topic: river });
	const decide = (topicId: string, what: Omit<Payload<'decision.make'>, 'meeting' | 'topic'>) =>
		play('planner', 'decision.make', newId(), { meeting: past, topic: topicId, ...what });
	await decide(river, {
		text: '一周内清完河滩漂浮物，打捞上岸的当天运走',
		as: 'task',
		category: 'WATER',
		village_id: villages[0]?.id ?? null,
		lead: person('李网格'),
		lead_unit: '白马村',
		helpers: '水利站',
		due_on: day(5),
		done_means: '河滩五百米内看不到漂浮物'
	});
	await decide(river, {
		text: '镇里配两条打捞船，明确由谁管护',
		as: 'task',
		lead_unit: '水利站',
		due_on: day(20),
		done_means: '船到位，管护人写进协议',
		ask: '请区水利局解决船只经费'
	});
	await play('planner', 'meeting.show', past, { topic: sign });
	await decide(sign, {
		text: '两处入口标牌按景区村庄标准做好',
		...(project ? { as: 'project', thing: project.id } : { as: 'task' }),
		lead_unit: '文旅办',
		due_on: day(14),
		done_means: '标牌装好，中英文没有错字'
	});
	await play('planner', 'meeting.close', past, { read: 3 });
	await play('planner', 'topic.edit', river, {
		heard: '会议听取了白马村关于河道垃圾清理情况的汇报',
		considered: '汛后河滩垃圾群众反映强烈，要先清存量、再管长效'
	});
	await play('planner', 'meeting.issue', past, {});

	const next = await meeting('下一步产业谋划和环境整治调度会（演示）', '', day(0), [
		await topic(
			'产业方案比选',
			'产业办',
			'两个方案，钱和地不一样，请会议定一个。',
			scheme ? [{ kind: 'scheme', id: scheme.id }] : tea ? [{ kind: 'plan', id: tea.id }] : [],
			'mayor'
		),
		await topic('沟渠清淤怎么排先后', '白马村', '五条沟，先清哪条。', place(2)),
		await topic(
			'茶叶加工厂用地',
			'产业办',
			'地块边上有基本农田，怎么避开。',
			tea ? [{ kind: 'plan', id: tea.id }] : [],
			'mayor'
		)
	]);
	await play('planner', 'meeting.seat', newId(), {
		meeting: next,
		name: '区农业农村局（演示）',
		part: 'attending'
	});
	await play('village', 'topic.propose', newId(), {
		title: '村口停车场扩建（待审核）',
		unit: '云台村',
		note: '节假日停不下。'
	});
}
