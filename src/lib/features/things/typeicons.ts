import Boxes from '@lucide/svelte/icons/boxes';
import BrickWall from '@lucide/svelte/icons/brick-wall';
import Cable from '@lucide/svelte/icons/cable';
import Ellipsis from '@lucide/svelte/icons/ellipsis';
import Droplets from '@lucide/svelte/icons/droplets';
import Flame from '@lucide/svelte/icons/flame';
import PawPrint from '@lucide/svelte/icons/paw-print';
import Recycle from '@lucide/svelte/icons/recycle';
import Scroll from '@lucide/svelte/icons/scroll';
import Sprout from '@lucide/svelte/icons/sprout';
import StickyNote from '@lucide/svelte/icons/sticky-note';
import Toilet from '@lucide/svelte/icons/toilet';
import TrafficCone from '@lucide/svelte/icons/traffic-cone';
import Trash from '@lucide/svelte/icons/trash-2';
import Warehouse from '@lucide/svelte/icons/warehouse';
import Waves from '@lucide/svelte/icons/waves';
import type { TaskKind } from '$lib/domain/task';

/** One symbol a problem type, the same on the wall's form and on the phone. */
export const typeIcons: Record<TaskKind, typeof Boxes> = {
	TRASH: Trash,
	BIN: Recycle,
	HEAP: Boxes,
	SHED: Warehouse,
	RUIN: BrickWall,
	WATER: Waves,
	SEWAGE: Droplets,
	TOILET: Toilet,
	MANURE: PawPrint,
	FILM: Scroll,
	LINES: Cable,
	ADS: StickyNote,
	ROAD: TrafficCone,
	BURN: Flame,
	GREEN: Sprout,
	OTHER: Ellipsis
};
