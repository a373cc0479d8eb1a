import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { readArchive, type Member } from './archive';
import { fileChunks } from './bytes';
import {
	aboutSchema,
	formatNumber,
	keptSchema,
	manifestSchema,
	type About,
	type Kept,
	type Manifest
} from './manifest';
import { HandoverRefused } from './refusal';
import { isSealed, unsealed } from './seal';

const sha = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** The members of a hand-over file, sealed or not. */
export async function* membersOf(file: string, passphrase: string | null): AsyncGenerator<Member> {
	const handle = await open(file, 'r');
	const head = new Uint8Array(8);
	await handle.read(head, 0, 8, 0).finally(() => handle.close());
	const shut = isSealed(head);
	if (shut && passphrase === null) throw new HandoverRefused('needs_passphrase');
	yield* readArchive(shut ? unsealed(fileChunks(file), passphrase!) : fileChunks(file));
}

function parse<T>(member: Member, schema: { parse: (v: unknown) => T }): T {
	try {
		return schema.parse(JSON.parse(Buffer.from(member.bytes).toString('utf8')));
	} catch {
		throw new HandoverRefused('damaged', member.name);
	}
}

/** Whether this program reads that file at all. */
function whyNotOpen(about: About, migrations: readonly string[]): void {
	if (about.format > formatNumber) throw new HandoverRefused('format_newer', String(about.format));
	const newer = about.migrations.filter((v) => !migrations.includes(v));
	if (newer.length) throw new HandoverRefused('schema_newer', newer.at(-1)!);
	const older = migrations.filter((v) => !about.migrations.includes(v));
	if (older.length) throw new HandoverRefused('schema_older', about.migrations.at(-1) ?? '');
}

/**
 * Reads the whole file once, keeping nothing but its directory, and compares every part with the manifest. Throws
 * `HandoverRefused`; nothing was written then.
 */
export async function verifyFile(
	file: string,
	passphrase: string | null,
	migrations: readonly string[]
): Promise<{ manifest: Manifest; kept: Kept[] }> {
	const seen = new Map<string, string>();
	const kept: Kept[] = [];
	let about: About | undefined;
	let manifest: Manifest | undefined;
	for await (const member of membersOf(file, passphrase)) {
		if (!about) {
			if (member.name !== 'about.json') throw new HandoverRefused('not_a_handover');
			about = parse(member, aboutSchema);
			whyNotOpen(about, migrations);
			continue;
		}
		if (manifest || seen.has(member.name)) throw new HandoverRefused('damaged', member.name);
		if (member.name === 'manifest.json') {
			manifest = parse(member, manifestSchema);
			continue;
		}
		const digest = sha(member.bytes);
		seen.set(member.name, digest);
		if (member.name.startsWith('list/'))
			for (const line of linesOf(member))
				kept.push(parse({ name: member.name, bytes: Buffer.from(line) }, keptSchema));
	}
	if (!about) throw new HandoverRefused('not_a_handover');
	if (!manifest) throw new HandoverRefused('part_missing', 'manifest.json');
	const { tables, files, chain: _chain, ...same } = manifest;
	if (JSON.stringify(same) !== JSON.stringify(about))
		throw new HandoverRefused('damaged', 'manifest.json');
	const due = [...tables.flatMap((t) => t.parts), ...files.list];
	for (const k of kept) due.push({ name: `files/${k.sha256}`, sha256: k.sha256 });
	for (const part of due) {
		const found = seen.get(part.name);
		if (found === undefined) throw new HandoverRefused('part_missing', part.name);
		if (found !== part.sha256) throw new HandoverRefused('damaged', part.name);
	}
	const named = new Set(due.map((p) => p.name));
	for (const name of seen.keys()) if (!named.has(name)) throw new HandoverRefused('damaged', name);
	if (kept.length !== files.count) throw new HandoverRefused('part_missing', 'list');
	return { manifest, kept };
}

export const linesOf = (member: Member): string[] =>
	Buffer.from(member.bytes).toString('utf8').split('\n').filter(Boolean);
