import { expect, test } from 'vitest';
import { newId } from '$lib/domain/op';
import type { Step, Task } from '$lib/domain/thing';
import {
	emptyForm,
	errorsOf,
	formOf,
	newPayload,
	newStep,
	plainGeometry,
	valuesOf
} from './drafts';
import { changes, fieldsOf, inverseOfEdit, inverseOfStep } from './inverse';

const village = newId();
const task: Task = {
	kind: 'task',
	id: newId(),
	version: 3,
	title: '桥头垃圾',
	villageId: village,
	village: '白马村',
	createdAt: '2026-11-01T00:00:00Z',
	createdBy: null,
	importId: null,
	unit: '',
	steps: [],
	history: [],
	category: 'TRASH',
	note: '',
	groupName: '',
	campaign: '',
	suggested: null,
	placeText: '',
	fix: '',
	method: null,
	geometry: null
};

test('a task needs a type and nothing else', () => {
	const form = emptyForm('task');
	expect(errorsOf('task.create', newPayload(form))).toEqual({ category: 'needed' });
	if (form.kind === 'task') form.category = 'BIN';
	expect(newPayload(form)).toEqual({ category: 'BIN' });
	expect(errorsOf('task.create', newPayload(form))).toEqual({});
});

test('the village comes from the map; without a place from where the person works', () => {
	const form = emptyForm('task');
	if (form.kind !== 'task') throw new Error();
	form.category = 'BIN';
	expect(newPayload(form, [], village).village_id).toBe(village);
	form.geometry = { type: 'Point', coordinates: [106, 30] };
	expect(newPayload(form, [], village)).toEqual({
		category: 'BIN',
		geometry: form.geometry,
		method: 'map'
	});
});

test('numbers are read as people write them and refused with a word', () => {
	const form = emptyForm('plan');
	if (form.kind !== 'plan') throw new Error();
	form.title = '冷库';
	form.invest = '1,200.5';
	form.jobs = '３０';
	expect(newPayload(form)).toMatchObject({ invest: 1200.5, jobs: 30 });
	form.invest = '约两千';
	form.jobs = '1.5';
	expect(errorsOf('plan.create', newPayload(form))).toEqual({ invest: 'number', jobs: 'number' });
});

test('a step without a title is found by its place', () => {
	const form = emptyForm('project');
	if (form.kind !== 'project') throw new Error();
	form.title = '创建';
	form.unitName = '云台山居';
	expect(errorsOf('project.create', newPayload(form, [newStep('设计'), newStep('')]))).toEqual({
		'steps.1': 'needed'
	});
});

test('heights drawn by a tool are left behind', () => {
	const drawn = { type: 'Point' as const, coordinates: [106, 30, 512] };
	expect(plainGeometry(drawn)).toEqual({ type: 'Point', coordinates: [106, 30] });
});

test('an edit sends only what differs, and its inverse puts that back', () => {
	const form = formOf(task);
	form.title = '桥头垃圾已清一半';
	const changed = changes(fieldsOf(task), valuesOf(form));
	expect(changed).toEqual({ title: '桥头垃圾已清一半' });
	expect(inverseOfEdit(task, changed)).toEqual({
		kind: 'task.edit',
		target: task.id,
		payload: { title: '桥头垃圾' }
	});
	expect(inverseOfEdit(task, { steps: [] })).toBeNull();
});

test('a way back is offered only where it truly leads back', () => {
	const today = '2026-11-23';
	const step = {
		id: newId(),
		state: 'said',
		answers: null,
		answersName: '李四',
		dueOn: '2026-12-01',
		blocker: null
	} as unknown as Step;
	expect(inverseOfStep('step.do', step, {}, today)?.kind).toBe('step.withdraw');
	expect(inverseOfStep('step.block', step, {}, today)?.kind).toBe('step.unblock');
	expect(inverseOfStep('step.prove', step, {}, today)).toBeNull();
	expect(inverseOfStep('step.say', step, { due_on: '2026-12-20' }, today)?.payload).toEqual({
		due_on: '2026-12-01'
	});
	// A name from paper, a day gone by and a closed blocker cannot be put back.
	expect(inverseOfStep('step.say', step, { answers: newId() }, today)).toBeNull();
	expect(
		inverseOfStep('step.say', { ...step, dueOn: '2026-11-01' }, { due_on: '2026-12-20' }, today)
	).toBeNull();
	expect(inverseOfStep('step.do', { ...step, blocker: {} } as Step, {}, today)).toBeNull();
});
