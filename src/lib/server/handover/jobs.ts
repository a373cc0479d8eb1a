import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { env } from '$env/dynamic/private';
import type { HandoverJob } from '$lib/domain/handover';
import { backend } from '../backend';
import { logLine } from '../logline';
import { fromBackend } from './backend';
import { exportTownship } from './export';
import { HandoverRefused } from './refusal';

type Job = HandoverJob & { townshipId: string; personId: string; file: string };

/** A made file waits two hours to be fetched. It is personal data: then it goes, and with the next start. */
const keptFor = 2 * 3_600_000;
const jobs = new Map<string, Job>();
let swept = false;

function folder(): string {
	const at = path.join(env.XT_DATA ?? 'data/demo', 'handover');
	mkdirSync(at, { recursive: true, mode: 0o700 });
	if (!swept) for (const old of readdirSync(at)) rmSync(path.join(at, old), { force: true });
	swept = true;
	return at;
}

/** Files are written where the database is this program's own; on a Supabase elsewhere its backups do this. */
export const canHandOver = (): boolean => Boolean(backend().embedded);

/** One is written at a time. */
export const isBusy = (): boolean => [...jobs.values()].some((j) => !j.made && !j.failed);

export function startJob(
	township: { id: string; name: string },
	personId: string,
	passphrase: string | null,
	day: string
): string {
	const id = randomUUID();
	const ending = passphrase === null ? 'zip' : 'xiangtu';
	const job: Job = {
		step: 'tables',
		fraction: 0,
		failed: null,
		made: null,
		name: `${township.name}_${day}_移交.${ending}`,
		townshipId: township.id,
		personId,
		file: path.join(folder(), id)
	};
	jobs.set(id, job);
	const work = exportTownship(
		fromBackend(backend().embedded!),
		township.id,
		job.file,
		passphrase,
		(step, fraction) => Object.assign(job, { step, fraction })
	);
	void work.then(
		({ file: _file, ...made }) => {
			job.made = made;
			setTimeout(() => removeJob(id), keptFor).unref();
		},
		(error: unknown) => {
			job.failed = error instanceof HandoverRefused ? error.code : 'unavailable';
			logLine({ fault: 'handover', why: error instanceof Error ? error.message : String(error) });
			setTimeout(() => jobs.delete(id), keptFor).unref();
		}
	);
	return id;
}

/** Whoever began it, nobody else. */
function own(id: string, townshipId: string, personId: string): Job | undefined {
	const job = jobs.get(id);
	return job?.townshipId === townshipId && job.personId === personId ? job : undefined;
}

export function jobState(id: string, townshipId: string, personId: string): HandoverJob | null {
	const job = own(id, townshipId, personId);
	if (!job) return null;
	const { step, fraction, failed, made, name } = job;
	return { step, fraction, failed, made, name };
}

export function jobFile(id: string, townshipId: string, personId: string) {
	const job = own(id, townshipId, personId);
	return job?.made ? { file: job.file, name: job.name, bytes: job.made.bytes } : null;
}

export function removeJob(id: string): void {
	const job = jobs.get(id);
	if (!job) return;
	jobs.delete(id);
	rmSync(job.file, { force: true });
}

export const ownsJob = (id: string, townshipId: string, personId: string): boolean =>
	Boolean(own(id, townshipId, personId));
