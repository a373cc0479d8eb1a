import type { HazardRow, PlaceRow, PlanRow, ProjectRow } from '../draft';
import type { RowReader } from './rowreader';

/** A place: of the outline, a village or a group. Null without a name. */
export function readPlace(
	r: RowReader,
	what: 'outline' | 'villages' | 'groups',
	fallback: string
): PlaceRow | null {
	const own = r.text('name', 'name');
	const name =
		what === 'villages'
			? r.village('village') || r.village('name')
			: what === 'groups'
				? r.text('group', 'name') || own
				: own || r.text('town', 'name') || fallback;
	if (!name) {
		r.problem('error', 'place_without_name', 'name');
		return null;
	}
	return {
		name,
		code: r.text('code', 'code').replace(/\.0$/, ''),
		people: r.count('people'),
		households: r.count('households'),
		villageName: what === 'groups' ? r.village() : ''
	};
}

const hazardTypes = /滑坡|崩塌|泥石流|不稳定斜坡|斜坡|地面塌陷|塌陷|地裂缝|山洪|危岩|落石|切坡/;

export function readHazard(r: RowReader, description: string): HazardRow | null {
	const name = r.text('name', 'hazard') || r.text('place', 'hazard') || r.text('title', 'hazard');
	if (!name) {
		r.problem('error', 'place_without_name', 'name');
		return null;
	}
	return {
		name,
		type:
			r.text('type', 'type') || r.text('category', 'type') || (hazardTypes.exec(name)?.[0] ?? ''),
		households: r.count('households'),
		note: r.text('note', 'note') || description
	};
}

export function readPlan(r: RowReader): PlanRow | null {
	const name = r.text('project', 'title') || r.text('name', 'title') || r.text('title', 'title');
	if (!name) {
		r.problem('error', 'plan_without_name', 'project');
		return null;
	}
	return {
		name,
		villageName: r.village(),
		category: r.text('category', 'category'),
		content: r.text('content', 'content'),
		party: r.text('party', 'party'),
		investWan: r.wan('invest'),
		spent: r.wan('spent'),
		landMu: r.mu('land'),
		jobs: r.count('jobs'),
		stage: r.text('stage', 'stage') || r.text('progress', 'stage'),
		unit: r.text('unit', 'unit'),
		answers: r.text('answers', 'answers') || r.text('leader', 'answers'),
		dueOn: r.day('due_on'),
		note: r.text('note', 'note')
	};
}

export function readProject(r: RowReader): ProjectRow | null {
	const unitName = r.text('unit_name', 'unit') || r.text('name', 'unit');
	const name = r.text('project', 'title') || unitName || r.text('title', 'title');
	if (!name) {
		r.problem('error', 'project_without_name', 'project');
		return null;
	}
	return {
		name,
		villageName: r.village(),
		unitName: unitName || name.slice(0, 80),
		targetGrade: grade(r, 'target_grade'),
		presentGrade: grade(r, 'present_grade'),
		unit: r.text('unit', 'unit'),
		answers: r.text('answers', 'answers') || r.text('leader', 'answers'),
		stage: r.text('stage', 'stage') || r.text('progress', 'stage'),
		dueOn: r.day('due_on'),
		note: r.text('note', 'note')
	};
}

/** 'AAA级', '3A', '３Ａ级景区村庄' → 'AAA' */
function grade(r: RowReader, meaning: 'target_grade' | 'present_grade'): '' | 'A' | 'AA' | 'AAA' {
	const text = r.text(meaning).normalize('NFKC').toUpperCase();
	if (!text || /^(无|-|—)$/.test(text)) return '';
	const times = /([1-3])\s*A/.exec(text)?.[1];
	const found = times ? 'A'.repeat(Number(times)) : /(?<!A)A{1,3}(?!A)/.exec(text)?.[0];
	if (found) return found as 'A' | 'AA' | 'AAA';
	r.problem('warning', 'grade_not_read', meaning, { value: text });
	return '';
}
