/** A JSON body of at most `most` bytes, counted while it comes; null where it is more or no JSON. */
export async function readSmallJson(request: Request, most: number): Promise<unknown> {
	try {
		return JSON.parse((await readSmall(request, most))?.toString('utf8') ?? '');
	} catch {
		return null;
	}
}

async function readSmall(request: Request, most: number): Promise<Buffer | null> {
	if (Number(request.headers.get('content-length')) > most || !request.body) return null;
	const parts: Uint8Array[] = [];
	let size = 0;
	for await (const part of request.body as unknown as AsyncIterable<Uint8Array>) {
		size += part.byteLength;
		if (size > most) return null;
		parts.push(part);
	}
	return Buffer.concat(parts);
}

/** Fields of a plain form of at most `most` bytes; null where it is more or no form. */
export async function readSmallForm(
	request: Request,
	most: number
): Promise<URLSearchParams | null> {
	const type = request.headers.get('content-type') ?? '';
	if (!type.startsWith('application/x-www-form-urlencoded')) return null;
	const bytes = await readSmall(request, most);
	return bytes && new URLSearchParams(bytes.toString('utf8'));
}
