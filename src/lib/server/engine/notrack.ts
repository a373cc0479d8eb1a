/**
 * Nobody asks the Data API where one person was and when (security.md K-11). Who did a thing stands with the thing,
 * for whoever looks at the thing; rows are not picked, sorted or embedded by person. Tables about people themselves
 * hold no places and are left alone.
 */
const person =
	/(?:^|[^a-z_])(?:[a-z]+_by|by_person|by_name|(?:answers|done|proven)_name|person_id|account_id|session_id|answers|chair|recorder|lead)(?=$|[^a-z_])/;
const aboutPeople = new Set([
	'persons',
	'accounts',
	'account_sessions',
	'memberships',
	'invitations',
	'ops',
	'meeting_people'
]);

/** Is this name that of a column that says who? */
export const saysWho = (column: string): boolean => person.test(column);

/** Does this reading of a table go by person? `at`: the path, `query`: its parameters. */
export function tracks(at: string, query: URLSearchParams): boolean {
	const table = /^\/rest\/v1\/([a-z_0-9]+)$/.exec(at)?.[1];
	if (!table) return false;
	const people = aboutPeople.has(table);
	for (const [key, value] of query) {
		// From people to what they did: only an account's own sessions.
		if (key === 'select' || key.endsWith('.select')) {
			const embedded = value.match(/[a-z_!0-9]+(?=\()/g) ?? [];
			if (people && embedded.some((name) => !aboutPeople.has(name.split('!')[0]!))) return true;
			continue;
		}
		if (key.includes('.') && !/^not\./.test(key) && saysWho(key)) return true;
		if (people) continue;
		const logic = /^(not\.)?(or|and)$/.test(key) || key === 'order';
		if (saysWho(logic ? value : key)) return true;
	}
	return false;
}
