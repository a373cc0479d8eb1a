import { readOp, type Op } from '$lib/domain/op';
import type { Kept, Photo } from './keep';

/**
 * The queue as a file: `XTBOX1`, a line of JSON, then the photos one after the other. Not sealed: the key
 * never leaves the phone, and the file must open elsewhere.
 */
type Head = {
	township: string;
	by: Kept['by'];
	savedAt: string;
	ops: { op: Op; addedAt: number; photos: Kept['photos'] }[];
};
const mark = 'XTBOX1\n';

export function writeBox(township: string, by: Kept['by'], items: Kept[], photos: Photo[]): Blob {
	const head: Head = {
		township,
		by,
		savedAt: new Date().toISOString(),
		ops: items.map(({ op, addedAt, photos }) => ({ op, addedAt, photos }))
	};
	const inOrder = items.flatMap((i) => i.photos.map((p) => photos.find((f) => f.id === p.id)!));
	return new Blob([mark, JSON.stringify(head), '\n', ...inOrder.map((p) => p.bytes)], {
		type: 'application/octet-stream'
	});
}

export type Box = {
	township: string;
	by: Kept['by'];
	items: { op: Op; addedAt: number; photos: Photo[] }[];
};

/** Reads such a file; null when it is none, or is cut short. */
export async function readBox(file: Blob): Promise<Box | null> {
	const bytes = new Uint8Array(await file.arrayBuffer());
	const start = mark.length;
	if (new TextDecoder().decode(bytes.subarray(0, start)) !== mark) return null;
	const end = bytes.indexOf(10, start);
	if (end < 0) return null;
	try {
		const head = JSON.parse(new TextDecoder().decode(bytes.subarray(start, end))) as Head;
		let at = end + 1;
		const items = head.ops.map(({ op, addedAt, photos }) => {
			const read = readOp(op);
			if ('problems' in read || read.op.township_id !== head.township) throw new Error('not an op');
			return {
				op: read.op,
				addedAt: Number(addedAt) || Date.now(),
				photos: photos.map((p) => {
					if (at + p.size > bytes.length) throw new Error('cut short');
					const part = bytes.slice(at, (at += p.size)).buffer;
					return { id: p.id, type: p.type, bytes: part };
				})
			};
		});
		return { township: head.township, by: head.by, items };
	} catch {
		return null;
	}
}
