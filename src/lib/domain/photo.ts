/** What a photo shows: the problem, what was put right, what the inspector saw, or anything else. */
export const photoRoles = ['before', 'after', 'check', 'other'] as const;
export type PhotoRole = (typeof photoRoles)[number];
export const photoSizes = ['small', 'large', 'original'] as const;
export type PhotoSize = (typeof photoSizes)[number];

/** Another use of the same picture, told to who checks: a hint, never a verdict. */
export type PhotoTwin = {
	photo: string;
	taskId: string;
	kind: 'same_file' | 'same_pixels' | 'like';
};

export type PhotoLink = {
	id: string;
	role: PhotoRole;
	round: number;
	at: string;
	by: string | null;
	width: number;
	height: number;
	/** Faces or plates were burnt out of this copy. */
	redacted: boolean;
	/** Only for who may prove: the picture before anything was burnt out. */
	originalId?: string;
	twins?: PhotoTwin[];
};

export const photoUrl = (townshipId: string, id: string, size: PhotoSize): string =>
	`/t/${townshipId}/photo/${id}/${size}`;
