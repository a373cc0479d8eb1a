import type { MultiPolygon, Polygon } from 'geojson';
import { newId } from '$lib/domain/op';
import type { PlanParcel } from '$lib/domain/plan';
import { areaOf } from '$lib/geo/area';
import { crossing } from '$lib/geo/sweep';

export type LonLat = [number, number];
type Shape = Polygon | MultiPolygon;
/** Parts, their rings (outer first), their corners without the closing one. */
type Parts = LonLat[][][];
/** Which corner: part, ring, number. */
export type Corner = readonly [part: number, ring: number, n: number];

/** A hundredth of a millimetre, so that neighbours that share a corner share it exactly. */
const nine = (n: number): number => Math.round(n * 1e9) / 1e9;
const open = (shape: Shape): Parts =>
	(shape.type === 'Polygon' ? [shape.coordinates] : shape.coordinates).map((part) =>
		part.map((ring) => ring.slice(0, -1).map((p): LonLat => [p[0]!, p[1]!]))
	);

/** Land while somebody draws it: a new area, an area's corners, or a line that cuts one. Every step can be undone. */
export class LandDraft {
	readonly id: string;
	#now = $state.raw<Parts>([[[]]]);
	#past = $state.raw<Parts[]>([]);
	#future = $state.raw<Parts[]>([]);
	/** The corner the keyboard and the buttons speak of. */
	chosen = $state.raw<Corner | null>(null);
	/** The area was closed: what follows moves corners. */
	closed = $state(false);

	constructor(
		readonly mode: 'draw' | 'corners' | 'cut',
		readonly parcel: PlanParcel | null = null,
		shape: Shape | null = null
	) {
		this.id = mode === 'corners' && parcel ? parcel.id : newId();
		const from = shape ?? (mode === 'corners' ? (parcel?.geometry ?? null) : null);
		if (from) [this.#now, this.closed] = [open(from), true];
	}

	get parts(): Parts {
		return this.#now;
	}
	/** What is drawn by taps: the one open ring, or the line. */
	get trail(): LonLat[] {
		return this.closed ? [] : (this.#now[0]?.[0] ?? []);
	}
	get undoable(): boolean {
		return this.#past.length > 0;
	}
	get redoable(): boolean {
		return this.#future.length > 0;
	}
	#turn(next: Parts) {
		this.#past = [...this.#past, this.#now];
		this.#future = [];
		this.#now = next;
	}
	undo() {
		const before = this.#past.at(-1);
		if (!before) return;
		this.#future = [...this.#future, this.#now];
		this.#past = this.#past.slice(0, -1);
		this.#now = before;
		this.chosen = null;
	}
	redo() {
		const next = this.#future.at(-1);
		if (!next) return;
		this.#past = [...this.#past, this.#now];
		this.#future = this.#future.slice(0, -1);
		this.#now = next;
		this.chosen = null;
	}

	/** The next corner of what is being drawn. */
	add([lon, lat]: LonLat) {
		if (!this.closed) this.#turn([[[...this.trail, [nine(lon), nine(lat)]]]]);
	}
	close() {
		if (this.mode !== 'cut' && this.trail.length > 2) this.closed = true;
	}
	/** Remembers where a drag began, so that it is one step. */
	begin() {
		this.#turn(this.#now);
	}
	/** Moves a corner within the step that `begin` opened. */
	drag(corner: Corner, at: LonLat) {
		this.#now = this.#with(corner, (ring, n) => ring.with(n, [nine(at[0]), nine(at[1])]));
	}
	insert(corner: Corner, at: LonLat) {
		this.#turn(
			this.#with(corner, (ring, n) => ring.toSpliced(n + 1, 0, [nine(at[0]), nine(at[1])]))
		);
		this.chosen = [corner[0], corner[1], corner[2] + 1];
	}
	/** A ring keeps at least three corners. */
	remove(corner: Corner) {
		if ((this.#now[corner[0]]?.[corner[1]]?.length ?? 0) <= 3) return;
		this.#turn(this.#with(corner, (ring, n) => ring.toSpliced(n, 1)));
		this.chosen = null;
	}
	/** Another shape in place of this one: widened, or off what blocks. */
	replace(shape: Shape) {
		this.#turn(open(shape));
		this.chosen = null;
	}
	#with([part, ring, n]: Corner, change: (ring: LonLat[], n: number) => LonLat[]): Parts {
		return this.#now.map((rings, p) =>
			p === part ? rings.map((r, k) => (k === ring ? change(r, n) : r)) : rings
		);
	}

	/** The area as it would be kept; null while it is a line or too short. */
	get geometry(): Shape | null {
		if (this.mode === 'cut' || this.#now.some((rings) => (rings[0]?.length ?? 0) < 3)) return null;
		const parts = this.#now.map((rings) => rings.map((ring) => [...ring, ring[0]!]));
		return parts.length === 1
			? { type: 'Polygon', coordinates: parts[0]! }
			: { type: 'MultiPolygon', coordinates: parts };
	}
	/** m²; null while there is none. */
	get area(): number | null {
		const shape = this.geometry;
		return shape && areaOf(shape);
	}
	/** Where the edge crosses itself. */
	get crossing(): LonLat | null {
		const shape = this.geometry;
		if (!shape) return null;
		const rings = shape.type === 'Polygon' ? shape.coordinates : shape.coordinates.flat();
		return crossing(rings) as LonLat | null;
	}
}
