/** Where the device is, while its holder wants it written beside a finding; nothing else is kept of it. */
export class Here {
	#at = $state.raw<[number, number] | null>(null);
	#state = $state<'off' | 'waiting' | 'on' | 'failed'>('off');
	#watch: number | null = null;

	get at(): [number, number] | null {
		return this.#state === 'on' ? this.#at : null;
	}
	get state() {
		return this.#state;
	}

	toggle(): void {
		if (this.#watch === null) this.start();
		else this.stop();
	}
	start(): void {
		if (!('geolocation' in navigator)) {
			this.#state = 'failed';
			return;
		}
		this.#state = 'waiting';
		this.#watch = navigator.geolocation.watchPosition(
			({ coords }) => {
				this.#at = [coords.longitude, coords.latitude];
				this.#state = 'on';
			},
			() => {
				this.stop();
				this.#state = 'failed';
			},
			{ enableHighAccuracy: true, maximumAge: 10_000, timeout: 20_000 }
		);
	}
	stop(): void {
		if (this.#watch !== null) navigator.geolocation.clearWatch(this.#watch);
		this.#watch = null;
		this.#at = null;
		this.#state = 'off';
	}
}
