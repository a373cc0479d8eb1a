import { readNotices } from '$lib/data/publicnotices';
import { newId } from '$lib/domain/op';
import type { Stage } from './demo-projects';

/** Invented: the running notice of a grading with a telephone objection, and a list that was taken down. */
export async function playNotices({ township, db, play, day }: Stage): Promise<void> {
	const office = {
		unit: '云溪镇文旅办（演示）',
		phone: '0719-0000000',
		address: '镇政府二楼205室'
	};
	const page = await readNotices(db('planner'), township);
	const projects = (page?.projects ?? []).map((p) => p.id);
	if (projects.length) {
		const id = newId();
		await play('mayor', 'notice.create', id, {
			kind: 'project',
			title: `关于${day(0).slice(0, 4)}年拟评定A级景区村庄的公示（演示）`,
			body: '根据景区村庄评定有关规定，经村自评、乡镇初核、县级评定，现将拟评定的A级景区村庄予以公示，接受社会监督。',
			projects: projects.slice(0, 1),
			...office
		});
		await play('mayor', 'notice.publish', id, {});
		await play('village', 'notice.post', newId(), { notice: id, place: '云台村村务公开栏' });
		const objection = newId();
		await play('mayor', 'notice.receive', objection, {
			notice: id,
			via: 'phone',
			text: '来电反映停车场标牌与实际车位数不符。'
		});
		await play('planner', 'notice.answer', objection, {
			outcome: 'partly',
			answer: '已现场核对，标牌少写4个车位，三日内更换，不影响评定得分。'
		});
	}
	const list = newId();
	await play('mayor', 'notice.create', list, {
		kind: 'list',
		title: '农村户厕改造拟补助对象公示（演示）',
		body: '经村级初审、镇级复核，现将拟补助对象予以公示。以下姓名均为虚构。',
		columns: ['no', 'name', 'place', 'item', 'amount'],
		from_on: day(0),
		to_on: day(20),
		...office
	});
	const names = ['张示例', '王虚构', '李演示', '欧阳假名', '赵样本'];
	await play('mayor', 'notice.rows', list, {
		from: 1,
		total: names.length,
		rows: names.map((name, i) => ({
			no: String(i + 1),
			name,
			place: `白马村${i + 1}组`,
			item: '无害化卫生厕所',
			amount: '2000元'
		}))
	});
	await play('mayor', 'notice.publish', list, {});
	await play('mayor', 'notice.take_down', list, { note: '补助标准有调整，重新核定后再公示' });
}
