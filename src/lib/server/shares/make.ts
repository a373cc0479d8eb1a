import { applyOp } from '$lib/data/ops';
import { Failure, type Db } from '$lib/data/client';
import { readPreview } from '$lib/data/shared';
import { sealShare } from '$lib/data/shares';
import { newId, newOp, type Outcome } from '$lib/domain/op';
import { lintShare, settle, type Finding } from '$lib/domain/sharelint';
import type { ShareWish } from '$lib/domain/shareops';
import { linkSecret } from '../link-secret';
import { sealPasscode } from './passcode';

/** Who asks: the database under their rights, the server's own, the township and the person. */
export type Maker = { db: Db; admin: Db; townshipId: string; personId: string };
/** The secret is in this answer and nowhere else. */
export type Made = { publicId: string; secret: string } | { findings: Finding[] };

function need(outcome: Outcome): Outcome {
	if (outcome.outcome === 'applied' || outcome.outcome === 'already') return outcome;
	throw new Failure(outcome.reason ?? 'unavailable', outcome.detail ?? '', 403);
}

/** A link, once everything in its content that must be looked at was; else what is left to look at. */
export async function makeShare(maker: Maker, wish: ShareWish): Promise<Made> {
	const { id, passcode, looked, ...rest } = wish;
	const content = await readPreview(
		maker.db,
		maker.townshipId,
		wish.kind,
		wish.subject,
		wish.options
	);
	if (!content) throw new Failure('not_found', '', 404);
	const found = lintShare(content);
	const findings = settle(found, new Set(looked));
	if (!findings) return { findings: found };
	const { secret, sha256 } = linkSecret();
	const seal = newId();
	await sealShare(maker.admin, {
		township_id: maker.townshipId,
		person: maker.personId,
		id: seal,
		sha256,
		...(passcode ? await sealPasscode(passcode) : {}),
		findings,
		looked: content.photos.map((p) => p.id)
	});
	const op = newOp('share.create', maker.townshipId, id, { ...rest, seal });
	const { publicId } = need(await applyOp(maker.db, op));
	return { publicId: publicId ?? '', secret };
}

/** A new secret for the same page: the old link and its open doors end with it. */
export async function renewShare(maker: Maker, shareId: string): Promise<{ secret: string }> {
	const { secret, sha256 } = linkSecret();
	const seal = newId();
	const { townshipId, personId } = maker;
	await sealShare(maker.admin, { township_id: townshipId, person: personId, id: seal, sha256 });
	need(await applyOp(maker.db, newOp('share.edit', townshipId, shareId, { secret: seal })));
	return { secret };
}

/** Another passcode, or none. */
export async function setPasscode(
	maker: Maker,
	shareId: string,
	passcode: string | null
): Promise<Outcome> {
	const seal = passcode === null ? null : newId();
	const { townshipId, personId } = maker;
	if (seal)
		await sealShare(maker.admin, {
			township_id: townshipId,
			person: personId,
			id: seal,
			...(await sealPasscode(passcode!))
		});
	return need(
		await applyOp(maker.db, newOp('share.edit', townshipId, shareId, { passcode: seal }))
	);
}
