import { createContext } from 'svelte';
import type { Assessor, ProjectPage } from '$lib/domain/project';
import type { ScoreDraft } from './draft.svelte';

/** What every cell of the assessment table knows. */
export type Table = {
	readonly page: ProjectPage;
	/** The columns of the standard, in its order. */
	readonly sides: readonly Assessor[];
	/** The column to be filled here and now. */
	readonly own: Assessor | null;
	readonly draft: ScoreDraft | null;
	/** Codes that this person scored for another side. */
	readonly taken: ReadonlySet<string>;
	sideWord(side: Assessor): string;
	/** Shows the history of an item. */
	open(code: string): void;
	/** Shows the evidence of an item, or gives some. */
	evidence(code: string): void;
};
export const [getTable, setTable] = createContext<Table>();
