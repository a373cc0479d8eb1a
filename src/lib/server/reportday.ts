/** The day in China, as the database counts it. */
export const chinaDay = (): string =>
	new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
