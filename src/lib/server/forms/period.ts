const day = /^\d{4}-\d{2}-\d{2}$/;

/** The days a form is about, from an address: by default this month until today; never the future. */
export function periodOf(query: URLSearchParams, today: string): { from: string; to: string } {
	const asked = (key: string) => {
		const value = query.get(key) ?? '';
		return day.test(value) && !Number.isNaN(Date.parse(value)) ? value : null;
	};
	const until = asked('to');
	const to = until && until < today ? until : today;
	const since = asked('from');
	return { from: since && since <= to ? since : `${to.slice(0, 8)}01`, to };
}
