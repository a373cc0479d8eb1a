/** Asks our server; its answer, or the reason of a refusal. */
export async function ask<T>(
	url: string,
	body: object
): Promise<{ answer: T } | { reason: string }> {
	try {
		const got = await fetch(url, {
			method: 'POST',
			headers: { 'Content-Type': 'application/json' },
			body: JSON.stringify(body),
			signal: AbortSignal.timeout(60_000)
		});
		const said: unknown = await got.json();
		if (got.ok) return { answer: said as T };
		const { reason, code } = said as { reason?: string; code?: string };
		return { reason: reason ?? code ?? 'unavailable' };
	} catch {
		return { reason: 'offline' };
	}
}
