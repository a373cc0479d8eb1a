import { scoresBy } from '$lib/domain/score';
import type { Assessor, PhaseVerb, PhaseWay, ProjectPage } from '$lib/domain/project';
import type { Standard } from '$lib/domain/standard';
import type { Grade } from '$lib/domain/thing';

/** What still stands in the way of a verb, as far as the page can tell; the database decides. */
export type Need =
	| { kind: 'standard' }
	| { kind: 'scores'; codes: string[] }
	| { kind: 'notice'; until: string }
	/** The county's points reach no grade; `vetoes` that were not met are why, where there are any. */
	| { kind: 'grade'; vetoes: string[] }
	| { kind: 'higher'; grade: Grade }
	| { kind: 'other_person' };

const sideOf: Partial<Record<PhaseVerb, Assessor>> = {
	self_assess: 'self',
	town_check: 'town',
	county_assess: 'county'
};

export function needsOf(way: PhaseWay, page: ProjectPage, me: string): Need[] {
	const body = page.standard?.body as Standard | undefined;
	const needs: Need[] = [];
	if (!body && way.verb !== 'start') needs.push({ kind: 'standard' });
	const side = sideOf[way.verb];
	if (body && side && body.assessors.some((a) => a.code === side)) {
		const given = new Set(scoresBy(page.scores, side).map((s) => s.item));
		const codes = [
			...body.sections.flatMap((s) => s.items.map((i) => i.code)),
			...(body.vetoes ?? []).map((v) => v.code)
		].filter((code) => !given.has(code));
		if (codes.length) needs.push({ kind: 'scores', codes });
	}
	const county = page.totals.county;
	if (way.verb === 'county_assess' && county && !county.grade && needs.length === 0) {
		const unmet = scoresBy(page.scores, 'county').filter(
			(s) => s.value && 'yes' in s.value && !s.value.yes
		);
		const vetoes = new Set((body?.vetoes ?? []).map((v) => v.code));
		needs.push({ kind: 'grade', vetoes: unmet.map((s) => s.item).filter((i) => vetoes.has(i)) });
	}
	if (way.verb === 'publish_notice' && page.phase === 'county_assessed' && county?.grade) {
		// More than was aimed at is not given.
		const reached = county.grade.length > page.targetGrade.length ? page.targetGrade : county.grade;
		if (body?.higher?.includes(reached)) needs.push({ kind: 'higher', grade: reached });
	}
	if (way.verb === 'list' && page.notice && page.notice.to >= page.today)
		needs.push({ kind: 'notice', until: page.notice.to });
	if (way.otherPerson && actedForAnother(way.verb, page, me)) needs.push({ kind: 'other_person' });
	return needs;
}

/** The same question as `private.other_side` asks. */
function actedForAnother(verb: PhaseVerb, page: ProjectPage, me: string): boolean {
	const scored = (side: Assessor) => scoresBy(page.scores, side).some((s) => s.by === me);
	const did = (...verbs: PhaseVerb[]) =>
		page.log.some((l) => l.by === me && verbs.includes(l.verb));
	return (
		scored('self') ||
		did('self_assess', 'object') ||
		(verb !== 'town_check' && (scored('town') || did('town_check')))
	);
}

/** From here, by any verb. */
export const waysFrom = (page: ProjectPage): PhaseWay[] =>
	page.ways.filter((w) => w.from === page.phase);
