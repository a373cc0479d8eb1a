/** Lines and progress for whoever started the program; src/start.js listens. */
export function tell(what: 'progress' | 'banner', value: unknown): void {
	const listen = (globalThis as Record<symbol, unknown>)[Symbol.for('xiangtu.tell')];
	if (typeof listen === 'function') listen(what, value);
}
