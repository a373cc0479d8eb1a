import { uuid } from '$lib/domain/id';
import { readPeople, useQuota } from '$lib/data/accounts';
import { photoFile } from '$lib/data/photos';
import { readProject } from '$lib/data/projects';
import { refuse } from '$lib/server/answer';
import { fetchDocument } from '$lib/server/documents';
import { needTownship } from '$lib/server/guards';
import { printPapers } from '$lib/server/papers/print';
import { projectPapers } from '$lib/server/papers/projectpapers';
import { projectZip } from '$lib/server/papers/projectzip';
import { fetchPhoto } from '$lib/server/photos/store';
import { projectFileOf } from '$lib/server/projectfile-of';
import type { RequestHandler } from './$types';

const types = {
	docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
	pdf: 'application/pdf',
	zip: 'application/zip'
};

/** 自评报告, 佐证材料目录, or the whole as a zip, made anew from what is on record under the reader's own rights. */
export const GET: RequestHandler = async (event) => {
	const { locals, params } = event;
	if (!locals.account) return refuse('signed_out', 401);
	const { township } = needTownship(event);
	const asked = /^(report|catalogue|all)\.(docx|pdf|zip)$/.exec(params.paper);
	if (!asked || (asked[1] === 'all') !== (asked[2] === 'zip') || !uuid.test(params.id))
		return refuse('not_found', 404);
	if (!(await useQuota(locals.db, 'papers', 60))) return refuse('too_many', 429);
	const [page, people] = await Promise.all([
		readProject(locals.db, township.id, params.id),
		readPeople(locals.db, township.id)
	]);
	if (!page) return refuse('not_found', 404);
	const file = projectFileOf(
		page,
		people.map((p) => p.name),
		{
			photo: async (id) => {
				const photo = await photoFile(locals.db, township.id, id, 'large');
				if (!photo) throw new Error('not_found');
				return fetchPhoto(township.id, photo.id, photo.sha256, 'large');
			},
			document: (sha256) => fetchDocument(township.id, sha256)
		}
	);
	if (!file) return refuse('no_standard', 409);
	const ending = asked[2] as keyof typeof types;
	const send = (body: BodyInit, name: string) =>
		new Response(body, {
			headers: {
				'Content-Type': types[ending],
				'Content-Disposition': `attachment; filename="file.${ending}"; filename*=UTF-8''${encodeURIComponent(name)}.${ending}`,
				'Cache-Control': 'private, no-store',
				'X-Content-Type-Options': 'nosniff',
				Vary: 'Cookie'
			}
		});
	if (ending === 'zip') return send(projectZip(file), `${page.title}申报材料`);
	const paper = projectPapers(file)[asked[1] === 'report' ? 0 : 1]!;
	const sheet = (await printPapers([paper])).find((s) => s.ending === `.${ending}`);
	if (!sheet?.bytes) return refuse('not_printed', 503, sheet?.note ?? '');
	return send(sheet.bytes.slice(), `${page.title}${paper.name}`);
};
