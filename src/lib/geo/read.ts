import {
	layerKinds,
	type Draft,
	type DraftFile,
	type InputFile,
	type Layer,
	type LayerKind,
	type Settings
} from './draft';
import { checkAgainstTownship, townshipBox } from './check';
import { attempt, ignored, readOne } from './detect';
import { newBudget, type Budget } from './geometry';
import { columnsOf } from './kinds';
import { finishLayer, type Pending } from './layer';
import { joinLists } from './ledger/join';
import { placeRows } from './ledger/place';
import { limits } from './limits';
import { locate, settle, type Asking, type Located } from './locate';
import { Problems, Refused } from './problems';
import type { Raw, RawLayer, Source } from './raw';
import { groupParts, partNames, readShapefile } from './read/shapefile';
import { encodings } from './text';
import { sha256 } from './sha256';
import { chinaDay } from '../domain/day';

type Work = {
	settings: Settings;
	problems: Problems;
	budget: Budget;
	today: string;
	kind?: LayerKind;
};
type Waiting = { pending: Pending; asking: Asking; place: number };

/**
 * Reads files of an office into a draft for the preview: formats by content, headings by what they say,
 * coordinates by what they must be. Never throws: what cannot be read is a problem with its file, its line
 * and a code. Every guess can be overruled in `settings` and the same files read again.
 */
export async function readFiles(files: InputFile[], settings: Settings = {}): Promise<Draft> {
	const problems = new Problems();
	const work: Work = {
		settings,
		problems,
		budget: newBudget(),
		today: settings.today ?? chinaDay(),
		kind: layerKinds.find((k) => k === settings.kind)
	};
	const drafts: DraftFile[] = [];
	for (const f of files.slice(0, limits.files))
		drafts.push({
			name: f.name,
			bytes: f.bytes.length,
			sha256: await sha256(f.bytes),
			format: 'unknown',
			guesses: []
		});
	const done = (layers: Layer[]): Draft => ({ files: drafts, layers, problems: problems.finish() });
	if (files.length > limits.files) {
		problems.add('error', 'too_many_files', '', { count: files.length, limit: limits.files });
		return done([]);
	}
	const total = files.reduce((sum, f) => sum + f.bytes.length, 0);
	if (total > limits.bytes) {
		problems.add('error', 'file_too_large', files.length === 1 ? files[0]!.name : '', {
			limit: limits.bytes / 1024 / 1024
		});
		return done([]);
	}
	const pending: Pending[] = [];
	for (const [file, layers] of readAll(files, drafts, work))
		pending.push(...prepare(file, layers, work));
	if (pending.length > limits.layers)
		problems.add('error', 'too_many_layers', '', { count: pending.length, limit: limits.layers });
	const layers = await placeAll(pending.slice(0, limits.layers), work);
	checkAgainstTownship(layers, settings, problems);
	return done(layers);
}

function* readAll(
	files: InputFile[],
	drafts: DraftFile[],
	work: Work
): Generator<[DraftFile, RawLayer[]]> {
	const parts = groupParts(files);
	const sourceOf = (file: string): Source => ({
		file,
		encoding: encodingOf(work.settings, file),
		budget: work.budget,
		problems: work.problems
	});
	for (const [i, file] of files.entries()) {
		const draft = drafts[i]!;
		const base = file.name.replace(/(\.shp\.xml|\.[^.]*)$/i, '').toLowerCase();
		const shape = parts.get(base);
		if (ignored.test(file.name)) {
			work.problems.add('note', 'file_ignored', file.name);
			continue;
		}
		if (!file.bytes.length) {
			work.problems.add('error', 'file_empty', file.name);
			continue;
		}
		if (shape?.shp && partNames.test(file.name)) {
			draft.format = 'shapefile';
			if (!/\.shp$/i.test(file.name)) continue;
		}
		const raw = guarded(file.name, work, (): Raw => {
			if (draft.format !== 'shapefile') return readOne(file, sourceOf(file.name));
			const name = file.name.replace(/^.*\//, '').slice(0, -4);
			return { format: 'shapefile', layers: [readShapefile(name, shape!, sourceOf(file.name))] };
		});
		if (!raw) continue;
		draft.format = raw.format;
		if (
			!raw.layers.some((l) => l.rows.length) &&
			!work.problems.list.some((p) => p.file === file.name && p.severity !== 'note')
		)
			work.problems.add('warning', 'nothing_inside', file.name);
		yield [draft, raw.layers];
	}
}

/** What goes wrong in one file is its own problem. */
function guarded<T>(file: string, work: Work, read: () => T): T | null {
	let result: T | null = null;
	try {
		attempt(work.problems, file, null, () => {
			result = read();
		});
	} catch (error) {
		if (error instanceof Refused) work.problems.add('error', error.code, file, error.details);
		else
			work.problems.add('error', 'file_not_read', file, {
				reason: error instanceof Error ? error.message : ''
			});
	}
	return result;
}

function encodingOf(settings: Settings, file: string): string | undefined {
	const told = own(settings.files, file)?.encoding;
	return told && [...encodings, 'big5', 'windows-1252'].includes(told) ? told : undefined;
}

const own = <T>(record: Record<string, T> | undefined, key: string): T | undefined =>
	record && Object.hasOwn(record, key) ? record[key] : undefined;

function prepare(file: DraftFile, layers: RawLayer[], work: Work): Pending[] {
	const names = new Map<string, number>();
	const out: Pending[] = [];
	const { layers: read, joined } = joinLists(layers);
	if (joined.length)
		work.problems.add('note', 'lists_joined', file.name, {
			layer: joined[0]!,
			lists: joined.join('、')
		});
	for (const raw of read) {
		const times = (names.get(raw.name) ?? 0) + 1;
		names.set(raw.name, times);
		const id = `${file.name}#${raw.name}${times > 1 ? ` ${times}` : ''}`;
		// Readers know a layer by its name only; from here on problems carry its id.
		for (const p of work.problems.list)
			if (p.file === file.name && p.layer === raw.name) p.layer = id;
		const settings = own(work.settings.layers, id) ?? {};
		if (settings.skip) continue;
		const columns = columnsOf(raw, settings.columns);
		if (raw.table && !raw.kind)
			placeRows(
				raw,
				(m) => columns.find((c) => c.meaning === m)?.name ?? null,
				work.problems,
				file.name,
				id
			);
		if (raw.encoding && raw.encoding.why !== 'plain')
			file.guesses.push({
				what: 'encoding',
				layer: layers.length > 1 ? id : null,
				value: raw.encoding.value,
				why: raw.encoding.why,
				alternatives: encodings.filter((e) => e !== raw.encoding!.value)
			});
		out.push({ id, file, raw, columns, settings });
	}
	return out;
}

async function placeAll(pending: Pending[], work: Work): Promise<Layer[]> {
	const layers: (Layer | null)[] = pending.map(() => null);
	const waiting: Waiting[] = [];
	const finish = (i: number, p: Pending, located: Located | null) => {
		layers[i] = guarded(p.file.name, work, () => finishLayer(p, located, work));
	};
	const atOf = (p: Pending) => ({
		file: p.file.name,
		layer: p.id,
		problems: work.problems,
		guesses: p.file.guesses,
		settings: own(work.settings.files, p.file.name) ?? {}
	});
	for (const [i, p] of pending.entries()) {
		const located = await locate(p.raw, atOf(p));
		if (located && 'ask' in located) waiting.push({ pending: p, asking: located, place: i });
		else finish(i, p, located);
	}
	const box = townshipBox(
		layers.filter((l): l is Layer => l !== null),
		work.settings
	);
	for (const w of waiting) finish(w.place, w.pending, settle(w.asking, box, atOf(w.pending)));
	return layers.filter((l): l is Layer => l !== null);
}
