import { describe, expect, it } from 'vitest';
import { readOp, newOp } from '$lib/domain/op';
import type { PlanRecord } from '$lib/domain/plan';
import { recordBack, recordChanges, recordForm } from './record';

const plan = {
	title: '茶叶加工厂',
	code: '',
	category: '加工',
	nature: '',
	content: '',
	bounds: '',
	invest: 1200.5,
	spent: null,
	land: null,
	floorArea: null,
	output: null,
	tax: null,
	income: null,
	jobs: 12,
	jobsIndirect: null,
	households: null,
	people: null,
	mechanism: '',
	party: '',
	unit: '',
	leader: '',
	patron: '',
	officer: '',
	promoter: '',
	team: '',
	landClass: '',
	plannedUse: '',
	ownership: '',
	supply: '',
	quota: ''
} as unknown as PlanRecord;

describe('the record of a plan', () => {
	it('sends only what was changed, as the op takes it', () => {
		const form = {
			...recordForm(plan),
			invest: '１，300.25',
			jobs: '',
			nature: 'new',
			leader: ' 周 '
		};
		const { edit, wrong } = recordChanges(plan, form);
		expect(wrong).toEqual([]);
		expect(edit).toEqual({ invest: 1300.25, jobs: null, nature: 'new', leader: '周' });
		const id = '01a20af5-64f7-70b8-8ecb-b8107e65aa23';
		expect(readOp(newOp('plan.edit', id, id, edit, 1))).not.toHaveProperty('problems');
		expect(recordBack(plan, edit)).toEqual({ invest: 1200.5, jobs: 12, nature: '', leader: '' });
	});
	it('changes nothing untouched, and names what is no number', () => {
		expect(recordChanges(plan, recordForm(plan))).toEqual({ edit: {}, wrong: [] });
		const form = { ...recordForm(plan), title: '  ', tax: '很多', jobs: '1.5' };
		expect(recordChanges(plan, form).wrong.sort()).toEqual(['jobs', 'tax', 'title']);
	});
});
