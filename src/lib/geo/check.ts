import { boxOf } from './geometry';
import type { Box } from './crs';
import type { Layer, Settings } from './draft';
import { bareVillage } from './ledger/rowreader';
import { limits } from './limits';
import { isNear } from './locate';
import type { Problems } from './problems';

/** The township's box: as known already, or from the outline or the villages that come in. */
export function townshipBox(layers: Layer[], settings: Settings): Box | null {
	if (settings.box) return settings.box;
	for (const kind of ['outline', 'villages', 'groups'] as const) {
		const found = boxOf(
			layers
				.filter((l) => l.kind === kind && l.confidence >= 0.6)
				.flatMap((l) => l.rows.map((r) => r.geometry))
		);
		if (found) return found;
	}
	return null;
}

/** Doubts what lies far outside the township, and names of villages that nobody drew. */
export function checkAgainstTownship(
	layers: Layer[],
	settings: Settings,
	problems: Problems
): void {
	const box = townshipBox(layers, settings);
	if (box)
		for (const layer of layers)
			for (const row of layer.rows) {
				const own = row.geometry && boxOf([row.geometry]);
				if (!own || (isNear([own[0], own[1]], box) && isNear([own[2], own[3]], box))) continue;
				problems.add('warning', 'far_from_township', layer.file, {
					layer: layer.id,
					line: row.n,
					limit: limits.far
				});
			}
	const villages = new Set<string>();
	for (const layer of layers)
		if (layer.kind === 'villages')
			for (const row of layer.rows) if (row.parsed) villages.add(bareVillage(row.parsed.name));
	if (!villages.size) return;
	for (const layer of layers) {
		if (
			layer.kind !== 'tasks' &&
			layer.kind !== 'plans' &&
			layer.kind !== 'projects' &&
			layer.kind !== 'groups'
		)
			continue;
		const said = new Set<string>();
		for (const row of layer.rows) {
			const name = (row.parsed as { villageName: string } | null)?.villageName;
			if (!name || villages.has(bareVillage(name)) || said.has(name)) continue;
			said.add(name);
			problems.add('warning', 'village_not_known', layer.file, {
				layer: layer.id,
				line: row.n,
				name
			});
		}
	}
}
