import type { HandoverJob } from '$lib/domain/handover';

/** One hand-over file being made: asked for, watched, fetched, taken away. */
export class Making {
	#job = $state.raw<HandoverJob | null>(null);
	#id = $state<string | null>(null);
	#reason = $state<string | null>(null);
	#busy = $state(false);

	constructor(private readonly home: string) {}

	get job() {
		return this.#job;
	}
	get busy() {
		return this.#busy;
	}
	/** Why it was refused or failed. */
	get reason() {
		return this.#reason ?? this.#job?.failed ?? null;
	}
	get href() {
		return this.#job?.made && this.#id ? `${this.home}/${this.#id}/file` : null;
	}

	async make(passphrase: string | null): Promise<void> {
		if (this.#busy) return;
		this.#busy = true;
		this.#reason = null;
		this.#job = null;
		try {
			const answer = await ask(this.home, {
				method: 'POST',
				headers: { 'Content-Type': 'application/json' },
				body: JSON.stringify({ passphrase })
			});
			if ('reason' in answer) {
				this.#reason = answer.reason;
				return;
			}
			this.#id = (answer as { job: string }).job;
			await this.#watch();
		} finally {
			this.#busy = false;
		}
	}

	async #watch(): Promise<void> {
		for (;;) {
			const state = await ask(`${this.home}/${this.#id}`);
			if ('reason' in state) {
				// A line that breaks for a moment does not end the work.
				if (state.reason !== 'offline') {
					this.#reason = state.reason;
					return;
				}
			} else {
				this.#job = state as HandoverJob;
				if (this.#job.made || this.#job.failed) return;
			}
			await new Promise((resolve) => setTimeout(resolve, 400));
		}
	}

	async remove(): Promise<void> {
		if (!this.#id) return;
		await ask(`${this.home}/${this.#id}`, { method: 'DELETE' });
		this.#id = null;
		this.#job = null;
	}
}

async function ask(url: string, init: RequestInit = {}): Promise<{ reason: string } | object> {
	try {
		const answer = await fetch(url, init);
		const body = (await answer.json().catch(() => ({}))) as { reason?: string; code?: string };
		return answer.ok ? body : { reason: body.reason ?? body.code ?? 'unavailable' };
	} catch {
		return { reason: 'offline' };
	}
}
