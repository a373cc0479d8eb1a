import type { LandCheck, LandPart, LandTool } from '$lib/domain/plan';
import { reasonWord } from '$lib/features/things/reasons';
import { tell } from '$lib/features/things/tell';
import * as m from '$lib/i18n/paraglide/messages';

type Asked = LandTool | { do: 'check'; geometry: LandTool['geometry'] };

/** Asks the database's geometry; null where it refused, which is said. */
export async function askLand<A extends Asked>(
	townshipId: string,
	asked: A
): Promise<(A extends { do: 'check' } ? LandCheck : LandPart[]) | null> {
	const answer = await fetch(`/t/${townshipId}/plans/land`, {
		method: 'POST',
		headers: { 'Content-Type': 'application/json' },
		body: JSON.stringify(asked)
	}).catch(() => null);
	if (answer?.ok) return answer.json();
	const code =
		answer && ((await answer.json().catch(() => null)) as { code?: string } | null)?.code;
	tell({
		kind: 'error',
		title: m.things_toast_failed(),
		text: answer ? reasonWord(code ?? 'unavailable') : m.things_toast_offline()
	});
	return null;
}
