import { sha256 } from '$lib/geo/sha256';

/** As the server takes them; it looks at the bytes again. */
export const documentTypes =
	'.pdf,.doc,.docx,.xls,.xlsx,.wps,.et,.ofd,.pptx,.txt,.jpg,.jpeg,.png,.zip';
export const documentMost = 20 * 1024 * 1024;

/** Sends a document's bytes, before the op that names them; `onpart` is told how much has left (0…1). */
export async function sendDocument(
	townshipId: string,
	file: File,
	onpart: (part: number) => void
): Promise<{ sha256: string } | { reason: string }> {
	if (file.size > documentMost) return { reason: 'too_large' };
	try {
		const digest = await sha256(new Uint8Array(await file.arrayBuffer()));
		const at = `/t/${townshipId}/document/${digest}?name=${encodeURIComponent(file.name)}`;
		const answer = await put(at, file, onpart);
		const body = JSON.parse(answer.text) as { sha256?: string; reason?: string };
		return answer.ok && body.sha256 === digest
			? { sha256: digest }
			: { reason: body.reason ?? 'unavailable' };
	} catch {
		return { reason: 'offline' };
	}
}

/** `fetch` does not tell how much was sent. */
function put(at: string, file: File, onpart: (part: number) => void) {
	return new Promise<{ ok: boolean; text: string }>((resolve, reject) => {
		const request = new XMLHttpRequest();
		request.open('PUT', at);
		request.upload.onprogress = (e) => e.lengthComputable && onpart(e.loaded / e.total);
		request.onload = () =>
			resolve({ ok: request.status >= 200 && request.status < 300, text: request.responseText });
		request.onerror = request.onabort = () => reject(new Error('no answer'));
		request.send(file);
	});
}
