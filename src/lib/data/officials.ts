import type {
	DistrictPage,
	InstructionsPage,
	InstructionKind,
	Left,
	ShareAnswers
} from '$lib/domain/official';
import type { ShareWords } from '$lib/domain/officialops';
import type { Outcome } from '$lib/domain/op';
import { call, type Db } from './client';

/** The township's register; null where it may not be seen. */
export const readInstructions = (db: Db, townshipId: string): Promise<InstructionsPage | null> =>
	call(db, 'instructions_page', { p_township: townshipId });

/** What was left on one item, its steps and blockers. */
export const readLeft = async (
	db: Db,
	townshipId: string,
	kind: InstructionKind,
	id: string
): Promise<Left> =>
	(await call<Left | null>(db, 'instructions_on', {
		p_township: townshipId,
		p_kind: kind,
		p_id: id
	})) ?? { official: false, rows: [] };

/** Notes that this person looks over the district now; gives the look before, null the first time. */
export const lookOverDistrict = async (db: Db): Promise<string | null> =>
	(await call<{ since: string | null } | null>(db, 'district_look'))?.since ?? null;

/** Every township this person looks after from above; null where there is none. */
export const readDistrict = (db: Db, since: string | null): Promise<DistrictPage | null> =>
	call(db, 'district_page', { p_since: since });

/** Asked by the server itself (`admin`): what readers of a share left, and the township's replies. */
export const readShareAnswers = (
	admin: Db,
	publicId: string,
	door: string
): Promise<ShareAnswers> => call(admin, 'share_answers', { p_public_id: publicId, p_door: door });

/** Asked by the server itself (`admin`): what a reader of a share sent. */
export const answerByShare = (
	admin: Db,
	publicId: string,
	door: string,
	words: ShareWords
): Promise<Outcome> =>
	call(admin, 'share_answer', { p_public_id: publicId, p_door: door, p: words });
