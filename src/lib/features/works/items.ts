import type { ProjectPage } from '$lib/domain/project';
import { standardSchema } from '$lib/domain/standard';

/** Codes of the project's standard; null where none is chosen or it cannot be read. */
export function codesOf(page: Pick<ProjectPage, 'standard'>): Set<string> | null {
	const read = standardSchema.safeParse(page.standard?.body);
	return read.success
		? new Set(read.data.sections.flatMap((s) => s.items.map((item) => item.code)))
		: null;
}

/** `3.1，3.2` → ['3.1', '3.2'], each once. */
export const readCodes = (typed: string): string[] => [
	...new Set(
		typed
			.normalize('NFKC')
			.split(/[\s,;、]+/)
			.filter(Boolean)
	)
];
