/** China keeps one clock, eight hours before UTC, and no summer time. */
const east = 8 * 3_600_000;
const aDay = 86_400_000;

/** What China's clock shows at a moment (ms since 1970): `2026-11-28T08:00:00.000`. */
export const chinaTime = (ms: number): string => new Date(ms + east).toISOString().slice(0, -1);

/** The day of a moment (ms since 1970) in China, as ISO date. */
export const chinaDayOf = (ms: number): string => chinaTime(ms).slice(0, 10);

/** The day in China so many days from today, as the database counts days. */
export const chinaDay = (days = 0): string => chinaDayOf(Date.now() + days * aDay);
