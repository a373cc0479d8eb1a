import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createClient } from '@supabase/supabase-js';
import ws from 'ws';
import { acceptInvitation, createTownship, invite, openSession } from '$lib/data/accounts';
import { Failure, type Db } from '$lib/data/client';
import { applyImport } from '$lib/data/imports';
import { applyOp } from '$lib/data/ops';
import type { ImportRow } from '$lib/domain/import';
import { newId, newOp, type Op, type OpKind, type Payload } from '$lib/domain/op';
import type { Role } from '$lib/domain/place';
import { toRows } from '$lib/geo/rows';
import type { Gateway } from './backend';
import { playMeetings } from './demo-meetings';
import { playOfficials } from './demo-officials';
import { demoPhoto, type Scene } from './demo-photos';
import { playNotices } from './demo-notices';
import { playPlans } from './demo-plans';
import { playProjects, type Stage } from './demo-projects';
import { linkSecret } from './link-secret';
import { readInProcess } from './reader/read';
import { toEmail } from './email';
import { tell } from './tell';
import { chinaDay } from '$lib/domain/day';

/** Only ever set in a data folder made as a demo. */
export const demoPassword = 'yunxi-demo-2026';

type Player = {
	login: string;
	name: string;
	role: Role;
	zh: string;
	at: 'district' | 'township' | string;
};

export const demoCast: Player[] = [
	{
		login: 'planner',
		name: '周书记',
		role: 'planner',
		zh: '镇党委书记（谋划、交办、验收）',
		at: 'township'
	},
	{ login: 'mayor', name: '吴镇长', role: 'planner', zh: '镇长', at: 'township' },
	{
		login: 'inspector',
		name: '孙核查',
		role: 'inspector',
		zh: '督查组（现场核查）',
		at: 'township'
	},
	{ login: 'field', name: '李网格', role: 'field', zh: '白马村网格员', at: '白马村' },
	{ login: 'village', name: '王村干', role: 'field', zh: '云台村村干部', at: '云台村' },
	{ login: 'contact', name: '陈包村', role: 'contact', zh: '新桥村包村干部', at: '新桥村' },
	{
		login: 'assessor',
		name: '郑评定',
		role: 'inspector',
		zh: '区文旅局评定组（县级评定）',
		at: 'district'
	},
	{ login: 'observer', name: '钱区长', role: 'observer', zh: '区级领导（只看）', at: 'district' },
	{ login: 'auditor', name: '吕审计', role: 'auditor', zh: '镇纪委（审计）', at: 'township' },
	{ login: 'admin', name: '赵管理', role: 'admin', zh: '区管理员（账号）', at: 'district' }
];

const folder = () => path.resolve('supabase/seed/demo');
const written = '2026-11-23';
const dayMs = 86_400_000;
const isoDay = (ms: number) => new Date(ms).toISOString().slice(0, 10);

/** Moves the demo's days so that it always looks like a township at work today. */
function shiftDays(data: Record<string, unknown>, by: number): Record<string, unknown> {
	return Object.fromEntries(
		Object.entries(data).map(([key, value]) => [
			key,
			key.endsWith('_on') && typeof value === 'string'
				? isoDay(Date.parse(value) + by * dayMs)
				: value
		])
	);
}

/** `due_in: -3` becomes `due_on:` three days before today. */
function daysFromNow(step: Record<string, unknown>, today: number): Record<string, unknown> {
	return Object.fromEntries(
		Object.entries(step).map(([key, value]) =>
			key.endsWith('_in')
				? [key.replace(/_in$/, '_on'), isoDay(today + Number(value) * dayMs)]
				: [key, value]
		)
	);
}

async function signIn({ url, publishableKey, fetch }: Gateway, login: string): Promise<Db> {
	const db = createClient(url, publishableKey, {
		auth: { persistSession: false, autoRefreshToken: false },
		global: fetch ? { fetch } : {},
		realtime: { transport: ws as never }
	});
	const { error } = await db.auth.signInWithPassword({
		email: toEmail(login),
		password: demoPassword
	});
	if (error) throw new Failure('demo_sign_in', error.message);
	return db;
}

/** Makes the demo township: accounts by invitation, places and ledger by import, the latest work by ops. */
export async function makeDemo(gateway: Gateway): Promise<void> {
	const step = (name: string, fraction: number) =>
		tell('progress', { step: `demo_${name}`, fraction });
	const today = Date.parse(chinaDay());
	const sql = gateway.embedded!.sql;

	step('accounts', 0);
	const users = new Map<string, string>();
	for (const p of demoCast)
		users.set(p.login, await gateway.createUser(toEmail(p.login), demoPassword, p.name));
	const [made] = await sql<{ id: string }[]>`select private.first_administrator(
		${users.get('admin')!}, 'admin', '赵管理', '示例区', true) as id`;
	const district = made!.id;
	const admin = await signIn(gateway, 'admin');
	await openSession(admin, 'demo');
	const township = newId();
	await createTownship(admin, {
		id: township,
		name: '云溪镇',
		code: '420325110',
		district_id: district
	});

	const places = new Map<string, string>([
		['district', district],
		['township', township]
	]);
	const join = async (p: Player): Promise<Db> => {
		const { secret, sha256 } = linkSecret();
		await invite(admin, {
			id: newId(),
			place_id: places.get(p.at)!,
			role: p.role,
			person_name: p.name,
			sha256
		});
		const db = await signIn(gateway, p.login);
		await acceptInvitation(db, secret, p.login);
		await openSession(db, 'demo');
		return db;
	};

	const people = new Map<string, Db>();
	people.set('planner', await join(demoCast[0]!));
	const planner = people.get('planner')!;

	step('files', 0.3);
	const names = ['outline.geojson', 'villages_gbk.zip', 'hazards.kml', 'ledger.xlsx'];
	const files = await Promise.all(
		names.map(async (name) => ({
			name,
			bytes: new Uint8Array(await readFile(path.join(folder(), name)))
		}))
	);
	const draft = await readInProcess(files);
	const rows = toRows(draft).map((row) => ({
		...row,
		data: shiftDays(row.data, Math.round((today - Date.parse(written)) / dayMs))
	}));
	const things = JSON.parse(await readFile(path.join(folder(), 'things.json'), 'utf8')) as {
		rows: ImportRow[];
	};
	for (const row of things.rows) {
		const steps = (row.data.steps as Record<string, unknown>[]).map((s) => daysFromNow(s, today));
		rows.push({ ...row, data: { ...row.data, steps } });
	}

	step('import', 0.5);
	await gateway.relaxed(60_000, () =>
		applyImport(planner, {
			import_id: newId(),
			township_id: township,
			title: '演示数据',
			files: draft.files.map((f) => ({
				name: f.name,
				size: f.bytes,
				sha256: f.sha256,
				format: f.format,
				guesses: []
			})),
			rows
		})
	);
	const villages = await planner
		.from('places')
		.select('id, name')
		.eq('township_id', township)
		.eq('level', 'village');
	for (const v of villages.data ?? []) places.set(v.name, v.id);

	step('people', 0.7);
	for (const p of demoCast) {
		if (p.login !== 'planner' && p.login !== 'admin') people.set(p.login, await join(p));
	}
	const db = (login: string) => people.get(login)!;
	const persons = await db('planner').from('persons').select('id, name');
	const person = (name: string): string => persons.data!.find((p) => p.name === name)!.id;
	const play = async <K extends OpKind>(
		login: string,
		kind: K,
		target: string,
		payload: Payload<K>
	): Promise<void> => {
		const outcome = await applyOp(db(login), newOp(kind, township, target, payload) as Op);
		if (outcome.outcome !== 'applied')
			throw new Failure('demo_op', `${kind} ${outcome.reason ?? ''} ${outcome.detail ?? ''}`);
	};
	const day = (n: number) => isoDay(today + n * dayMs);
	step('work', 0.8);
	await work({ township, db, play, day, person }, places);
	step('projects', 0.9);
	await playProjects({ township, db, play, day, person });
	await playPlans({ township, db, play, day, person });
	await playMeetings({ township, db, play, day, person });
	await playOfficials({ township, db, play, day, person });
	await playNotices({ township, db, play, day, person });
	step('ready', 1);
}

/** The last days' work, done in the program by different people: hand over, wait, do, prove. */
async function work(
	{ township, db, play, day, person }: Stage,
	places: Map<string, string>
): Promise<void> {
	const open = async (village: string, count: number): Promise<string[]> => {
		const page = await db('planner').rpc('task_page', {
			p_township: township,
			p_village: places.get(village),
			p_state: 'said',
			p_limit: count
		});
		return ((page.data ?? []) as { id: string }[]).map((t) => t.id);
	};
	const plan: [string, string, string, Scene, Payload<'task.edit'>][] = [
		['白马村', 'field', '李网格', 'river', { category: 'WATER', title: '河滩漂浮垃圾' }],
		['云台村', 'village', '王村干', 'yard', { category: 'HEAP', title: '房前屋后乱堆' }],
		['新桥村', 'contact', '陈包村', 'ditch', { category: 'WATER', title: '沟渠堵塞' }]
	];
	for (const [village, login, name, scene, seen] of plan) {
		const ids = await open(village, 4);
		for (const [n, id] of ids.entries()) {
			await play('mayor', 'step.say', id, { answers: person(name), due_on: day(5 + n) });
			if (n === 0) await play(login, 'step.do', id, { note: '已清理' });
			if (n === 1) {
				await play('mayor', 'task.edit', id, seen);
				const before = await demoPhoto(scene, 'before', township, person('吴镇长'));
				await play('mayor', 'step.photo', id, { role: 'before', photos: [before] });
				const after = await demoPhoto(scene, 'after', township, person(name));
				await play(login, 'step.do', id, { photos: [after] });
				await play('inspector', 'step.prove', id, { how: 'on_site' });
			}
			if (n === 2)
				await play(login, 'step.block', id, {
					blocker: village === '云台村' ? 'approval' : 'money',
					who: village === '云台村' ? '区自然资源局 用地科' : '镇财政所',
					since: day(-9 - n),
					note: village === '云台村' ? '拆除审批未批复' : '采购手续未批复'
				});
		}
	}
}
