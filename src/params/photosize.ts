import { photoSizes, type PhotoSize } from '$lib/domain/photo';

export const match = (param: string): param is PhotoSize =>
	(photoSizes as readonly string[]).includes(param);
