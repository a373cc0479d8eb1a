/** Names of the columns in a CREATE TABLE, and which of them is the row's number (-1: none). */
export function columnsOf(sql: string): { columns: string[]; rowid: number } {
	const body = sql.slice(sql.indexOf('(') + 1, 100_000);
	const columns: string[] = [];
	let rowid = -1;
	for (const part of partsOf(body)) {
		const m = /^\s*(?:"((?:[^"]|"")*)"|`([^`]*)`|\[([^\]]*)\]|'([^']*)'|([^\s(,)]+))(.*)$/s.exec(
			part
		);
		if (!m) continue;
		const quoted = m[1] ?? m[2] ?? m[3] ?? m[4];
		const name = quoted?.replaceAll('""', '"') ?? m[5]!;
		if (quoted === undefined && /^(constraint|primary|unique|check|foreign)$/i.test(name)) continue;
		if (/^\s*integer\b.*\bprimary\s+key\b/is.test(m[6]!)) rowid = columns.length;
		columns.push(name);
	}
	return { columns, rowid };
}

/** The parts between commas that stand in no bracket and in no quotes, up to the closing bracket. */
function* partsOf(body: string): Generator<string> {
	let depth = 0;
	let from = 0;
	for (let i = 0; i < body.length; i++) {
		const c = body[i]!;
		if (c === '"' || c === "'" || c === '`' || c === '[') {
			const end = body.indexOf(c === '[' ? ']' : c, i + 1);
			i = end < 0 ? body.length : end;
		} else if (c === '(') depth++;
		else if (c === ')' && --depth < 0) {
			yield body.slice(from, i);
			return;
		} else if (c === ',' && depth === 0) {
			yield body.slice(from, i);
			from = i + 1;
		}
	}
}
