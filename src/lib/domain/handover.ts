/** How far the writing of a hand-over file is, and what came of it. */
export type HandoverJob = {
	step: 'tables' | 'files' | 'done';
	fraction: number;
	/** Why it ended without a file. */
	failed: string | null;
	made: {
		bytes: number;
		sha256: string;
		rows: number;
		tables: number;
		files: number;
		/** Files that a row names and that could not be read. */
		missing: string[];
	} | null;
	name: string;
};
