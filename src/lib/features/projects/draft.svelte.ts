import type { Geometry, Position } from 'geojson';
import { newId, type Payload } from '$lib/domain/op';
import type { Feature, FeatureKind } from '$lib/domain/project';

export const shapes = ['Point', 'LineString', 'Polygon'] as const;
export type Shape = (typeof shapes)[number];
type Drawn = NonNullable<Payload<'feature.edit'>['geometry']>;
type LonLat = [number, number];

/** How a kind is drawn unless somebody says otherwise. */
export const usualShape = (kind: FeatureKind): Shape =>
	kind === 'route' || kind === 'road' ? 'LineString' : 'Point';

const seven = (n: number): number => Math.round(n * 1e7) / 1e7;

/** What a form about a feature holds while somebody types and draws. */
export class FeatureDraft {
	readonly id: string;
	kind = $state<FeatureKind>('toilet');
	shape = $state<Shape>('Point');
	name = $state('');
	amount = $state('');
	note = $state('');
	corners = $state.raw<LonLat[]>([]);
	/** Drawn anew; until then an edit leaves the place as it is. */
	moved = $state(false);

	/** `old`: the feature that is edited. */
	constructor(readonly old: Feature | null = null) {
		this.id = old?.id ?? newId();
		if (!old) return;
		this.kind = old.kind;
		this.shape = shapes.find((s) => s === old.geometry.type) ?? 'Point';
		this.name = old.name;
		this.amount = old.amount === null ? '' : String(old.amount);
		this.note = old.note;
	}

	turn(kind: FeatureKind) {
		if (!this.old && this.shape === usualShape(this.kind)) this.reshape(usualShape(kind));
		this.kind = kind;
	}
	reshape(shape: Shape) {
		this.shape = shape;
		this.clear();
	}
	pick([lon, lat]: Position | LonLat) {
		const at: LonLat = [seven(lon!), seven(lat!)];
		this.corners = this.shape === 'Point' ? [at] : [...this.corners, at];
		this.moved = true;
	}
	back() {
		this.corners = this.corners.slice(0, -1);
		// With none left an edit is where it began.
		if (this.corners.length === 0) this.clear();
	}
	clear() {
		this.corners = [];
		this.moved = this.old !== null && this.shape !== this.old.geometry.type;
	}

	get geometry(): Drawn | null {
		const [first, second, third] = this.corners;
		switch (this.shape) {
			case 'Point':
				return first ? { type: 'Point', coordinates: first } : null;
			case 'LineString':
				return second ? { type: 'LineString', coordinates: this.corners } : null;
			case 'Polygon':
				return third ? { type: 'Polygon', coordinates: [[...this.corners, first!]] } : null;
		}
	}
	get amountWrong(): boolean {
		const n = Number(this.amount);
		return this.amount.trim() !== '' && !(n >= 0 && n <= 1e7);
	}
	get ready(): boolean {
		return !this.amountWrong && (this.geometry !== null || (this.old !== null && !this.moved));
	}
	get fields(): Omit<Payload<'feature.edit'>, 'geometry'> & { kind: FeatureKind } {
		return {
			kind: this.kind,
			name: this.name.trim(),
			amount: this.amount.trim() === '' ? null : Number(this.amount),
			note: this.note.trim()
		};
	}
}

/** A feature's fields as an edit that puts them back would send them. */
export const fieldsOf = ({ kind, name, amount, note, geometry }: Feature) => ({
	kind,
	name,
	amount,
	note,
	...(isDrawn(geometry) && { geometry })
});
const isDrawn = (g: Geometry): g is Drawn => (shapes as readonly string[]).includes(g.type);
