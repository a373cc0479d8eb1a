import type { Finding } from './sharelint';
import type { ShareKind, ShareOptions } from './shared';

/** Links to pages without an account: `https://host/s/{public id}#{secret}` (security.md 3.11). */
export const shareDays = { least: 1, most: 180, choices: [7, 30, 90, 180] } as const;
/** Wrong ones: after each ten nothing opens for a quarter of an hour, after fifty the link is taken back. */
export const passcodeRules = { least: 6, most: 32, lockEach: 10, revokeAt: 50 } as const;

export type ShareLook = {
	at: string;
	what: 'opened' | 'wrong' | 'locked' | 'revoked';
	/** Readers are numbered for each link; null: it did not open. */
	reader: number | null;
	device: string;
};

/** A link as its owner sees it. The secret is shown once, when it is made. */
export type Share = {
	id: string;
	publicId: string;
	kind: ShareKind;
	subjectId: string;
	title: string;
	options: ShareOptions;
	live: boolean;
	answers: boolean;
	/** The photo a preview card may show. */
	picture: string | null;
	passcode: boolean;
	findings: Finding[];
	/** Photos that somebody looked at before they left. */
	looked: string[];
	expiresAt: string;
	revokedAt: string | null;
	revokedWhy: 'owner' | 'passcode' | null;
	note: string;
	failed: number;
	lockedUntil: string | null;
	opened: number;
	readers: number;
	lastOpenedAt: string | null;
	undoneAt: string | null;
	madeBy: string;
	madeByName: string;
	madeAt: string;
	/** False too where whoever made it no longer plans here. */
	open: boolean;
	version: number;
	looks: ShareLook[];
};
export type SharesPage = { now: string; shares: Share[] };

export const standings = ['open', 'locked', 'ended', 'revoked', 'guessed', 'left'] as const;
export type ShareStanding = (typeof standings)[number];

/** How a link stands, for its owner. */
export function standingOf(s: Share, now: string): ShareStanding {
	if (s.revokedWhy === 'passcode') return 'guessed';
	if (s.revokedAt) return 'revoked';
	if (Date.parse(s.expiresAt) <= Date.parse(now)) return 'ended';
	if (!s.open) return 'left';
	return s.lockedUntil ? 'locked' : 'open';
}

const secret = /^[A-Za-z0-9_-]{43}$/;
export const isPublicId = (text: string): boolean => /^[a-z2-9]{10}$/.test(text);

/** The 43 characters out of a whole link that was pasted, or out of the bare code; null where there are none. */
export function secretOf(text: string): string | null {
	const bare = text.trim();
	const after = bare.slice(bare.lastIndexOf('#') + 1).match(/^[A-Za-z0-9_-]+/)?.[0] ?? '';
	return secret.test(after) ? after : null;
}

/** The kind of device in words of our own: what a browser says of itself is not kept. */
export function deviceOf(userAgent: string): string {
	const inside = /MicroMessenger/i.test(userAgent)
		? 'wechat'
		: /DingTalk/i.test(userAgent)
			? 'dingtalk'
			: 'browser';
	const phone = /Mobile|Android|iPhone|HarmonyOS/i.test(userAgent);
	return `${inside} ${phone ? 'phone' : 'computer'}`;
}

/** Six digits without a rhythm. */
export function newPasscode(): string {
	for (;;) {
		const n = crypto.getRandomValues(new Uint32Array(1))[0]!;
		const code = String(n % 1_000_000).padStart(6, '0');
		// 2³² is not a multiple of a million: the rest would come more often.
		if (n < 4_294_000_000 && new Set(code).size > 2) return code;
	}
}
