import type { StuckLine } from '$lib/domain/account';

/** Lines by who must act; whoever holds up most comes first. */
export function byWho(lines: readonly StuckLine[]): { who: string; lines: StuckLine[] }[] {
	const groups = new Map<string, StuckLine[]>();
	for (const line of lines) groups.set(line.who, [...(groups.get(line.who) ?? []), line]);
	return [...groups]
		.map(([who, theirs]) => ({ who, lines: theirs }))
		.sort((a, b) => b.lines.length - a.lines.length || a.who.localeCompare(b.who, 'zh-CN'));
}
