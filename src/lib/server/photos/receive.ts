import { readFile } from 'node:fs/promises';
import { Failure } from '$lib/data/client';
import { photoKnown, photoPut, type KnownPhoto } from '$lib/data/photos';
import { photoLimits, type Box } from '$lib/domain/photo';
import { backend } from '../backend';
import { developInProcess, inTurn } from './darkroom';
import type { Developed } from './develop';
import { Refused } from './format';
import { spool, spoolBytes } from '../spool';
import { fetchPhoto, keepPhoto } from './store';

type Where = { townshipId: string; id: string; personId: string };

const told = (k: KnownPhoto): KnownPhoto => ({
	id: k.id,
	sha256: k.sha256,
	width: k.width,
	height: k.height
});

/** Our own refusals as answers of the route: too costly is 413, not a photo is 415. */
function asFailure(error: unknown): unknown {
	if (!(error instanceof Refused)) return error;
	const status = ['photo_heic', 'photo_type', 'photo_animated'].includes(error.code)
		? 415
		: /too_/.test(error.code)
			? 413
			: error.code === 'photo_crashed'
				? 503
				: 422;
	return new Failure(error.code, error.detail, status);
}

/**
 * Takes the original bytes of a photo once: sent again it answers the same, other bytes under the same id are
 * refused (`id_reused` with the hash that is here). The answer names what is stored, not what was sent.
 */
export async function receivePhoto(
	where: Where,
	body: ReadableStream<Uint8Array> | null,
	claimed: string | null
): Promise<KnownPhoto> {
	const { admin } = backend();
	const { townshipId, id, personId } = where;
	// Asked first: whoever may not send is not decoded for, and a repeat costs nothing.
	const known = await photoKnown(admin, townshipId, id, personId);
	const spooled = await spool(body, photoLimits.bytes, 'photo_cut');
	try {
		if (claimed && claimed.toLowerCase() !== spooled.sha256)
			throw new Failure('photo_cut', spooled.sha256, 400);
		if (known) return answerKnown(known, spooled.sha256);
		return await inTurn(async () => {
			const developed = await developInProcess(spooled.file);
			return keep(where, developed, await readFile(spooled.file));
		});
	} catch (error) {
		throw asFailure(error);
	} finally {
		await spooled.remove();
	}
}

function answerKnown(known: KnownPhoto, sha256: string): KnownPhoto {
	if (known.sha256 !== sha256) throw new Failure('id_reused', known.sha256, 409);
	return told(known);
}

/** Burns boxes into the photo `source` and keeps the result as a photo of its own. */
export async function redactPhoto(
	where: Where,
	source: { id: string; sha256: string },
	boxes: Box[]
): Promise<KnownPhoto> {
	const { townshipId, id, personId } = where;
	const known = await photoKnown(backend().admin, townshipId, id, personId);
	if (known) return told(known);
	const bytes = await fetchPhoto(townshipId, source.id, source.sha256, 'original');
	const spooled = await spoolBytes(bytes);
	try {
		return await inTurn(async () => {
			const developed = await developInProcess(spooled.file, boxes);
			return keep(where, developed, developed.file!, source.id);
		});
	} catch (error) {
		throw asFailure(error);
	} finally {
		await spooled.remove();
	}
}

async function keep(
	{ townshipId, id, personId }: Where,
	d: Developed,
	original: Uint8Array,
	redactedOf?: string
): Promise<KnownPhoto> {
	// Files first: a row never speaks of a file that is not there.
	await keepPhoto(townshipId, id, d.sha256, {
		original: { bytes: original, type: `image/${d.format}` },
		large: { bytes: d.large, type: 'image/jpeg' },
		small: { bytes: d.small, type: 'image/jpeg' }
	});
	try {
		return told(
			await photoPut(backend().admin, {
				township_id: townshipId,
				id,
				person: personId,
				sha256: d.sha256,
				pixels_sha256: d.pixelsSha256,
				hashes: d.hashes,
				format: d.format,
				bytes: original.byteLength,
				width: d.width,
				height: d.height,
				claims: d.claims,
				...(redactedOf ? { redacted_of: redactedOf } : {})
			})
		);
	} catch (error) {
		if (error instanceof Failure && error.code === 'id_reused')
			throw new Failure('id_reused', error.detail, 409);
		throw error;
	}
}
