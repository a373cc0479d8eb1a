import { z } from 'zod';
import { passcode } from '$lib/domain/shareops';
import { answer } from '$lib/server/answer';
import { setPasscode } from '$lib/server/shares/make';
import { makerOf, readAs } from '$lib/server/shares/maker';
import type { RequestHandler } from './$types';

const wish = z.strictObject({ passcode: passcode.nullable() });

export const POST: RequestHandler = (event) =>
	answer(async () => {
		const maker = await makerOf(event);
		return setPasscode(maker, event.params.share, (await readAs(event.request, wish)).passcode);
	});
