/** Days as somebody types them, one a line: "2027-01-01 元旦". */
export type NamedDay = { day: string; name: string };
export type DayProblem = { kind: 'line'; line: string } | { kind: 'year'; day: string };

const full = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?\s*(.*)$/;

export function readDays(text: string, year: number): { days: NamedDay[]; problems: DayProblem[] } {
	const days = new Map<string, NamedDay>();
	const problems: DayProblem[] = [];
	for (const raw of text.split(/\r?\n/)) {
		const line = raw.normalize('NFKC').trim();
		if (!line) continue;
		const [, y, mo, d, name = ''] = full.exec(line) ?? [];
		const day = y ? `${y}-${mo!.padStart(2, '0')}-${d!.padStart(2, '0')}` : '';
		const real = day && new Date(`${day}T00:00:00Z`);
		if (!real || Number.isNaN(real.getTime()) || real.toISOString().slice(0, 10) !== day)
			problems.push({ kind: 'line', line: line.slice(0, 40) });
		else if (Number(y) !== year) problems.push({ kind: 'year', day });
		else days.set(day, { day, name: name.trim().slice(0, 40) });
	}
	return { days: [...days.values()].sort((a, b) => a.day.localeCompare(b.day)), problems };
}

export const writeDays = (days: readonly NamedDay[]): string =>
	days.map((d) => `${d.day} ${d.name}`.trim()).join('\n');
