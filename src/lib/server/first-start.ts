import { randomInt } from 'node:crypto';
import type { Gateway } from './backend';
import { demoCast, demoPassword, makeDemo } from './demo';
import { toEmail } from './email';
import { tell } from './tell';

let demo = false;

/** The demo's sign-ins, for its own sign-in page; empty in a real data folder. */
export function demoSignIns(): { login: string; name: string; role: string; password: string }[] {
	return demo
		? demoCast.map(({ login, name, role }) => ({ login, name, role, password: demoPassword }))
		: [];
}

/** A password to be typed once from paper: no look-alike characters, 71 bits. */
function passwordForPaper(): string {
	const letters = 'abcdefghjkmnpqrstuvwxyz23456789';
	return Array.from(
		{ length: 15 },
		(_, i) => (i % 5 === 0 && i ? '-' : '') + letters[randomInt(letters.length)]
	).join('');
}

/**
 * What a new data folder gets: the demo township with its people, or one administrator with a generated
 * password that is shown once. A folder that has accounts is left alone.
 */
export async function prepare(gateway: Gateway, wish: { demo: boolean }): Promise<void> {
	const sql = gateway.embedded!.sql;
	const [district] = await sql<{ demo: boolean }[]>`
		select demo from public.places where level = 'district' order by created_at limit 1`;
	if (district) {
		demo = district.demo;
	} else if (wish.demo) {
		await makeDemo(gateway);
		demo = true;
	} else {
		const password = passwordForPaper();
		const userId = await gateway.createUser(toEmail('admin'), password, '管理员');
		await sql`select private.first_administrator(${userId}, 'admin', '管理员', '本区', false)`;
		tell('banner', [
			'第一次启动：管理员账号 admin，密码只显示这一次，请抄下 / First start: account admin, password shown once:',
			`    ${password}`
		]);
	}
	if (demo) {
		tell('banner', [
			'演示数据（均为虚构）。登录账号 / Demo data (invented). Sign-ins:',
			...demoCast.map((p) => `    ${p.login.padEnd(10)} ${demoPassword}    ${p.name} ${p.zh}`)
		]);
	}
}
