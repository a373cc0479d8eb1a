import type { MapOwner } from '$lib/map/owner.svelte';

/** Wheel, drag, pinch and keys for the SVG map, where there is no WebGL2. For use as an attachment. */
export function svgGestures(owner: MapOwner) {
	return (element: HTMLElement) => {
		const fingers = new Map<number, { x: number; y: number }>();
		let travelled = 0;
		const local = (e: MouseEvent) => {
			const rect = element.getBoundingClientRect();
			return { x: e.clientX - rect.left, y: e.clientY - rect.top };
		};
		const span = () => {
			const [a, b] = [...fingers.values()];
			return a && b ? Math.hypot(a.x - b.x, a.y - b.y) : 0;
		};
		const on = {
			wheel(e: WheelEvent) {
				e.preventDefault();
				const { x, y } = local(e);
				owner.zoomBy(-e.deltaY / 300, [x, y]);
			},
			pointerdown(e: PointerEvent) {
				fingers.set(e.pointerId, local(e));
				travelled = 0;
			},
			pointermove(e: PointerEvent) {
				const before = fingers.get(e.pointerId);
				if (!before) return;
				const now = local(e);
				const wide = span();
				fingers.set(e.pointerId, now);
				travelled += Math.hypot(now.x - before.x, now.y - before.y);
				if (fingers.size === 1) owner.panBy(before.x - now.x, before.y - now.y);
				else if (wide > 0) owner.zoomBy(Math.log2(span() / wide), [now.x, now.y]);
			},
			lift(e: PointerEvent) {
				fingers.delete(e.pointerId);
			},
			click(e: MouseEvent) {
				const { x, y } = local(e);
				if (owner.drawing === 'point') owner.answerAt([x, y]);
				// the end of a drag is no click on a village
				if (owner.drawing || travelled > 6) {
					e.preventDefault();
					e.stopPropagation();
				}
			},
			keydown(e: KeyboardEvent) {
				const steps: Record<string, () => void> = {
					ArrowLeft: () => owner.panBy(-80, 0),
					ArrowRight: () => owner.panBy(80, 0),
					ArrowUp: () => owner.panBy(0, -80),
					ArrowDown: () => owner.panBy(0, 80),
					'+': () => owner.zoomBy(1),
					'=': () => owner.zoomBy(1),
					'-': () => owner.zoomBy(-1)
				};
				const step = steps[e.key];
				if (!step || e.ctrlKey || e.metaKey) return;
				e.preventDefault();
				step();
			}
		};
		element.style.touchAction = 'none';
		const over = new AbortController();
		const { signal } = over;
		element.addEventListener('wheel', on.wheel, { passive: false, signal });
		element.addEventListener('pointerdown', on.pointerdown, { signal });
		element.addEventListener('pointermove', on.pointermove, { signal });
		for (const name of ['pointerup', 'pointercancel', 'pointerleave'] as const)
			element.addEventListener(name, on.lift, { signal });
		element.addEventListener('click', on.click, { capture: true, signal });
		element.addEventListener('keydown', on.keydown, { signal });
		element.addEventListener('dragstart', (e) => e.preventDefault(), { signal });
		return () => over.abort();
	};
}
