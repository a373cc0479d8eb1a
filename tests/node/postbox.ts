/** A mail server of a few lines: keeps what it is given, and refuses as told. */
import { createServer, type Server } from 'node:net';

export type Postbox = {
	url: string;
	/** Raw messages as they came. */
	mails: { to: string; raw: string }[];
	/** The answer to the next recipients: 250 takes them. */
	answer: number;
	close: () => Promise<void>;
};

export async function openPostbox(): Promise<Postbox> {
	const box: Postbox = { url: '', mails: [], answer: 250, close: async () => undefined };
	const server: Server = createServer((socket) => {
		let text = '';
		let to = '';
		let data = false;
		const say = (line: string) => socket.write(`${line}\r\n`);
		say('220 loopback');
		socket.on('error', () => undefined);
		socket.on('data', (chunk) => {
			text += chunk.toString('latin1');
			for (;;) {
				const end = text.indexOf(data ? '\r\n.\r\n' : '\r\n');
				if (end < 0) return;
				const part = text.slice(0, end);
				text = text.slice(end + (data ? 5 : 2));
				if (data) {
					box.mails.push({ to, raw: part });
					data = false;
					say('250 kept');
				} else if (/^EHLO/i.test(part)) say('250 loopback');
				else if (/^RCPT/i.test(part)) {
					to = /<(.*?)>/.exec(part)![1]!;
					say(`${box.answer} ${box.answer === 250 ? 'ok' : 'try later'}`);
				} else if (/^DATA/i.test(part)) {
					data = true;
					say('354 go on');
				} else if (/^QUIT/i.test(part)) {
					say('221 bye');
					socket.end();
				} else say('250 ok');
			}
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
	const { port } = server.address() as { port: number };
	box.url = `smtp://127.0.0.1:${port}`;
	box.close = () => new Promise((resolve) => server.close(() => resolve()));
	return box;
}
