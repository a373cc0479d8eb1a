import type { FiledScore, FiledStandard } from '$lib/domain/projectfile';

export const zhDay = (iso: string): string => {
	const [y, m, d] = iso.split('-').map(Number);
	return `${y}年${m}月${d}日`;
};
/** For tables: 2026.11.3, or a stroke. */
export const shortDay = (iso: string | null): string =>
	iso ? iso.split('-').map(Number).join('.') : '—';

/** 432 and 7.5, never 7.50. */
export const points = (n: number | null | undefined): string =>
	n === null || n === undefined ? '—' : String(Math.round(n * 100) / 100);

export const scoreWord = (score: FiledScore | undefined): string =>
	score?.na ? '不适用' : points(score?.points);

export const gradeWord = (body: FiledStandard['body'], grade: string | null): string =>
	body.grades.find((g) => g.grade === grade)?.zh ?? grade ?? '';

/** 一 to 九十九: as many headings as a paper has. */
export const zhNumber = (n: number): string => {
	const digits = ['', ...'一二三四五六七八九'];
	return (n >= 20 ? digits[Math.floor(n / 10)]! : '') + (n >= 10 ? '十' : '') + digits[n % 10]!;
};

export const templateMark = '样板，非官方';
