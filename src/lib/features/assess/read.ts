import { standardSchema, type Standard } from '$lib/domain/standard';

/** A standard's body as the database gave it; null where this program cannot read it. */
export function readBody(body: unknown): Standard | null {
	const read = standardSchema.safeParse(body);
	return read.success ? read.data : null;
}
