/**
 * One event, one line, and nothing in it that opens anything or calls anybody (security.md K-07): telephone and ID
 * numbers, tokens, keys and the secrets of links are blotted wherever they turn up, in messages and stacks too.
 */
const blots: [RegExp, string][] = [
	[/eyJ[\w-]{8,}\.[\w-]{8,}(\.[\w-]*)?/g, '‹token›'],
	[/sb_(secret|publishable)_[\w-]+/g, '‹key›'],
	[/(?<![\w-])(?=[\w-]*[A-Z])(?=[\w-]*[a-z])(?=[\w-]*\d)[\w-]{40,}(?![\w-])/g, '‹secret›'],
	[/(?<![\da-fA-F])(?:\d[- ]?){10,18}[\dXx](?![\da-fA-F])/g, '‹number›'],
	[/(?<![\da-fA-F-])0\d{2,3}[- ]?\d{7,8}(?![\da-fA-F-])/g, '‹number›']
];

export const blotted = (text: string): string =>
	blots.reduce((t, [pattern, word]) => t.replace(pattern, word), text);

export function logLine(what: Record<string, unknown>): void {
	console.error(
		JSON.stringify(what, (_, value: unknown) =>
			typeof value === 'string' ? blotted(value) : value
		).replace(/[\u0085\u2028\u2029]/g, ' ')
	);
}
