import { randomInt } from 'node:crypto';

/** Words to be typed once from paper: no look-alike characters, 71 bits. */
export function passwordForPaper(): string {
	const letters = 'abcdefghjkmnpqrstuvwxyz23456789';
	return Array.from(
		{ length: 15 },
		(_, i) => (i % 5 === 0 && i ? '-' : '') + letters[randomInt(letters.length)]
	).join('');
}
