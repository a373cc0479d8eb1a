/** A JSON body of at most `most` bytes, counted while it comes; null where it is more or no JSON. */
export async function readSmallJson(request: Request, most: number): Promise<unknown> {
	if (Number(request.headers.get('content-length')) > most || !request.body) return null;
	const parts: Uint8Array[] = [];
	let size = 0;
	for await (const part of request.body as unknown as AsyncIterable<Uint8Array>) {
		size += part.byteLength;
		if (size > most) return null;
		parts.push(part);
	}
	try {
		return JSON.parse(Buffer.concat(parts).toString('utf8'));
	} catch {
		return null;
	}
}
