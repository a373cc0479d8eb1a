import { claimLetters, tellLetter, type Letter } from '$lib/data/reports';
import type { Report } from '$lib/domain/report';
import type { Db } from '$lib/data/client';
import { mailer, mailIsOn, whyNotSent, type Send } from './mail';
import type { Sheet } from './papers/print';
import { printReport } from './reportfile';
import { periodZh, reportZh } from './reportwords';

type Post = {
	/** Letters that are to be sent now, claimed for us alone. */
	claim: () => Promise<Letter[]>;
	tell: (letter: Letter, error: string | null) => Promise<void>;
	print: (report: Report) => Promise<Sheet[]>;
	send: Send;
	/** Where the program is reached: https://xiangtu.example.gov. */
	origin: string;
};

const types = {
	'.docx': 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
	'.pdf': 'application/pdf'
};

/** Sends what is due, a few letters at a time; what fails is told and tried again later. How many were sent. */
export async function deliver({ claim, tell, print, send, origin }: Post): Promise<number> {
	let sent = 0;
	for (;;) {
		const letters = await claim();
		if (!letters.length) return sent;
		for (const letter of letters) {
			const { report } = letter;
			const title = `${report.township.name}${reportZh(report)}`;
			try {
				const files = (await print(report)).flatMap((s) =>
					s.bytes
						? [
								{
									name: `${title}_${letter.from}${s.ending}`,
									type: types[s.ending],
									bytes: s.bytes
								}
							]
						: []
				);
				if (!files.length) throw Object.assign(new Error('not printed'), { code: 'EPRINT' });
				await send({
					to: letter.email,
					subject: `${title}（${periodZh(report)}）`,
					text: [
						`${title}，${periodZh(report)}，见附件。数字全部由图上的记录生成。`,
						`${origin}/t/${letter.townshipId}/reports?from=${letter.from}&to=${letter.to}`,
						'不想再收到，请在报表页面点“不再发送”。'
					].join('\n\n'),
					id: `report-${letter.townshipId}-${letter.personId}-${letter.from}`,
					files
				});
				await tell(letter, null);
				sent++;
			} catch (error) {
				await tell(letter, whyNotSent(error));
				console.error(
					JSON.stringify({ mail: 'not sent', why: whyNotSent(error), attempt: letter.attempt })
				);
			}
		}
	}
}

const every = 5 * 60_000;

/** Looks every five minutes. Several processes may: the database gives each letter to one of them. */
export function startPostman(admin: Db, origin: string): () => void {
	if (!mailIsOn()) return () => undefined;
	const send = mailer();
	let under = false;
	const look = async () => {
		if (under) return;
		under = true;
		try {
			await deliver({
				claim: () => claimLetters(admin),
				tell: (letter, error) => tellLetter(admin, letter, error),
				print: (report) => printReport(report, null, origin),
				send,
				origin
			});
		} catch (error) {
			console.error(JSON.stringify({ mail: 'not looked', why: whyNotSent(error) }));
		} finally {
			under = false;
		}
	};
	const first = setTimeout(() => void look(), 20_000);
	const clock = setInterval(() => void look(), every);
	first.unref();
	clock.unref();
	return () => {
		clearTimeout(first);
		clearInterval(clock);
	};
}
