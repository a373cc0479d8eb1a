import { Refused } from '../problems';
import { columnsOf } from './create-table';

/**
 * As much of SQLite's file format as a GeoPackage needs (sqlite.org/fileformat2.html): rows of ordinary
 * tables, read page by page. Nothing is executed, every page is visited once, so a damaged file ends.
 */
export type Cell = string | number | Uint8Array | null;
export type SqlTable = {
	name: string;
	columns: string[];
	root: number;
	sql: string;
	rowid: number;
};

export const isSqlite = (b: Uint8Array): boolean =>
	b.length >= 100 && new TextDecoder('latin1').decode(b.subarray(0, 15)) === 'SQLite format 3';

const broken = (page?: number) => new Refused('gpkg_broken', { page: page ?? null });

export class Sqlite {
	private readonly view: DataView;
	private readonly size: number;
	private readonly usable: number;
	private readonly decoder: TextDecoder;
	/** Bytes that may still be visited: every page belongs to one table, so four times the file is plenty. */
	private left: number;
	readonly tables: SqlTable[] = [];

	constructor(private readonly bytes: Uint8Array) {
		this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
		const size = this.view.getUint16(16);
		this.size = size === 1 ? 65_536 : size;
		this.usable = this.size - this.view.getUint8(20);
		if (this.size < 512 || (this.size & (this.size - 1)) !== 0 || this.usable < 480) throw broken();
		this.left = bytes.length * 4;
		const encoding = this.view.getUint32(56);
		this.decoder = new TextDecoder(
			encoding === 2 ? 'utf-16le' : encoding === 3 ? 'utf-16be' : 'utf-8'
		);
		for (const [, [type, name, , root, sql]] of this.rows(1)) {
			if (type !== 'table' || typeof name !== 'string' || typeof root !== 'number') continue;
			if (typeof sql !== 'string' || !root) continue;
			const parsed = columnsOf(sql);
			this.tables.push({ name, root, sql, ...parsed });
			if (this.tables.length > 2000) throw broken();
		}
	}

	/** Rows of a table by column name; a key that is the row's number is filled in. */
	*read(table: SqlTable): Generator<Map<string, Cell>> {
		if (/\bwithout\s+rowid\b/i.test(table.sql))
			throw new Refused('gpkg_table', { name: table.name });
		for (const [rowid, cells] of this.rows(table.root)) {
			const row = new Map<string, Cell>();
			table.columns.forEach((c, i) => row.set(c, cells[i] ?? (i === table.rowid ? rowid : null)));
			yield row;
		}
	}

	table(name: string): SqlTable | undefined {
		return this.tables.find((t) => t.name.toLowerCase() === name.toLowerCase());
	}

	private *rows(root: number): Generator<[number, Cell[]]> {
		const seen = new Set<number>();
		const stack = [root];
		while (stack.length) {
			const page = stack.pop()!;
			if (seen.has(page)) throw broken(page);
			seen.add(page);
			const start = this.pageAt(page);
			const head = start + (page === 1 ? 100 : 0);
			const type = this.view.getUint8(head);
			const count = this.view.getUint16(head + 3);
			if (type === 5) {
				if (12 + count * 2 > this.usable) throw broken(page);
				stack.push(this.view.getUint32(head + 8));
				for (let i = count - 1; i >= 0; i--) {
					const cell = start + this.view.getUint16(head + 12 + i * 2);
					if (cell + 4 > start + this.size) throw broken(page);
					stack.push(this.view.getUint32(cell));
				}
			} else if (type === 13) {
				if (8 + count * 2 > this.usable) throw broken(page);
				for (let i = 0; i < count; i++) {
					const cell = this.view.getUint16(head + 8 + i * 2);
					yield this.leaf(page, start, cell);
				}
			} else throw broken(page);
		}
	}

	private pageAt(page: number): number {
		this.left -= this.size;
		if (this.left < 0) throw broken(page);
		const start = (page - 1) * this.size;
		if (page < 1 || start + this.size > this.bytes.length) throw broken(page);
		return start;
	}

	private leaf(page: number, start: number, offset: number): [number, Cell[]] {
		if (offset < 8 || offset >= this.usable) throw broken(page);
		const end = start + this.usable;
		const [length, a] = this.varint(start + offset, end);
		const [rowid, b] = this.varint(a, end);
		const payload = this.payload(page, b, length, end);
		return [rowid, this.record(payload, page)];
	}

	/** The bytes of a row: what is in its page, and what overflowed into a chain of others. */
	private payload(page: number, at: number, length: number, end: number): Uint8Array {
		if (length > this.bytes.length) throw broken(page);
		const most = this.usable - 35;
		if (length <= most) {
			if (at + length > end) throw broken(page);
			return this.bytes.subarray(at, at + length);
		}
		const least = Math.floor(((this.usable - 12) * 32) / 255) - 23;
		const keep = least + ((length - least) % (this.usable - 4));
		const local = keep <= most ? keep : least;
		if (at + local + 4 > end) throw broken(page);
		const out = new Uint8Array(length);
		out.set(this.bytes.subarray(at, at + local));
		let filled = local;
		let next = this.view.getUint32(at + local);
		// Each page brings bytes, so a ring of pages ends with the length.
		while (filled < length) {
			const start = this.pageAt(next);
			const piece = Math.min(length - filled, this.usable - 4);
			out.set(this.bytes.subarray(start + 4, start + 4 + piece), filled);
			filled += piece;
			next = this.view.getUint32(start);
		}
		return out;
	}

	private record(p: Uint8Array, page: number): Cell[] {
		const view = new DataView(p.buffer, p.byteOffset, p.byteLength);
		const [headSize, first] = varintOf(p, 0, p.length, page);
		if (headSize > p.length) throw broken(page);
		const cells: Cell[] = [];
		let at = first;
		let body = headSize;
		while (at < headSize) {
			const [type, next] = varintOf(p, at, headSize, page);
			at = next;
			const size = sizeOf(type);
			if (body + size > p.length || cells.length > 2000) throw broken(page);
			cells.push(this.value(type, view, p.subarray(body, body + size), body));
			body += size;
		}
		return cells;
	}

	private value(type: number, view: DataView, bytes: Uint8Array, at: number): Cell {
		if (type === 0) return null;
		if (type === 7) return view.getFloat64(at);
		if (type === 8 || type === 9) return type - 8;
		if (type === 6) return Number(view.getBigInt64(at));
		if (type < 6) {
			let n = view.getInt8(at);
			for (let i = 1; i < bytes.length; i++) n = n * 256 + bytes[i]!;
			return n;
		}
		return type % 2 ? this.decoder.decode(bytes) : bytes;
	}

	private varint(at: number, end: number): [number, number] {
		return varintOf(this.bytes, at, end, 0);
	}
}

const sizeOf = (type: number): number =>
	type >= 12 ? Math.floor((type - 12) / 2) : ([0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0][type] ?? 0);

/** Seven bits a byte, the ninth whole. Beyond 2⁵³ digits are lost, which no length may reach. */
function varintOf(b: Uint8Array, at: number, end: number, page: number): [number, number] {
	let value = 0;
	for (let i = 0; i < 9; i++) {
		if (at + i >= end) throw broken(page);
		const byte = b[at + i]!;
		if (i === 8) return [value * 256 + byte, at + 9];
		value = value * 128 + (byte & 127);
		if (byte < 128) return [value, at + i + 1];
	}
	throw broken(page);
}
