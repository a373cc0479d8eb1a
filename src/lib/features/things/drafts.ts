import type { Geometry, MultiPolygon, Point, Polygon } from 'geojson';
import { newId, newOp, readOp, type OpKind } from '$lib/domain/op';
import type { Thing } from '$lib/domain/thing';
import type { TaskKind } from '$lib/domain/task';

/** What a form holds while somebody types: texts, as typed. */
export type TaskForm = {
	kind: 'task';
	category: TaskKind | '';
	title: string;
	note: string;
	placeText: string;
	villageId: string;
	geometry: Point | null;
	method: 'device' | 'map' | 'photo' | null;
};
export type ProjectForm = {
	kind: 'project';
	title: string;
	unitName: string;
	presentGrade: '' | 'A' | 'AA' | 'AAA';
	targetGrade: 'A' | 'AA' | 'AAA';
	note: string;
	unit: string;
	villageId: string;
	geometry: Point | Polygon | MultiPolygon | null;
};
export type PlanForm = {
	kind: 'plan';
	title: string;
	category: string;
	content: string;
	party: string;
	unit: string;
	invest: string;
	spent: string;
	jobs: string;
	land: string;
	villageId: string;
	geometry: Polygon | MultiPolygon | null;
};
export type ThingForm = TaskForm | ProjectForm | PlanForm;

/** A step as it is being planned. */
export type StepForm = { id: string; title: string; due: string };

export type FormErrors = Record<string, FormError>;
export type FormError = 'needed' | 'number' | 'too_long' | 'too_big' | 'day' | 'geometry' | 'value';

export function emptyForm(kind: Thing['kind'], villageId = ''): ThingForm {
	const common = { title: '', villageId, geometry: null };
	switch (kind) {
		case 'task':
			return { kind, ...common, category: '', note: '', placeText: '', method: null };
		case 'project':
			return {
				kind,
				...common,
				unitName: '',
				presentGrade: '',
				targetGrade: 'A',
				note: '',
				unit: ''
			};
		case 'plan':
			return {
				kind,
				...common,
				category: '',
				content: '',
				party: '',
				unit: '',
				invest: '',
				spent: '',
				jobs: '',
				land: ''
			};
	}
}

export function formOf(thing: Thing): ThingForm {
	const villageId = thing.villageId ?? '';
	const text = (n: number | null) => (n === null ? '' : String(n));
	switch (thing.kind) {
		case 'task': {
			const { kind, title, note, placeText, geometry } = thing;
			return {
				kind,
				category: thing.category as TaskKind,
				title,
				note,
				placeText,
				villageId,
				geometry,
				method: null
			};
		}
		case 'project': {
			const { kind, title, unitName, presentGrade, targetGrade, note, unit, geometry } = thing;
			return { kind, title, unitName, presentGrade, targetGrade, note, unit, villageId, geometry };
		}
		case 'plan': {
			const { kind, title, category, content, party, unit, geometry } = thing;
			return {
				kind,
				title,
				category,
				content,
				party,
				unit,
				invest: text(thing.invest),
				spent: text(thing.spent),
				jobs: text(thing.jobs),
				land: text(thing.land),
				villageId,
				geometry
			};
		}
	}
}

/** '1,200.5' → 1200.5; '' → null; what is no number stays a text, which the schema refuses. */
const amount = (text: string): number | string | null => {
	const plain = text.normalize('NFKC').replaceAll(/[,\s]/g, '');
	if (plain === '') return null;
	return /^\d+(\.\d+)?$/.test(plain) ? Number(plain) : text;
};

/** The form's values as the op carries them. */
export function valuesOf(form: ThingForm): Record<string, unknown> {
	const village = { village_id: form.villageId || null, geometry: plainGeometry(form.geometry) };
	switch (form.kind) {
		case 'task':
			return {
				category: form.category,
				title: form.title.trim(),
				note: form.note.trim(),
				place_text: form.placeText.trim(),
				...village
			};
		case 'project':
			return {
				title: form.title.trim(),
				unit_name: form.unitName.trim(),
				present_grade: form.presentGrade,
				target_grade: form.targetGrade,
				note: form.note.trim(),
				unit: form.unit.trim(),
				...village
			};
		case 'plan':
			return {
				title: form.title.trim(),
				category: form.category,
				content: form.content.trim(),
				party: form.party.trim(),
				unit: form.unit.trim(),
				invest: amount(form.invest),
				spent: amount(form.spent),
				jobs: amount(form.jobs),
				land: amount(form.land),
				...village
			};
	}
}

/** Only what GeoJSON needs, two numbers a point: drawing tools may say more. */
export function plainGeometry(geometry: Geometry | null): Geometry | null {
	if (!geometry || !('coordinates' in geometry)) return null;
	const two = (c: unknown): unknown =>
		Array.isArray(c) && typeof c[0] === 'number'
			? c.slice(0, 2)
			: Array.isArray(c)
				? c.map(two)
				: c;
	return { type: geometry.type, coordinates: two(geometry.coordinates) } as Geometry;
}

/** For a new thing: empty fields say nothing, and a place on the map says the village. */
export function newPayload(
	form: ThingForm,
	steps: readonly StepForm[] = [],
	fallbackVillage: string | null = null
): Record<string, unknown> {
	const { village_id, ...rest } = valuesOf(form);
	const village = village_id ?? (form.geometry ? null : fallbackVillage);
	const payload = Object.fromEntries(
		Object.entries(rest).filter(([, value]) => value !== '' && value !== null)
	);
	if (village) payload.village_id = village;
	if (form.kind === 'task' && form.geometry) payload.method = form.method ?? 'map';
	return form.kind === 'task' ? payload : { ...payload, steps: stepsOf(steps) };
}

export const stepsOf = (steps: readonly StepForm[]) =>
	steps.map(({ id, title, due }) => ({ id, title: title.trim(), ...(due ? { due_on: due } : {}) }));

export const newStep = (title = ''): StepForm => ({ id: newId(), title, due: '' });

const numbers = new Set(['invest', 'spent', 'jobs', 'land']);

/** Where a payload does not fit the schema, by its first key (or `steps.2`), before anything is sent. */
export function errorsOf(kind: OpKind, payload: Record<string, unknown>): FormErrors {
	const anyId = '0192f1b0-0000-7000-8000-000000000000';
	const read = readOp(newOp(kind, anyId, anyId, payload as never));
	if (!('problems' in read)) return {};
	const errors: FormErrors = {};
	for (const { path, code } of read.problems) {
		const [first = '', second] = path.split('.');
		const key = first === 'steps' && second ? `steps.${second}` : first;
		errors[key] ??= errorOf(first, code, payload[first]);
	}
	return errors;
}

function errorOf(field: string, code: string, value: unknown): FormError {
	if (field === 'geometry') return 'geometry';
	if (value === undefined || value === '') return 'needed';
	if (numbers.has(field)) return code === 'too_big' ? 'too_big' : 'number';
	if (code === 'too_big') return 'too_long';
	if (code === 'too_small') return 'needed';
	return field.endsWith('_on') ? 'day' : field === 'steps' ? 'needed' : 'value';
}
