import { limits } from '../limits';
import { Refused } from '../problems';
import type { Source } from '../raw';

export type Entity = { type: string; line: number; pairs: [code: number, value: string][] };

/** The entities of the section ENTITIES; everything else is passed over. */
export function* entities(text: string, source: Source): Generator<Entity> {
	let section = '';
	let named = false;
	let now: Entity | null = null;
	let seen = source.budget.features;
	let ended: boolean | null = null;
	let last = 1;
	for (const [code, value, line] of pairs(text)) {
		last = line;
		if (code === 0) {
			if (now) yield now;
			now = null;
			named = value === 'SECTION';
			if (section === 'ENTITIES' && (value === 'ENDSEC' || value === 'EOF')) ended = true;
			if (value === 'ENDSEC' || value === 'EOF') section = '';
			else if (section === 'ENTITIES') {
				now = { type: value.slice(0, 30), line, pairs: [] };
				// Vertices of old polylines are entities too; they are counted as points.
				if (value !== 'VERTEX' && --seen < 0)
					throw new Refused('too_many_features', { limit: limits.features });
			}
		} else if (code === 2 && named) {
			section = value;
			named = false;
			if (value === 'ENTITIES') ended = false;
		} else if (now) {
			if (now.pairs.length > limits.vertices * 4)
				throw new Refused('too_many_vertices', { limit: limits.vertices });
			now.pairs.push([code, value]);
		}
	}
	// A file that breaks off in the middle would come in by half.
	if (!ended) throw new Refused('dxf_broken', { line: last });
}

/** Group code and value, two lines each. A code that is no number is where the file breaks. */
function* pairs(text: string): Generator<[code: number, value: string, line: number]> {
	let at = 0;
	let line = 0;
	const next = (): string | null => {
		if (at >= text.length) return null;
		const end = text.indexOf('\n', at);
		const stop = end < 0 ? text.length : end;
		const out = text.slice(at, stop).replace(/\r$/, '');
		at = stop + 1;
		line++;
		return out;
	};
	for (;;) {
		const code = next();
		if (code === null || (!code.trim() && at >= text.length)) return;
		const value = next();
		const trimmed = code.trim();
		if (!/^-?\d{1,4}$/.test(trimmed) || value === null) throw new Refused('dxf_broken', { line });
		yield [Number(trimmed), value.trim(), line - 1];
	}
}
