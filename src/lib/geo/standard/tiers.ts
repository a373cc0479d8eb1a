import type { Rule } from '$lib/domain/standard';

/**
 * Tiers as provinces write them: '4分/3分/1分', '优10分、良8分', '有专线得4分；有公交得3分；其他1分', a line
 * each with ①②③. Null where a part names no points or several.
 */
export function foreignTiers(text: string): Rule | null {
	for (const parting of [/\n/, /[;；]/, /\//, /[、,，]/]) {
		const parts = text
			.split(parting)
			.map((p) => p.replace(/^[\s①-⑳]*(?:[(（]?\d{1,2}[)）、]|[A-F][.、．])?\s*/, '').trim())
			.filter(Boolean);
		if (parts.length < 2 || parts.length > 20) continue;
		const bare = parts.every((p) => /^\d+(\.\d+)?$/.test(p.normalize('NFKC')));
		const options = parts.map((p) => optionOf(p, bare));
		if (options.every((o) => o !== null)) return { type: 'tiered', options };
	}
	return null;
}

function optionOf(part: string, bare: boolean): { points: number; zh: string } | null {
	const plain = part.normalize('NFKC');
	if (bare) return { points: Number(plain), zh: '' };
	if ((plain.match(/\d+(?:\.\d+)?\s*分/g) ?? []).length !== 1) return notScored(plain);
	const m =
		/^(\d+(?:\.\d+)?)\s*分\s*[:：=]?\s*(.*)$/.exec(plain) ??
		/^()(.*?)[:：,，]?\s*(?:得|给|计|记)?\s*(\d+(?:\.\d+)?)\s*分[。.]?$/.exec(plain);
	if (!m) return null;
	// What an office writes after a number of points is not a rule of its own.
	const said = m[2]!.trim();
	if (/^[每扣]|扣$|最[多高低]/.test(said)) return null;
	return { points: Number(m[1] || m[3]), zh: said };
}
const notScored = (part: string) => {
	const m = /^(.*?)[,，]?(?:的)?不(?:得|给|计)分[。.]?$/.exec(part);
	return m ? { points: 0, zh: m[1]!.trim() } : null;
};
