import type { TaskLine, TaskType } from '$lib/domain/tasks';
import { daysBetween, taskKindWord } from '$lib/features/things/words';
import { shortDay } from '$lib/features/wallmap/words';
import * as m from '$lib/i18n/paraglide/messages';
import { getLocale } from '$lib/i18n/paraglide/runtime';

/** What this township calls a problem type. */
export const typeWord = (types: readonly TaskType[], code: string): string =>
	types.find((t) => t.code === code)?.name || taskKindWord(code);

export const lineTitle = (line: TaskLine, types: readonly TaskType[]): string =>
	line.title || typeWord(types, line.category);

/** Late, due soon, or when: in words, never by colour alone. */
export function dueWord(line: Pick<TaskLine, 'dueOn' | 'state'>, today: string): string {
	if (!line.dueOn) return m.tasks_due_none();
	const days = daysBetween(today, line.dueOn);
	const day = shortDay(line.dueOn);
	if (line.state !== 'said') return day;
	if (days < 0) return m.tasks_due_late({ day, days: -days });
	if (days === 0) return m.tasks_due_today({ day });
	return days <= 3 ? m.tasks_due_soon({ day, days }) : day;
}

export const isLate = (line: Pick<TaskLine, 'dueOn' | 'state'>, today: string): boolean =>
	line.state === 'said' && line.dueOn !== null && line.dueOn < today;

/** 交办〔2026〕3号; in English 2026/3. */
export const sheetNumber = (sheet: { year: number; no: number }, word: string): string =>
	getLocale() === 'en' ? `${sheet.year}/${sheet.no}` : `${word}〔${sheet.year}〕${sheet.no}号`;
