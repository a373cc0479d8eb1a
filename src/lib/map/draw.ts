import type { Polygon, Position } from 'geojson';
import type { Map } from 'maplibre-gl';
import {
	TerraDraw,
	TerraDrawModeUndoRedo,
	TerraDrawPolygonMode,
	TerraDrawSessionUndoRedo,
	TerraDrawUndoRedoKeyboardShortcuts,
	ValidateNotSelfIntersecting
} from 'terra-draw';
import { TerraDrawMapLibreGLAdapter } from 'terra-draw-maplibre-gl-adapter';

const colour = '#1b62b5';
const near = 12;

/**
 * A pencil for one polygon. Corners snap to `corners` within 12 px; a ring that crosses itself cannot be closed;
 * Ctrl+Z takes back a corner. `done` gets the polygon, or null when `end` was called first.
 */
export function polygonTool(
	map: Map,
	corners: Position[],
	done: (polygon: Polygon | null) => void
): { end: (polygon: Polygon | null) => void; undo: () => void } {
	const draw = new TerraDraw({
		adapter: new TerraDrawMapLibreGLAdapter({ map, coordinatePrecision: 7 }),
		undoRedo: {
			modeLevel: new TerraDrawModeUndoRedo(),
			sessionLevel: new TerraDrawSessionUndoRedo({ maxStackSize: 100 }),
			keyboardShortcuts: new TerraDrawUndoRedoKeyboardShortcuts()
		},
		modes: [
			new TerraDrawPolygonMode({
				pointerDistance: 24,
				snapping: {
					toCoordinate: true,
					toCustom: (event) => nearest(map, corners, event.containerX, event.containerY)
				},
				validation: (feature, { updateType }) =>
					updateType === 'finish' || updateType === 'commit'
						? ValidateNotSelfIntersecting(feature)
						: { valid: true },
				styles: {
					fillColor: colour,
					fillOpacity: 0.2,
					outlineColor: colour,
					outlineWidth: 3,
					closingPointColor: '#ffffff',
					closingPointOutlineColor: colour,
					closingPointOutlineWidth: 3,
					closingPointWidth: 7
				}
			})
		]
	});
	let open = true;
	const end = (polygon: Polygon | null) => {
		if (!open) return;
		open = false;
		draw.stop();
		done(polygon);
	};
	draw.start();
	draw.setMode('polygon');
	draw.on('finish', (id) => {
		const geometry = draw.getSnapshotFeature(id)?.geometry;
		// after terra-draw has finished its own turn, or stopping it here would cut off its bookkeeping
		setTimeout(() => end(geometry?.type === 'Polygon' ? (geometry as Polygon) : null));
	});
	return { end, undo: () => draw.undo() };
}

function nearest(map: Map, corners: Position[], x: number, y: number): Position | undefined {
	let best = near;
	let found: Position | undefined;
	for (const corner of corners) {
		const at = map.project([corner[0] ?? 0, corner[1] ?? 0]);
		const far = Math.hypot(at.x - x, at.y - y);
		if (far < best) [best, found] = [far, corner];
	}
	return found;
}
