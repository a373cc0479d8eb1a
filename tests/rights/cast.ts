/** The cast of supabase/tests/00_cast.sql with tokens of its own, and a township in which something happened. */
import { createHash, createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Backend } from '../../src/lib/server/engine/index';
import { makeAudit } from './work-edge';
import { makeOfficials } from './work-officials';
import { makeShares } from './work-shares';
import { makeNotice } from './work-notices';
import { makeFeeds } from './work-feeds';
import { workReports } from './work-reports';
import { makeForms } from './work-handover';
import { chinaDay } from '../../src/lib/domain/day';

export const personas = [
	'anon',
	'stranger',
	'loner',
	'off',
	'past',
	'finn',
	'wang',
	'lei',
	'pan',
	'ines',
	'adam',
	'aud',
	'olga',
	'nora',
	'otto'
] as const;
export type Persona = (typeof personas)[number];

/** tests.id() of the cast: md5 as a UUID. */
export function id(name: string): string {
	return createHash('md5')
		.update(`xiangtu:${name}`)
		.digest('hex')
		.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

export function mint(
	secret: string,
	claims: object,
	header: object = { alg: 'HS256', typ: 'JWT' }
): string {
	const body = `${part(header)}.${part(claims)}`;
	return `${body}.${createHmac('sha256', secret).update(body).digest('base64url')}`;
}

export const claimsOf = (name: string) => ({
	sub: id(name),
	role: 'authenticated',
	aud: 'authenticated',
	session_id: id(`session ${name}`),
	exp: Math.floor(Date.now() / 1000) + 3600
});

export type Answer = { status: number; body: unknown };
export type Ask = (
	who: Persona | { token: string },
	method: string,
	url: string,
	body?: unknown,
	headers?: Record<string, string>
) => Promise<Answer>;

/** Requests as they come from outside: through the front door, with the public key and the person's token. */
export function asker(backend: Backend, dataDir: string, origin: string): Ask {
	const { jwtSecret } = JSON.parse(readFileSync(path.join(dataDir, 'secrets.json'), 'utf8')) as {
		jwtSecret: string;
	};
	return async (who, method, url, body, headers = {}) => {
		const token =
			typeof who === 'object' ? who.token : who === 'anon' ? null : mint(jwtSecret, claimsOf(who));
		const response = await backend.handle(
			new Request(origin + url, {
				method,
				headers: {
					apikey: backend.publishableKey,
					...(token ? { authorization: `Bearer ${token}` } : {}),
					...(body === undefined ? {} : { 'content-type': 'application/json' }),
					...headers
				},
				...(body === undefined ? {} : { body: JSON.stringify(body) })
			}),
			'127.0.0.1'
		);
		const text = await response.text();
		let parsed: unknown = text;
		try {
			parsed = JSON.parse(text);
		} catch {
			// Not JSON: compared as text.
		}
		return { status: response.status, body: parsed };
	};
}

/** Something in every table of Yunxi, made by those who may. */
export async function makeWork(backend: Backend, ask: Ask): Promise<void> {
	const cast = readFileSync(path.resolve('supabase/tests/00_cast.sql'), 'utf8');
	await backend.sql.unsafe(cast);
	let n = 0;
	const op = async (who: Persona, kind: string, target: string, payload: object = {}) => {
		const { body } = await ask(who, 'POST', '/rest/v1/rpc/apply_op', {
			p_op: {
				op_id: id(`work ${n++}`),
				kind,
				township_id: id('yunxi'),
				target: id(target),
				payload
			}
		});
		if ((body as { outcome?: string }).outcome !== 'applied')
			throw new Error(`${who} ${kind}: ${JSON.stringify(body)}`);
	};
	const point = { type: 'Point', coordinates: [110.81, 32.61] };
	const area = {
		type: 'Polygon',
		coordinates: [
			[
				[110.801, 32.601],
				[110.803, 32.601],
				[110.803, 32.603],
				[110.801, 32.601]
			]
		]
	};
	await op('finn', 'task.create', 'a', { category: 'TRASH', title: '桥头', geometry: point });
	await op('pan', 'step.say', 'a', { answers: id('person finn') });
	await op('finn', 'step.do', 'a', { note: '清了' });
	await op('ines', 'step.prove', 'a', { how: 'on_site' });
	await op('finn', 'task.create', 'b', { category: 'RUIN', geometry: point });
	await op('finn', 'step.block', 'b', { blocker: 'land', who: '自然资源所' });
	await op('pan', 'step.say', 'b', { due_on: chinaDay(10) });
	await op('finn', 'step.ask', 'b', { to_day: chinaDay(30) });
	await op('pan', 'type.edit', 'yunxi', { code: 'RUIN', days: 45 });
	await op('finn', 'task.create', 'c', { category: 'TRASH', geometry: point });
	await op('pan', 'handover.create', 'handover', { tasks: [id('c')] });
	await op('ines', 'draw.create', 'draw', { size: 1 });
	await op('pan', 'draw.result', 'draw', { task: id('a'), ok: true });
	// What the server itself does after it measured a photo of Finn's.
	await backend.sql`select public.photo_put(${JSON.stringify({
		township_id: id('yunxi'),
		id: id('photo'),
		person: id('person finn'),
		sha256: 'a'.repeat(64),
		pixels_sha256: 'b'.repeat(64),
		hashes: ['00ff00ff00ff00ff'],
		format: 'jpeg',
		bytes: 1000,
		width: 40,
		height: 30,
		claims: { lon: 110.81, lat: 32.61 }
	})}::text::jsonb)`;
	await op('finn', 'step.photo', 'b', { photos: [id('photo')], role: 'before' });
	await op('ines', 'round.create', 'round', {
		title: '暗访',
		sheet: [{ code: 'TRASH', label: '垃圾', points: 5, perFinding: 1, category: 'TRASH' }],
		villages: [id('baima')]
	});
	await op('ines', 'finding.add', 'finding', {
		round: id('round'),
		village: id('baima'),
		item: 'TRASH'
	});
	await op('ines', 'round.visit', 'round', { village: id('baima') });
	await op('ines', 'round.finish', 'round');
	await op('pan', 'project.create', 'p', {
		title: '景区村',
		unit_id: id('unit'),
		unit_name: '水岸',
		target_grade: 'AA',
		village_id: id('baima'),
		geometry: point,
		steps: [{ id: id('p1'), title: '设计' }]
	});
	await makeProject(backend, op);
	await op('pan', 'plan.create', 'q', {
		title: '茶厂',
		geometry: area,
		steps: [{ id: id('q1'), title: '谋划' }]
	});
	await makePlan(ask, op);
	await makeMeeting(op);
	await makeShares(backend.sql, op);
	const order = await ask('pan', 'POST', '/rest/v1/rpc/import_apply', {
		p: {
			import_id: id('import'),
			township_id: id('yunxi'),
			title: '隐患',
			files: [{ name: 'h.kml', sha256: 'aa' }],
			rows: [
				{ kind: 'hazards', file: 'h.kml', line: 1, data: { name: '滑坡1号', geometry: point } }
			]
		}
	});
	if (order.status !== 200) throw new Error(JSON.stringify(order));
	const invited = await ask('adam', 'POST', '/rest/v1/rpc/invite', {
		p: {
			id: id('invitation'),
			place_id: id('baima'),
			role: 'field',
			person_name: '新人',
			sha256: 'ab'.repeat(32)
		}
	});
	if (invited.status !== 200) throw new Error(JSON.stringify(invited));
	await makeAudit(ask);
	await makeOfficials(op);
	await makeNotice(backend, op);
	await makeFeeds(op);
	await workReports(backend);
	await makeForms(op);
}

export type Play = (who: Persona, kind: string, target: string, payload?: object) => Promise<void>;

/** A standard, and in project `p` a row of everything that belongs to a project. */
async function makeProject(backend: Backend, op: Play): Promise<void> {
	const item = (code: string) => ({ code, zh: '项目', max: 10, evidence: { kinds: ['doc'] } });
	await op('pan', 'standard.create', 'standard', {
		name: '样板',
		body: {
			total: 20,
			grades: [{ grade: 'A', zh: 'A级', min: 10 }],
			assessors: [{ code: 'self' }, { code: 'county' }],
			vetoes: [{ code: 'V1', zh: '无事故' }],
			sections: [{ code: '1', zh: '交通', max: 20, items: [item('1.1'), item('1.2')] }]
		}
	});
	await op('pan', 'standard.publish', 'standard');
	await op('pan', 'calendar.set', 'yunxi', { year: 2026, off: [] });
	await op('pan', 'project.standard', 'p', { standard: id('standard') });
	await op('pan', 'project.move', 'p', { verb: 'start' });
	await op('pan', 'project.target', 'p', { items: [{ item: '1.1', points: 8 }] });
	await op('finn', 'project.score', 'p', {
		assessor: 'self',
		scores: [{ item: '1.1', value: { points: 7 } }]
	});
	await op('finn', 'feature.create', 'feature', {
		unit: id('unit'),
		kind: 'toilet',
		geometry: { type: 'Point', coordinates: [110.81, 32.61] }
	});
	// What the server itself does after it kept the bytes of Finn's document.
	await backend.sql`select public.document_put(${JSON.stringify({
		township_id: id('yunxi'),
		person: id('person finn'),
		sha256: 'e'.repeat(64),
		name: '方案.pdf',
		type: 'application/pdf',
		bytes: 1000
	})}::text::jsonb)`;
	await op('finn', 'exhibit.add', 'exhibit', {
		kind: 'document',
		title: '方案',
		sha256: 'e'.repeat(64),
		project: id('p'),
		cite: ['1.1']
	});
	await op('pan', 'work.create', 'work', {
		project: id('p'),
		title: '停车场',
		steps: [
			{ id: id('w1'), title: '设计', due_on: chinaDay(5) },
			{ id: id('w2'), title: '开工', due_on: chinaDay(20) }
		]
	});
	await op('pan', 'step.link', 'w2', { after: id('w1') });
	await op('pan', 'fund.create', 'fund', { project: id('p'), source: 'county', planned: 10 });
	await op('pan', 'grade.target', 'yunxi', { year: 2026, grade: 'AA', count: 1 });
}

/** A square of some 2 ha in Baima. */
export const square = {
	type: 'Polygon',
	coordinates: [
		[
			[110.804, 32.604],
			[110.8055, 32.604],
			[110.8055, 32.6055],
			[110.804, 32.6055],
			[110.804, 32.604]
		]
	]
};

/** Of plan `q` a row of everything that belongs to a plan, a layer with a shape, a check and a scenario with a move. */
async function makePlan(ask: Ask, op: Play): Promise<void> {
	await op('pan', 'plan.money', 'q', { rows: [{ source: 'county', year: 2026, planned: 10 }] });
	await op('pan', 'plan.contact', 'q', { name: '王示例' });
	await op('pan', 'threshold.set', 'yunxi', { metric: 'tax_per_mu', minimum: 3 });
	await op('pan', 'parcel.create', 'parcel', { plan: id('q'), geometry: square });
	await op('pan', 'layer.create', 'layer', { kind: 'farmland', name: '永久基本农田' });
	const put = await ask('pan', 'POST', '/rest/v1/rpc/layer_put', {
		p: {
			township_id: id('yunxi'),
			layer: id('layer'),
			load: id('load'),
			rows: [{ n: 1, geometry: square }]
		}
	});
	if (put.status !== 200) throw new Error(JSON.stringify(put));
	await op('pan', 'layer.switch', 'layer', { load: id('load'), count: 1 });
	await op('pan', 'check.run', 'check', { of: 'plan', id: id('q') });
	await op('pan', 'scheme.create', 'scheme', { title: '谋划', plans: [id('q')] });
	await op('pan', 'scenario.create', 'scenario', { scheme: id('scheme'), title: '甲' });
	await op('pan', 'scenario.move', 'scenario', {
		move: { type: 'figures', item: id('q'), set: { jobs: 3 } }
	});
}

/** A meeting in which finn has a seat, with a decision that was chased, a mark and a closed ballot. */
async function makeMeeting(op: Play): Promise<void> {
	const meeting = id('meeting');
	await op('finn', 'topic.propose', 'topic', { title: '河道垃圾' });
	await op('pan', 'topic.check', 'topic', { ok: true });
	await op('pan', 'meeting.create', 'meeting', {
		title: '例会',
		starts_at: '2026-11-24T09:00:00+08:00'
	});
	await op('pan', 'meeting.seat', 'seat', {
		meeting,
		person: id('person finn'),
		part: 'attending'
	});
	await op('pan', 'topic.edit', 'topic', { meeting });
	await op('pan', 'meeting.open', 'meeting', {});
	await op('pan', 'decision.make', 'decision', {
		meeting,
		topic: id('topic'),
		text: '清理沟渠',
		due_on: chinaDay(8),
		lead_unit: '白马村'
	});
	await op('pan', 'decision.chase', 'chase', { decision: id('decision') });
	await op('finn', 'mark.add', 'mark', { meeting, mark: 'note', text: '看这里' });
	await op('pan', 'ballot.open', 'ballot', {
		meeting,
		topic: id('topic'),
		ballot: 'number',
		question: '几天'
	});
	await op('finn', 'ballot.cast', 'ballot', { number: 3 });
	await op('pan', 'ballot.close', 'ballot', {});
}

/** A reviewed table: first column → the words of the second. */
export function reviewed(file: string): Map<string, string[]> {
	const lines = readFileSync(path.resolve('tests/rights', file), 'utf8')
		.trim()
		.split('\n')
		.slice(1);
	return new Map(
		lines.map((line) => {
			const [name = '', words = ''] = line.split(',');
			return [name, words.split(' ').filter(Boolean)];
		})
	);
}
