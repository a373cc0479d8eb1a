import type { Column, LayerKind, Meaning, Value } from './draft';
import type { RawLayer, RawRow } from './raw';
import { meaningOf } from './ledger/headings';

const hazard = /滑坡|崩塌|隐患|斜坡|泥石流|塌陷|地裂缝|危岩|hazard/i;
const village = /(村|社区|居委会|村委会)$/;
const township = /(镇|乡|街道|办事处)$/;
const group = /(\d|[一二三四五六七八九十])组$|小组$|屯$/;

/** What each column is about; people's own answers go before ours. */
export function columnsOf(layer: RawLayer, told: Record<string, Meaning | ''> = {}): Column[] {
	const columns = layer.columns.map((name) => ({
		name,
		meaning: Object.hasOwn(told, name) ? told[name] || null : meaningOf(name)
	}));
	// Attributes may be called anything: a column whose values are mostly names of places is the name.
	if (!layer.table && !columns.some((c) => c.meaning === 'name' || c.meaning === 'village')) {
		const found = columns.find((c) => {
			if (c.meaning || Object.hasOwn(told, c.name)) return false;
			const texts = layer.rows.slice(0, 200).map((r) => r.values[c.name]);
			const names = texts.filter(
				(t) => typeof t === 'string' && (village.test(t) || township.test(t) || group.test(t))
			);
			return names.length > 0 && names.length >= texts.length * 0.6;
		});
		if (found) found.meaning = 'name';
	}
	return columns;
}

export type KindGuess = { kind: LayerKind; why: string };

/** What a layer is, from its headings, its shapes and its names (never from one of them alone if it can help it). */
export function guessKind(layer: RawLayer, columns: Column[], file: string): KindGuess {
	const means = new Set(columns.map((c) => c.meaning).filter(Boolean));
	const has = (...m: Meaning[]) => m.some((x) => means.has(x));
	const label = `${file} ${layer.name} ${layer.table?.title.join(' ') ?? ''}`;
	const types = shapesOf(layer.rows);
	const names = valuesOf(layer, columns, ['name', 'village', 'town', 'place']);
	const share = (pattern: RegExp) =>
		names.filter((n) => pattern.test(n)).length / Math.max(1, names.length);
	if (types.area > 0 && types.area >= types.all / 2)
		return ofAreas(layer, columns, label, share, has);
	if (layer.table || types.all === 0) {
		if (has('target_grade', 'unit_name')) return { kind: 'projects', why: 'headings' };
		if (has('project') && has('invest', 'land', 'nature', 'content', 'spent', 'party'))
			return { kind: 'plans', why: 'headings' };
		if (has('title')) return { kind: 'tasks', why: 'headings' };
		if (has('project')) return { kind: 'plans', why: 'headings' };
		if (share(hazard) >= 0.5 || (has('type') && hazard.test(label)))
			return { kind: 'hazards', why: 'names' };
		if (has('name', 'village') && has('code', 'people', 'households') && share(village) >= 0.5)
			return { kind: has('group') ? 'groups' : 'villages', why: 'headings' };
		if (has('group', 'village') && has('people', 'households'))
			return { kind: has('group') ? 'groups' : 'villages', why: 'headings' };
		return { kind: 'other', why: 'nothing_known' };
	}
	if (types.point >= types.all / 2) {
		if (share(hazard) >= 0.5 || hazard.test(layer.name))
			return { kind: 'hazards', why: share(hazard) >= 0.5 ? 'names' : 'layer_name' };
		if (has('title')) return { kind: 'tasks', why: 'headings' };
		if (has('target_grade', 'unit_name')) return { kind: 'projects', why: 'headings' };
		if (hazard.test(label)) return { kind: 'hazards', why: 'file_name' };
		if (/问题|台账|整治|整改/.test(label)) return { kind: 'tasks', why: 'file_name' };
	}
	return { kind: 'other', why: 'nothing_known' };
}

function ofAreas(
	layer: RawLayer,
	columns: Column[],
	label: string,
	share: (p: RegExp) => number,
	has: (...m: Meaning[]) => boolean
): KindGuess {
	const levels = valuesOf(layer, columns, ['level']);
	const level = (p: RegExp) => levels.length > 0 && levels.every((l) => p.test(l));
	if (level(/village|^村/i)) return { kind: 'villages', why: 'level' };
	if (level(/group|组/i)) return { kind: 'groups', why: 'level' };
	const count = layer.rows.length;
	if (count === 1 && (level(/town|乡|镇/i) || share(township) === 1))
		return { kind: 'outline', why: level(/town|乡|镇/i) ? 'level' : 'names' };
	if (has('project', 'invest', 'nature')) return { kind: 'plans', why: 'headings' };
	if (has('target_grade', 'unit_name')) return { kind: 'projects', why: 'headings' };
	if (share(group) >= 0.5) return { kind: 'groups', why: 'names' };
	if (share(village) >= 0.5) return { kind: 'villages', why: 'names' };
	if (count <= 3 && /镇界|乡界|镇域|乡域|镇范围|乡镇界|outline|township/i.test(label))
		return { kind: 'outline', why: 'file_name' };
	if (/组界|组边界|groups?\b/i.test(label)) return { kind: 'groups', why: 'file_name' };
	if (/村界|村边界|行政村|村域|villages?\b/i.test(label))
		return { kind: 'villages', why: 'file_name' };
	if (/规划|项目|地块|用地|产业|选址|谋划|plans?\b/i.test(label))
		return { kind: 'plans', why: 'file_name' };
	return { kind: 'other', why: 'nothing_known' };
}

function valuesOf(layer: RawLayer, columns: Column[], meanings: Meaning[]): string[] {
	const column = meanings.map((m) => columns.find((c) => c.meaning === m)).find(Boolean);
	if (!column) return [];
	return layer.rows
		.slice(0, 500)
		.map((r): Value => r.values[column.name] ?? null)
		.filter((v): v is string => typeof v === 'string')
		.map((v) => v.trim());
}

/** How many rows have an area, a line, a point. */
function shapesOf(rows: RawRow[]) {
	const count = { area: 0, line: 0, point: 0, all: 0 };
	const kind = (g: unknown): 'area' | 'line' | 'point' => {
		const type = String((g as { type?: unknown }).type);
		if (type === 'GeometryCollection') {
			const inner = (g as { geometries?: unknown }).geometries;
			const kinds = Array.isArray(inner)
				? inner
						.filter((x) => x && typeof x === 'object')
						.slice(0, 20)
						.map((x) => String(x.type))
				: [];
			return kinds.some((k) => /Polygon/.test(k))
				? 'area'
				: kinds.some((k) => /Line/.test(k))
					? 'line'
					: 'point';
		}
		return /Polygon/.test(type) ? 'area' : /Line/.test(type) ? 'line' : 'point';
	};
	for (const r of rows) {
		if (!r.geometry || typeof r.geometry !== 'object') continue;
		count[kind(r.geometry)]++;
		count.all++;
	}
	return count;
}
