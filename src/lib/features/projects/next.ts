import { scoresBy } from '$lib/domain/score';
import type { Assessor, PhaseVerb, PhaseWay, ProjectPage } from '$lib/domain/project';
import type { Standard } from '$lib/domain/standard';

/** What still stands in the way of a verb, as far as the page can tell; the database decides. */
export type Need =
	| { kind: 'standard' }
	| { kind: 'scores'; codes: string[] }
	| { kind: 'notice'; until: string }
	| { kind: 'higher' }
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
