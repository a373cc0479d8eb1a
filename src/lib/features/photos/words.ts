import type { PhotoRole, PhotoTwin } from '$lib/domain/photo';
import * as m from '$lib/i18n/paraglide/messages';

export const roleWords: Record<PhotoRole, () => string> = {
	before: m.photos_before,
	after: m.photos_after,
	check: m.photos_check,
	other: m.photos_other
};

export const twinWords: Record<PhotoTwin['kind'], () => string> = {
	same_file: m.photos_twin_same_file,
	same_pixels: m.photos_twin_same_pixels,
	like: m.photos_twin_like
};
