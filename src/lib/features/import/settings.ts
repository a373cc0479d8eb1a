import type { FileSettings, LayerSettings, Settings } from '$lib/geo/draft';

/** One more answer to a guess; earlier answers stay. */
export const withFile = (s: Settings, name: string, answer: FileSettings): Settings => ({
	...s,
	files: { ...s.files, [name]: { ...own(s.files, name), ...answer } }
});

export const withLayer = (s: Settings, id: string, answer: LayerSettings): Settings => {
	const before = own(s.layers, id);
	const columns = answer.columns && { columns: { ...before?.columns, ...answer.columns } };
	return { ...s, layers: { ...s.layers, [id]: { ...before, ...answer, ...columns } } };
};

const own = <T>(record: Record<string, T> | undefined, key: string): T | undefined =>
	record && Object.hasOwn(record, key) ? record[key] : undefined;
