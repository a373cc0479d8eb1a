/** Something readable only with this device's key: AES-256-GCM, a fresh nonce each time. */
export type Sealed = { iv: Uint8Array<ArrayBuffer>; data: ArrayBuffer };

/** A key that scripts can use and nobody can take out: a stolen disk shows nothing in clear. */
export const newKey = (): Promise<CryptoKey> =>
	crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);

export async function seal(key: CryptoKey, bytes: BufferSource): Promise<Sealed> {
	const iv = crypto.getRandomValues(new Uint8Array(12));
	return { iv, data: await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, bytes) };
}

export const unseal = (key: CryptoKey, sealed: Sealed): Promise<ArrayBuffer> =>
	crypto.subtle.decrypt({ name: 'AES-GCM', iv: sealed.iv }, key, sealed.data);

export const sealJson = (key: CryptoKey, value: unknown): Promise<Sealed> =>
	seal(key, new TextEncoder().encode(JSON.stringify(value)));

export const unsealJson = async <T>(key: CryptoKey, sealed: Sealed): Promise<T> =>
	JSON.parse(new TextDecoder().decode(await unseal(key, sealed))) as T;

export async function sha256(bytes: BufferSource): Promise<string> {
	const digest = await crypto.subtle.digest('SHA-256', bytes);
	return Array.from(new Uint8Array(digest), (b) => b.toString(16).padStart(2, '0')).join('');
}
