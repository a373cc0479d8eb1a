import { readProjects } from '$lib/data/projects';
import { readVillages } from '$lib/data/wallmap';
import { newId } from '$lib/domain/op';
import type { Stage } from './demo-projects';

/** Invented: an instruction of the district that was answered, and one that waits for a reply. */
export async function playOfficials({ township, db, play, day }: Stage): Promise<void> {
	const [projects, villages] = await Promise.all([
		readProjects(db('planner'), township),
		readVillages(db('planner'), township)
	]);
	const project = projects?.projects.at(-1);
	if (project) {
		const id = newId();
		await play('observer', 'instruction.leave', id, {
			what: 'instruction',
			kind: 'project',
			on: project.id,
			text: '厕所和导览是必达项，春节前要能用。',
			due_on: day(5)
		});
		await play('planner', 'instruction.reply', id, {
			text: '厕所主体已完工，导览牌本周安装，月底前请区文旅局来看。'
		});
	}
	const village = villages.at(-1);
	if (village)
		await play('observer', 'instruction.leave', newId(), {
			what: 'instruction',
			kind: 'place',
			on: village.id,
			text: '元旦前把河滩漂浮物清完，报一次现场核查结果。',
			due_on: day(7)
		});
}
