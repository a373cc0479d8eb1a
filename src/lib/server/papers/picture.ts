/** Pixels of a JPEG or PNG as its head says; 1 × 1 where it says nothing. */
export function sizeOf(bytes: Uint8Array): { width: number; height: number } {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const none = { width: 1, height: 1 };
	if (bytes.length > 24 && view.getUint32(0) === 0x89504e47)
		return { width: view.getUint32(16), height: view.getUint32(20) };
	for (let at = 2; at + 9 < bytes.length && bytes[at] === 0xff; at += 2 + view.getUint16(at + 2)) {
		const kind = bytes[at + 1]!;
		// The frame headers SOF0 to SOF15, less the three markers that lie among them.
		if (kind >= 0xc0 && kind <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(kind))
			return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
	}
	return none;
}
