/** SHA-256 in hex; null on a page without https, where browsers have no Web Crypto. */
export async function digest(bytes: ArrayBuffer | Uint8Array<ArrayBuffer>): Promise<string | null> {
	if (!globalThis.crypto?.subtle) return null;
	const hash = await crypto.subtle.digest('SHA-256', bytes);
	return Array.from(new Uint8Array(hash), (b) => b.toString(16).padStart(2, '0')).join('');
}
