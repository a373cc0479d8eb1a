import type { Kept, Known, Person, Wire } from './parts';

/** What phone and server have of one person's queue, op by op. */
export type Compared = {
	op: Kept['op'];
	/** What the server did with it; null when it never came, or when it was held (which leaves no record). */
	server: Known['ops'][string] | null;
	photos: { id: string; server: 'same' | 'other' | 'missing' }[];
};

/** The server's lists take so many ids in one request. */
const most = 200;

/**
 * Phone and server lay their lists side by side, for the recovery desk. Nothing is removed because of it: only
 * an outcome does that. The server answers for one's own ops only, so those of others are left out.
 */
export async function compare(
	wire: Wire,
	township: string,
	waiting: readonly Kept[],
	me: Person
): Promise<Compared[]> {
	const mine = waiting.filter((k) => k.by.id === me.id);
	const ops = mine.map((k) => k.op.op_id);
	const photos = [...new Set(mine.flatMap((k) => k.photos.map((p) => p.id)))];
	const known: Known = { ops: {}, photos: {} };
	for (let at = 0; at < Math.max(ops.length, photos.length); at += most) {
		const part = await wire.known(township, {
			ops: ops.slice(at, at + most),
			photos: photos.slice(at, at + most)
		});
		Object.assign(known.ops, part.ops);
		Object.assign(known.photos, part.photos);
	}
	return mine.map(({ op, photos }) => ({
		op,
		server: known.ops[op.op_id] ?? null,
		photos: photos.map(({ id, sha256 }) => {
			const there = known.photos[id];
			return { id, server: !there ? 'missing' : there === sha256 ? 'same' : 'other' };
		})
	}));
}
