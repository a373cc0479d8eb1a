/** Messages of the Supabase Realtime socket: vsn 1.0.0 (objects) and 2.0.0 (arrays, and binary pushes). */
export type Message = {
	join_ref: string | null;
	ref: string | null;
	topic: string;
	event: string;
	payload: Record<string, unknown>;
};

const decoder = new TextDecoder();

/** Reads one frame; null when it is not of the protocol. */
export function decode(data: Buffer, binary: boolean): Message | null {
	try {
		if (binary) return decodePush(data);
		const raw = JSON.parse(data.toString('utf8')) as unknown;
		const [join_ref, ref, topic, event, payload] = Array.isArray(raw)
			? raw
			: (({ join_ref, ref, topic, event, payload }) => [join_ref, ref, topic, event, payload])(
					raw as Message
				);
		if (typeof topic !== 'string' || typeof event !== 'string') return null;
		return {
			join_ref: join_ref == null ? null : String(join_ref),
			ref: ref == null ? null : String(ref),
			topic,
			event,
			payload:
				typeof payload === 'object' && payload !== null && !Array.isArray(payload)
					? (payload as Record<string, unknown>)
					: {}
		};
	} catch {
		return null;
	}
}

/** A client's broadcast in vsn 2.0.0: kind 3, five lengths, encoding, then the strings and the payload. */
function decodePush(data: Buffer): Message | null {
	if (data.length < 7 || data[0] !== 3) return null;
	const lengths = [data[1]!, data[2]!, data[3]!, data[4]!, data[5]!];
	const json = data[6] === 1;
	let at = 7;
	const [join_ref, ref, topic, userEvent] = lengths.map((n) => {
		const text = decoder.decode(data.subarray(at, at + n));
		at += n;
		return text;
	});
	if (!json) return null;
	const payload = JSON.parse(decoder.decode(data.subarray(at))) as unknown;
	return {
		join_ref: join_ref || null,
		ref: ref || null,
		topic: topic!,
		event: 'broadcast',
		payload: { type: 'broadcast', event: userEvent, payload }
	};
}

export function encode(message: Message, vsn: string): string {
	return vsn.startsWith('2')
		? JSON.stringify([message.join_ref, message.ref, message.topic, message.event, message.payload])
		: JSON.stringify(message);
}
