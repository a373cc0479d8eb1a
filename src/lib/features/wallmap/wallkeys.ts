import { measures } from '$lib/domain/fact';
import type { View } from '$lib/domain/view';
import type { MapOwner } from '$lib/map/owner.svelte';
import type { OnView } from './link';

/** Wall mode has no buttons to look for: arrows move, + and − zoom, 1–6 choose the measure, Escape leaves. */
export function wallKeys(e: KeyboardEvent, view: View, onview: OnView, owner: MapOwner): void {
	if (!view.wall || e.ctrlKey || e.metaKey || e.altKey) return;
	const target = e.target as HTMLElement;
	if (
		target.closest('input, textarea, select, [role="dialog"], .maplibregl-canvas') &&
		e.key !== 'Escape'
	) {
		if (!/^[1-6]$/.test(e.key)) return;
	}
	const measure = measures[Number(e.key) - 1];
	const steps: Record<string, () => void> = {
		ArrowLeft: () => owner.panBy(-120, 0),
		ArrowRight: () => owner.panBy(120, 0),
		ArrowUp: () => owner.panBy(0, -120),
		ArrowDown: () => owner.panBy(0, 120),
		'+': () => owner.zoomBy(0.5),
		'=': () => owner.zoomBy(0.5),
		'-': () => owner.zoomBy(-0.5),
		Escape: () => onview({ ...view, wall: false })
	};
	const step = measure ? () => onview({ ...view, measure }) : steps[e.key];
	if (!step) return;
	e.preventDefault();
	step();
}
