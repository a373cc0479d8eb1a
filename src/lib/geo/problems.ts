import { limits } from './limits';
import type { Problem, Severity } from './draft';

type Details = {
	layer?: string | null;
	line?: number | null;
	column?: string | null;
} & Record<string, string | number | null | undefined>;

/** A file that cannot be read on; the code has a message and the values fill it in. */
export class Refused extends Error {
	constructor(
		readonly code: string,
		readonly details: Details = {}
	) {
		super(code);
	}
}

/** Collects what was noticed. Keeps the first ones and counts the rest. */
export class Problems {
	readonly list: Problem[] = [];
	private more = 0;
	private readonly said = new Set<string>();

	add(severity: Severity, code: string, file: string, details: Details = {}): void {
		// Errors are always kept: a row that does not come in must be named.
		if (this.list.length >= limits.problems && severity !== 'error') this.more++;
		else if (this.list.length >= limits.problems * 2) this.more++;
		else {
			const { layer = null, line = null, column = null, ...rest } = details;
			const values: Problem['values'] = {};
			for (const [k, v] of Object.entries(rest)) if (v != null) values[k] = shorten(v);
			this.list.push({ severity, file, layer, line, column: column && clip(column), code, values });
		}
	}

	/** Adds a problem only the first time for this file and layer. */
	once(severity: Severity, code: string, file: string, details: Details = {}): void {
		const key = `${code}\n${file}\n${details.layer ?? ''}`;
		if (this.said.has(key)) return;
		this.said.add(key);
		this.add(severity, code, file, details);
	}

	finish(): Problem[] {
		if (this.more)
			this.list.push({
				severity: 'warning',
				file: '',
				layer: null,
				line: null,
				column: null,
				code: 'more_problems',
				values: { count: this.more }
			});
		return this.list;
	}
}

const shorten = (v: string | number): string | number => (typeof v === 'string' ? clip(v) : v);
const clip = (text: string): string => (text.length > 80 ? `${text.slice(0, 79)}…` : text);
