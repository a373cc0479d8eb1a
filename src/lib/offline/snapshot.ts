import type { Person, Sealed, Store } from './parts';
import { openJson, sealJson, vaultOf } from './vault';

type Page = { owner: string; sealed: Sealed };
const keyOf = (township: string) => `day:${township}`;

/** The day as the server told it, and when; sealed. One for each township: whoever held the phone last. */
export class Snapshot {
	constructor(
		private readonly store: Store,
		private readonly township: string
	) {}

	async keep(me: Person, day: unknown, fetchedAt = Date.now()): Promise<void> {
		const vault = await vaultOf(this.store, me.id);
		const sealed = await sealJson(vault, { me: { id: me.id, name: me.name }, day, fetchedAt });
		const value: Page = { owner: me.id, sealed };
		await this.store.write([{ act: 'put', room: 'things', key: keyOf(this.township), value }]);
	}

	async read(): Promise<{ me: Person; day: unknown; fetchedAt: number } | null> {
		const page = (await this.store.get('things', keyOf(this.township))) as Page | undefined;
		if (!page) return null;
		const vault = await vaultOf(this.store, page.owner);
		try {
			return (await openJson(vault, page.sealed)) as Awaited<ReturnType<Snapshot['read']>>;
		} catch {
			// Its key was wiped meanwhile.
			return null;
		}
	}
}
