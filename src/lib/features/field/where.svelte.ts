/** Where the phone is, while a page asks: never stored, never sent by itself. */
export class Where {
	#at = $state.raw<{ at: [number, number]; accuracy: number; when: number } | null>(null);
	#state = $state<'off' | 'asking' | 'on' | 'refused'>('off');
	#watch: number | null = null;

	get at(): [number, number] | null {
		return this.#at?.at ?? null;
	}
	/** Metres, as the device says. */
	get accuracy(): number {
		return Math.round(this.#at?.accuracy ?? 0);
	}
	get state() {
		return this.#state;
	}
	/** The latest fix if it is not older than two minutes. */
	fix(): { at: [number, number]; accuracy: number } | null {
		return this.#at && Date.now() - this.#at.when < 120_000 ? this.#at : null;
	}

	/** Asks the device; the browser asks the person the first time, so this belongs to a tap. */
	start(): void {
		if (this.#watch !== null || typeof navigator === 'undefined' || !navigator.geolocation) return;
		if (this.#state === 'off') this.#state = 'asking';
		this.#watch = navigator.geolocation.watchPosition(
			({ coords, timestamp }) => {
				this.#state = 'on';
				this.#at = {
					at: [coords.longitude, coords.latitude],
					accuracy: coords.accuracy,
					// The device's clock may be wrong, but it is the same clock.
					when: Math.max(timestamp, Date.now() - 1000)
				};
			},
			(error) => {
				if (error.code === error.PERMISSION_DENIED) {
					this.#state = 'refused';
					this.stop();
				}
			},
			{ enableHighAccuracy: true, timeout: 20_000, maximumAge: 15_000 }
		);
	}

	/** Starts without asking where the person has already agreed. */
	async startIfAllowed(): Promise<void> {
		const allowed = await navigator.permissions
			?.query({ name: 'geolocation' })
			.catch(() => undefined);
		if (allowed?.state === 'granted') this.start();
		if (allowed?.state === 'denied') this.#state = 'refused';
	}

	stop(): void {
		if (this.#watch !== null) navigator.geolocation.clearWatch(this.#watch);
		this.#watch = null;
	}
}
