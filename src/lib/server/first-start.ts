import type { Gateway } from './backend';
import { demoCast, demoPassword, makeDemo } from './demo';
import { toEmail } from './email';
import { RefusedStart } from './engine/guard';
import { intoBackend } from './handover/backend';
import { HandoverRefused } from './handover/refusal';
import { restoreTownship } from './handover/restore';
import { passwordForPaper } from './passphrase';
import { tell } from './tell';

let demo = false;

/** The demo's sign-ins, for its own sign-in page; empty in a real data folder. */
export function demoSignIns(): { login: string; name: string; role: string; password: string }[] {
	return demo
		? demoCast.map(({ login, name, role }) => ({ login, name, role, password: demoPassword }))
		: [];
}

/**
 * What a new data folder gets: what a hand-over file holds, or the demo township with its people, or nothing; where
 * nobody can sign in yet, one administrator with a generated password that is shown once. A folder that has
 * accounts is left alone. Throws `RefusedStart` where a file is not opened.
 */
export async function prepare(
	gateway: Gateway,
	wish: { demo: boolean; restore?: { file: string; passphrase: string | null } | undefined }
): Promise<void> {
	const sql = gateway.embedded!.sql;
	if (wish.restore) await restore(gateway, wish.restore);
	const [district] = await sql<{ demo: boolean }[]>`
		select demo from public.places where level = 'district' order by created_at limit 1`;
	const [account] = await sql`select from public.accounts limit 1`;
	if (district && account) {
		// The demo's own people, not those of a demo that was handed over.
		const [player] = await sql`select from public.accounts where login = ${demoCast[0]!.login}`;
		demo = district.demo && Boolean(player);
	} else if (!district && wish.demo) {
		await makeDemo(gateway);
		demo = true;
	} else {
		const password = passwordForPaper();
		// Of a start that was ended here: nobody ever had its password.
		await sql`delete from auth.users where email = ${toEmail('admin')}`;
		const userId = await gateway.createUser(toEmail('admin'), password, '管理员');
		if (district) await sql`select private.restored_administrator(${userId}, 'admin', '管理员')`;
		else await sql`select private.first_administrator(${userId}, 'admin', '管理员', '本区', false)`;
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

async function restore(
	{ embedded }: Gateway,
	{ file, passphrase }: { file: string; passphrase: string | null }
): Promise<void> {
	try {
		const { township, rows, files } = await restoreTownship(
			intoBackend(embedded!),
			file,
			passphrase,
			(step, fraction) => tell('progress', { step: `restore_${step}`, fraction })
		);
		tell('banner', [
			`已恢复 ${township.name}：${rows} 行，${files} 个文件；人员需重新邀请 / restored: ${rows} rows, ${files} files; invite the people anew`
		]);
	} catch (error) {
		if (error instanceof HandoverRefused) throw new RefusedStart(error.message);
		const { code } = error as { code?: string };
		if (code === 'ENOENT') throw new RefusedStart(`找不到文件 / no such file: ${file}`);
		throw error;
	}
}
