/** Limits of an import (security.md 3.7). One place, so that a refusal and its test say the same number. */
export const limits = {
	/** Bytes of one file, and of all files of one import together. */
	bytes: 50 * 1024 * 1024,
	files: 200,
	zipEntries: 200,
	/** Bytes inflated in one import, counted while inflating: the declared size lies. */
	inflated: 300 * 1024 * 1024,
	/** Inflated ÷ packed bytes; judged from the first megabyte on, because a short table of spaces packs better. */
	ratio: 100,
	ratioFrom: 1024 * 1024,
	nameLength: 255,
	features: 50_000,
	vertices: 500_000,
	ring: 20_000,
	/** Geometry collections inside geometry collections. */
	depth: 4,
	/** Brackets inside brackets of a JSON text or elements inside elements of an XML text. */
	nesting: 64,
	rows: 50_000,
	columns: 200,
	/** Cells with a value in one import. */
	cells: 2_000_000,
	/** Characters of one text; what is longer is cut and said so. */
	text: 2_000,
	/** Characters of all texts of a draft, which has to pass between processes. */
	allText: 40_000_000,
	layers: 100,
	problems: 2_000,
	/** Kilometres that anything may lie outside the township before it is doubted. */
	far: 5
} as const;

/** Characters that the database allows in the fields of a thing (the check constraints say the same). */
export const fieldLimits = {
	name: 80,
	title: 200,
	unit: 80,
	answers: 40,
	type: 40,
	party: 120,
	content: 2000,
	hazard: 120,
	groupName: 80,
	placeText: 200,
	note: 2000,
	fix: 500,
	code: 20,
	category: 40,
	stage: 80
} as const;
