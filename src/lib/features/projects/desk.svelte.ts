import { toast } from 'svelte-sonner';
import type { Account, Colleague } from '$lib/domain/account';
import type { Op, OpKind, Outcome, Payload } from '$lib/domain/op';
import { may, type Right } from '$lib/domain/place';
import type { PhaseWay } from '$lib/domain/project';
import { postOps } from '$lib/features/tasks/bulk.svelte';
import { Desk } from '$lib/features/things/desk.svelte';
import { tell } from '$lib/features/things/tell';
import * as m from '$lib/i18n/paraglide/messages';

export type Level = PhaseWay['level'];
type Where = {
	readonly account: Account;
	readonly township: { id: string; districtId: string | null };
	readonly villageId: string | null;
	readonly people: Colleague[];
};

/** Ops whose version is that of their target's own row. */
const oneRow = /^(scenario|parcel|scheme|plan)\.(?!contact)/;

/** Where the edits of a project's page leave from: who is asking, of which place, and what is on its way. */
export class ProjectDesk {
	/** For the dialog that shows what somebody else was faster with. */
	readonly desk: Desk;
	#sending = $state(0);
	/** Versions our own edits made: the next edit may leave before the page was read again. */
	// Not shown, so nobody needs to be told of a change.
	// eslint-disable-next-line svelte/prefer-svelte-reactivity
	readonly #own = new Map<string, number>();

	constructor(
		private readonly where: Where,
		onchanged: () => unknown
	) {
		this.desk = new Desk({ townshipId: where.township.id, onchanged });
	}

	get townshipId(): string {
		return this.where.township.id;
	}
	get me(): string {
		return this.where.account.id;
	}
	get people(): Colleague[] {
		return this.where.people;
	}
	/** For what is asked of a milestone: who asks, and the project's village with the places above it. */
	get person(): Account {
		return this.where.account;
	}
	get chain(): string[] {
		const { township, villageId } = this.where;
		return [villageId, township.id, township.districtId].filter((id): id is string => !!id);
	}
	get busy(): boolean {
		return this.#sending > 0;
	}

	/** Does whoever is signed in hold this right for the project's village, township or district? */
	may(right: Right, level: Level): boolean {
		const { account, township, villageId } = this.where;
		const chain = [level === 'village' && villageId, level !== 'district' && township.id];
		return may(
			account,
			right,
			[...chain, township.districtId].filter((id): id is string => !!id)
		);
	}

	/** Sends one op, says what became of it, and has the page read again; gives the outcome. */
	async send<K extends OpKind>(
		kind: K,
		target: string,
		payload: Payload<K>,
		baseVersion?: number,
		said?: string
	): Promise<Outcome> {
		this.#sending++;
		const own = oneRow.test(kind) ? (this.#own.get(target) ?? 0) : 0;
		const base = baseVersion && Math.max(baseVersion, own);
		try {
			const outcome = await this.desk.play(kind, target, payload, base, said ? { said } : {});
			if (outcome.version && oneRow.test(kind)) this.#own.set(target, outcome.version);
			return outcome;
		} finally {
			this.#sending--;
		}
	}

	/** Many ops of one kind in order, without a word for each. */
	async sendAll(ops: Op[]): Promise<Outcome[]> {
		this.#sending++;
		const outcomes: Outcome[] = [];
		try {
			for (let at = 0; at < ops.length; at += 50)
				outcomes.push(...(await postOps(this.townshipId, ops.slice(at, at + 50))));
		} catch {
			// What was answered stands.
			while (outcomes.length < ops.length) outcomes.push({ outcome: 'refused', reason: 'offline' });
		} finally {
			this.#sending--;
			this.desk.changed();
		}
		return outcomes;
	}

	/** After something was stored: one press takes it back. */
	offerUndo(word: string, ops: () => Promise<unknown>): void {
		// In place of the plain word that it was stored.
		toast.dismiss();
		tell({
			kind: 'success',
			title: word,
			action: { label: m.projects_undo(), run: () => void ops() }
		});
	}
}
