import { standardSchema, type Standard } from './standard';
import attraction from './templates/gbt17775-2003.json';
import wuhan from './templates/wuhan.json';
import zhejiang from './templates/zhejiang-2017.json';

/** A table to start from: what is official in it and what is not, its `faithfulness` says (domain.md A.3). */
export type Template = {
	key: string;
	name: string;
	english: string;
	edition: string;
	body: Standard;
};

/** 样板，非官方, all of them. */
export const templates: Template[] = [
	{
		key: 'zhejiang-2017',
		name: '浙江省A级景区村庄服务质量等级评价（样板）',
		english: 'Zhejiang A-level scenic village rating (template)',
		edition: '2017样板',
		body: standardSchema.parse(zhejiang)
	},
	{
		key: 'wuhan',
		name: '武汉市旅游名村创建评定规范（大项样板）',
		english: 'Wuhan tourism village rating (template, sections only)',
		edition: '样板',
		body: standardSchema.parse(wuhan)
	},
	{
		key: 'gbt17775-2003',
		name: 'GB/T 17775-2003 细则一（大项样板，已被GB/T 17775-2024代替）',
		english: 'GB/T 17775-2003 rule one (template, sections only; replaced by GB/T 17775-2024)',
		edition: '2003样板',
		body: standardSchema.parse(attraction)
	}
];
