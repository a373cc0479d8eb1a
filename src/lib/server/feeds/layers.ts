import type { FeedFeature, FeedLayer } from '$lib/domain/feed';
import { taskKinds, type TaskKind } from '$lib/domain/task';

/** Feeds speak the office's language, whatever the reader's. */
const titles: Record<string, string> = {
	villages: '村',
	tasks: '环境整治任务',
	scenic_units: '景区村单元',
	projects: '景区村创建项目',
	plans: '产业项目',
	parcels: '产业项目地块'
};
const texts: Record<string, string> = {
	villages: '村界与三类工作的计划、说了、干了、成了、受阻、超期数。村界仅作示意，不作划界依据。',
	tasks: '有位置的整治任务。said、done、proven 三件事分别记录；时间为发现之日到成了之日。',
	scenic_units: '景区村单元的范围或点位。',
	projects: '景区村创建项目，位置取其景区村单元；节点分别按计划、说了、干了、成了计数。',
	plans: '产业项目的范围；节点分别按计划、说了、干了、成了计数。不含业主及联系人。',
	parcels: '产业项目的地块，附来源坐标系与取得方式。'
};

export const layerTitle = (layer: FeedLayer): string => titles[layer.id] ?? layer.name;
export const layerText = (layer: FeedLayer): string =>
	texts[layer.id] ?? '约束图层：类别、等级与管控要求，以提供单位的原始数据为准。';

/** With the word for a task's category beside its code. */
export const named = (layer: string, features: FeedFeature[]): FeedFeature[] =>
	layer !== 'tasks'
		? features
		: features.map((f) => ({
				...f,
				properties: {
					...f.properties,
					category_name: taskKinds[f.properties.category as TaskKind]?.zh ?? ''
				}
			}));
