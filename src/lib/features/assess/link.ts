/** The same address with one question answered otherwise; null takes it out. */
export function withParam(url: URL, key: string, value: string | null): string {
	const next = new URL(url);
	if (value === null) next.searchParams.delete(key);
	else next.searchParams.set(key, value);
	return next.pathname + next.search;
}
