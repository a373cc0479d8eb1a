import type { ControlFit } from './control';
import { anyPrefix, crsOf, infer, zonesWithoutPrefix, type Box, type Crs, type NoCrs } from './crs';
import type { FileSettings, Guess } from './draft';
import { boxOf } from './geometry';
import { limits } from './limits';
import { byControl } from './locate-control';
import type { Problems } from './problems';
import type { RawLayer } from './raw';
import { crsOfWkt } from './wkt';

/** Where a layer's coordinates are, and how sure that is. */
export type Located = {
	id: string;
	confidence: number;
	/** Only where control points brought it here. */
	fit?: ControlFit;
	/** True where it may be metres off: shifted systems and old datums. */
	approximate?: boolean;
	/** Raw [x, y] to lon/lat. */
	convert: (xy: readonly number[]) => [number, number];
};
/** A plane without zone: which one it is only its neighbours tell. */
export type Asking = { ask: string[]; swapped: boolean; box: Box };
export type At = {
	file: string;
	layer: string;
	problems: Problems;
	guesses: Guess[];
	settings: FileSettings;
};

const shifts = ['none', 'gcj02', 'bd09'];
const usual = ['EPSG:4490', 'EPSG:4326', 'GCJ-02', 'BD-09', 'EPSG:3857', ...zonesWithoutPrefix];

const turned = (crs: Crs, swapped: boolean): Located['convert'] =>
	swapped ? ([x, y]) => crs.toLonLat([y!, x!]) : crs.toLonLat;

/** Declared system, or the one the size of the numbers gives; null with an error said when there is none. */
export async function locate(layer: RawLayer, at: At): Promise<Located | Asking | null> {
	const box = boxOf(layer.rows.map((r) => r.geometry));
	if (!box) return { id: '', confidence: 0, convert: ([x, y]) => [x!, y!] };
	const { settings, problems, file } = at;
	if (settings.control)
		return byControl(settings.control, (await declaredOf(layer))?.id ?? 'unknown', box, at);
	const told =
		settings.crs ?? (settings.shift && settings.shift !== 'none' ? settings.shift : undefined);
	if (told) {
		const crs = crsOf(told);
		if ('refused' in crs) {
			problems.add('error', codeOf(crs.refused), file, { layer: at.layer, crs: crs.id });
			return null;
		}
		const swapped = !crs.geographic && infer(box, layer.surveyed)?.swapped === true;
		const shifted = crs.id === 'GCJ-02' || crs.id === 'BD-09';
		const declared = await declaredOf(layer);
		const old = declared !== null && 'refused' in declared && declared.refused === 'old_datum';
		if (old) problems.add('warning', 'crs_old_shown', file, { layer: at.layer, crs: declared.id });
		// Still listed, so that the answer can be changed again.
		at.guesses.push(
			settings.crs
				? { what: 'crs', layer: at.layer, value: crs.id, why: 'chosen', alternatives: usual }
				: { what: 'shift', layer: at.layer, value: told, why: 'chosen', alternatives: shifts }
		);
		return {
			id: crs.id,
			confidence: old ? 0.3 : shifted ? 0.7 : 0.9,
			approximate: old || shifted,
			convert: turned(anyPrefix(crs), swapped)
		};
	}
	if (layer.mayBeShifted) {
		const shifted = settings.shift === undefined && layer.mayBeShifted === 'gcj02';
		const value = shifted ? 'gcj02' : 'none';
		const why = settings.shift ? 'chosen' : shifted ? 'ovital' : 'by_definition';
		const alternatives = shifts.filter((x) => x !== value);
		at.guesses.push({ what: 'shift', layer: at.layer, value, why, alternatives });
		const crs = crsOf(shifted ? 'gcj02' : 'wgs84') as Crs;
		return {
			id: crs.id,
			confidence: shifted ? 0.7 : 0.9,
			approximate: shifted,
			convert: crs.toLonLat
		};
	}
	const crs = await declaredOf(layer);
	if (crs && layer.declared) {
		if ('refused' in crs) {
			problems.add('error', codeOf(crs.refused), file, { layer: at.layer, crs: crs.id });
			at.guesses.push({
				what: 'crs',
				layer: at.layer,
				value: 'unknown',
				why: crs.refused,
				alternatives: zonesWithoutPrefix
			});
			return null;
		}
		const guess = infer(box, layer.surveyed);
		const swapped = guess?.swapped === true;
		if (fits(crs, box, swapped) || !guess) {
			if (swapped && !crs.geographic)
				problems.add('warning', 'axes_swapped', file, { layer: at.layer });
			if ('why' in layer.declared && layer.declared.why)
				at.guesses.push({
					what: 'crs',
					layer: at.layer,
					value: crs.id,
					why: layer.declared.why,
					alternatives: layer.declared.alternatives ?? []
				});
			const shifted = crs.id === 'GCJ-02' || crs.id === 'BD-09';
			return {
				id: crs.id,
				confidence: shifted ? 0.7 : 0.95,
				approximate: shifted,
				convert: turned(crs, swapped)
			};
		}
		problems.add('warning', 'crs_conflict', file, { layer: at.layer, crs: crs.id });
	}
	return inferred(box, layer.surveyed, at);
}

async function declaredOf(layer: RawLayer): Promise<Crs | NoCrs | null> {
	const { declared } = layer;
	if (!declared) return null;
	return 'wkt' in declared ? crsOfWkt(declared.wkt) : crsOf(declared.crs);
}

const codeOf = (refused: string) => (refused === 'old_datum' ? 'crs_old_datum' : 'crs_not_known');

/** Whether the declared system puts the data where its numbers can be. */
function fits(crs: Crs, box: Box, swapped: boolean): boolean {
	const middle = [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
	if (crs.geographic)
		return (
			Math.abs(box[0]) <= 180 &&
			Math.abs(box[2]) <= 180 &&
			Math.abs(box[1]) <= 180 &&
			Math.abs(box[3]) <= 180
		);
	const [lon, lat] = turned(crs, swapped)(middle);
	return lon > 73 && lon < 136 && lat > 3 && lat < 54;
}

function inferred(box: Box, surveyed: boolean | undefined, at: At): Located | Asking | null {
	const guess = infer(box, surveyed);
	if (!guess) {
		at.problems.add('error', 'crs_missing', at.file, { layer: at.layer });
		at.guesses.push({
			what: 'crs',
			layer: at.layer,
			value: 'unknown',
			why: 'magnitude',
			alternatives: ['EPSG:4490', 'EPSG:3857', ...zonesWithoutPrefix]
		});
		return null;
	}
	if (guess.swapped) at.problems.add('warning', 'axes_swapped', at.file, { layer: at.layer });
	if ('ask' in guess) return { ask: guess.ask, swapped: guess.swapped, box };
	at.guesses.push({
		what: 'crs',
		layer: at.layer,
		value: guess.crs,
		why: guess.why,
		alternatives: guess.alternatives
	});
	const crs = crsOf(guess.crs) as Crs;
	return {
		id: crs.id,
		confidence: crs.geographic ? 0.8 : 0.85,
		convert: turned(crs, guess.swapped)
	};
}

/** The zone that puts a plane inside the township; an error that asks when none or nothing is known. */
export function settle(asking: Asking, township: Box | null, at: At): Located | null {
	const [w, s, e, n] = asking.swapped
		? [asking.box[1], asking.box[0], asking.box[3], asking.box[2]]
		: asking.box;
	const middle = [(w + e) / 2, (s + n) / 2];
	const found = township
		? asking.ask.find((code) => isNear((crsOf(code) as Crs).toLonLat(middle), township))
		: undefined;
	at.guesses.push({
		what: 'crs',
		layer: at.layer,
		value: found ?? 'unknown',
		why: found ? 'inside_township' : 'zone_missing',
		alternatives: asking.ask.filter((a) => a !== found)
	});
	if (!found) {
		at.problems.add('error', 'zone_missing', at.file, { layer: at.layer });
		return null;
	}
	return { id: found, confidence: 0.6, convert: turned(crsOf(found) as Crs, asking.swapped) };
}

/** Inside a box of degrees, with the kilometres of the limit around it. */
export function isNear(
	[lon, lat]: readonly number[],
	[w, s, e, n]: Box,
	km: number = limits.far
): boolean {
	const dy = km / 111;
	const dx = dy / Math.cos((lat! * Math.PI) / 180);
	return lon! >= w - dx && lon! <= e + dx && lat! >= s - dy && lat! <= n + dy;
}
