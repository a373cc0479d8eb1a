/**
 * What the database refused leaves a row too (security.md K-02). A function that answers no has rolled back all it
 * wrote, so whoever carried the request writes the row: the one place through which every request goes, from
 * outside and from our own actions alike. `apply_op` writes its refusals itself.
 */
import { logLine } from './logline';

export type Refused = {
	what: string;
	code: string;
	detail?: string;
	township?: string;
	account?: string;
	session?: string;
	person?: string;
	login?: string;
	object?: string;
};

type Fetch = (request: Request) => Promise<Response>;

/** Codes by which the database says no to somebody it knows; others are faults or the way there. */
const refusal = /^(PT403|42501|22...|23...|PGRST301)$/;

/** Functions that only read; a wrong try at them changes nothing and is not an act. */
const reads =
	/^(.*_(page|of|on|list|tile|counts|near|history|log|marks|file|shape|shapes|known|peek)|field_day|reminders|stuck|thing|wall_map|suggest|task_types|handovers?|draws?|rounds|land_tool|find_sites|check_parcels|apply_op)$/;

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const idOf = (...values: unknown[]): string | undefined =>
	values.find((v): v is string => typeof v === 'string' && uuid.test(v));

/** Who signed the request; believed only where the database answered as to somebody it knows. */
function claimsOf(request: Request): { sub?: unknown; session_id?: unknown } {
	const token = request.headers.get('authorization')?.replace(/^Bearer\s+/i, '') ?? '';
	try {
		return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) ?? {};
	} catch {
		return {};
	}
}

async function refusedBy(
	request: Request,
	what: string,
	response: Response,
	copy: Request
): Promise<Refused | null> {
	const error = (await response
		.clone()
		.json()
		.catch(() => null)) as Record<string, unknown> | null;
	const code = String(error?.code ?? '');
	if (!refusal.test(code)) return null;
	const { sub, session_id } = claimsOf(request);
	const args = ((await copy.json().catch(() => null)) ?? {}) as Record<string, unknown>;
	const p = (args.p && typeof args.p === 'object' ? args.p : {}) as Record<string, unknown>;
	const account = idOf(sub);
	const person = idOf(p.person);
	// Without anybody's name there is nothing to write down, and a stranger must not fill the record.
	if (!account && !person) return null;
	const detail = String(error?.details ?? '');
	const township = idOf(args.p_township, p.township_id);
	const object = idOf(
		args.p_user,
		args.p_session,
		args.p_membership,
		args.p_invitation,
		args.p_import,
		args.p_plan,
		args.p_object,
		p.import_id,
		p.place_id,
		p.layer,
		p.id
	);
	return {
		what,
		code: code === 'PT403' ? String(error?.message ?? '') : code,
		...(code === 'PT403' && detail ? { detail } : {}),
		...(township && { township }),
		...(account && { account }),
		...(typeof session_id === 'string' && { session: session_id }),
		...(person && { person }),
		...(object && { object })
	};
}

/** `fetch`, and a row for every function of the Data API that was refused; written before the answer goes on. */
export function witness(fetch: Fetch, write: (refused: Refused) => Promise<unknown>): Fetch {
	return async (request) => {
		const [, what] = /\/rest\/v1\/rpc\/(\w+)$/.exec(new URL(request.url).pathname) ?? [];
		if (request.method !== 'POST' || !what || reads.test(what)) return fetch(request);
		const copy = request.clone();
		const response = await fetch(request);
		if (response.status < 400 || response.status >= 500) {
			void copy.body?.cancel().catch(() => undefined);
			return response;
		}
		try {
			const refused = await refusedBy(request, what, response, copy);
			if (refused) await write(refused);
		} catch (fault) {
			logLine({ fault: 'refusal not written', what, why: String(fault).slice(0, 200) });
		}
		return response;
	};
}
