import type { Account } from '$lib/domain/account';
import type { Db } from '$lib/data/client';
import type { Theme } from '$lib/server/look';

declare global {
	namespace App {
		interface Locals {
			/** The database under the rights of whoever asks. */
			db: Db;
			/** Who asks; null when nobody is signed in. */
			account: Account | null;
			theme: Theme;
			/** Shown to the person when something broke, and written to the log. */
			requestId: string;
		}
		interface Error {
			message: string;
			code?: string;
			id?: string;
		}
	}
}

export {};
