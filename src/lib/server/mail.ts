import { env } from '$env/dynamic/private';
import { createTransport } from 'nodemailer';

export type Mail = {
	to: string;
	subject: string;
	text: string;
	/** The same for every try of one letter, so that a mail program shows it once. */
	id: string;
	files: { name: string; type: string; bytes: Uint8Array }[];
};
export type Send = (mail: Mail) => Promise<void>;

/** Nothing is sent anywhere unless both are set: XT_SMTP (smtp://user:password@host:587) and XT_MAIL_FROM. */
export const mailIsOn = (): boolean => Boolean(env.XT_SMTP && env.XT_MAIL_FROM);

/** Sends through the server of the environment; throws what `whyNotSent` puts into a few letters. */
export const mailer = (url = env.XT_SMTP, from = env.XT_MAIL_FROM): Send => {
	if (!url || !from) throw new Error('XT_SMTP and XT_MAIL_FROM are not set');
	const transport = createTransport(url, {
		from,
		// The text is ours; nothing is read from files or addresses that stand in it.
		disableFileAccess: true,
		disableUrlAccess: true
	});
	return async ({ to, subject, text, id, files }) => {
		await transport.sendMail({
			to: { name: '', address: to },
			subject,
			text,
			messageId: `<${id}@${from.replace(/^.*@|>$/g, '') || 'xiangtu.invalid'}>`,
			headers: { 'Auto-Submitted': 'auto-generated' },
			attachments: files.map((f) => ({
				filename: f.name,
				contentType: f.type,
				content: Buffer.from(f.bytes)
			}))
		});
	};
};

/** A few letters for the page and the log, without addresses or passwords: EAUTH 535, ECONNECTION. */
export function whyNotSent(error: unknown): string {
	const { code, responseCode } = (error ?? {}) as { code?: unknown; responseCode?: unknown };
	return [code, responseCode].filter(Boolean).join(' ').slice(0, 60) || 'unknown';
}
