import { call, type Db } from './client';

export type TileRows<T> = { tag: string; today?: string; points?: T[] };

/** The tasks of one tile, thinned; without `points` when `tag` is still right; null: nothing for this reader. */
export const readTile = <T>(
	db: Db,
	township: string,
	[z, x, y]: readonly [number, number, number],
	tag: string | null
) =>
	call<TileRows<T> | null>(db, 'task_tile', {
		p_township: township,
		p_z: z,
		p_x: x,
		p_y: y,
		p_tag: tag
	});
