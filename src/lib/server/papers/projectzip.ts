import { promisify } from 'node:util';
import { deflateRaw } from 'node:zlib';
import { Zip, strToU8, type ZipInputFile } from 'fflate';
import type { ProjectFile } from '$lib/domain/projectfile';
import { crc32 } from '$lib/geo/crc';
import { endingOf, safeName, uniqueNames } from './filename';
import { numberExhibits, type Slot } from './numbered';
import { printPapers } from './print';
import { projectPapers } from './projectpapers';

/**
 * A zip without the 64-bit extension ends here (less room for its directory); the unpackers of offices do
 * not all know the extension.
 */
const mostBytes = 0xffff_ffff - 64 * 1024 * 1024;
const mostFiles = 60_000;

/**
 * The project file as one zip: the papers as DOCX and PDF, the exhibits in folders named by section and item.
 * An exhibit is read only when the reader has taken the one before, so no more than one is held. What could
 * not go in is written in 未放入的内容.txt; the zip is whole all the same. Throws `TooMuch` for too many files;
 * the stream fails with it when there are too many bytes.
 */
export function projectZip(file: ProjectFile): ReadableStream<Uint8Array> {
	if (file.exhibits.length > mostFiles) throw new TooMuch();
	const chunks = zipped(members(file));
	return new ReadableStream<Uint8Array>(
		{
			async pull(controller) {
				const { done, value } = await chunks.next();
				if (done) controller.close();
				else controller.enqueue(value);
			},
			async cancel() {
				await chunks.return(undefined);
			}
		},
		// Nothing is made before somebody reads.
		{ highWaterMark: 0 }
	);
}

type Member = { path: string; day: string; packed: boolean; bytes: Uint8Array };

async function* members(file: ProjectFile): AsyncGenerator<Member> {
	const name = uniqueNames();
	const left: string[] = [];
	const of = (path: string, bytes: Uint8Array, day = file.day): Member => ({
		path,
		day,
		packed: /\.(jpe?g|png|heic|webp|zip|docx|xlsx|pptx|pdf|mp4|mov)$/.test(path),
		bytes
	});
	const papers = projectPapers(file);
	for (const sheet of await printPapers(papers)) {
		const paper = papers[sheet.paper]!.name;
		if (sheet.note) left.push(`${paper}${sheet.ending}：${sheet.note}`);
		if (sheet.bytes) yield of(name('', paper, sheet.ending), sheet.bytes);
	}
	for (const { exhibit, slot, number } of numberExhibits(file)) {
		if (!exhibit.file) continue;
		const serial = number.slice(number.lastIndexOf('-') + 1);
		const path = name(folderOf(slot), `${serial} ${exhibit.title}`, endingOf(exhibit.file.name));
		const bytes = await exhibit.file.bytes().catch(() => null);
		if (bytes) yield of(path, bytes, exhibit.day ?? file.day);
		else left.push(`${number} ${exhibit.title}：原文件读不出来，没有放进压缩包。`);
	}
	// With the mark that Windows' editor needs to know UTF-8.
	if (left.length) yield of('未放入的内容.txt', strToU8(`\ufeff${left.join('\r\n')}\r\n`));
}

/** '2 环境卫生/2.5 旅游厕所/', what belongs to no item in '其他 材料/'. */
const folderOf = ({ code, zh, folder }: Slot): string =>
	[folder, ...(code ? [{ code, zh }] : [])]
		// What stands in brackets explains and makes long names.
		.map((part) => safeName(`${part.code} ${part.zh.replace(/（.*$/, '')}`, '', 30))
		.map((name) => `${name}/`)
		.join('');

/** More than a zip can hold; said before the archive would be wrong. */
export class TooMuch extends Error {
	constructor() {
		super('材料超过4GB或者60000件，一个压缩包放不下。请分批导出。');
	}
}

async function* zipped(files: AsyncGenerator<Member>): AsyncGenerator<Uint8Array> {
	const ready: Uint8Array[] = [];
	let failed: Error | null = null;
	let sent = 0;
	const zip = new Zip((error, chunk) => {
		if (error) failed = error;
		else if (chunk.length) ready.push(chunk);
	});
	function* taken() {
		for (let chunk = ready.shift(); chunk; chunk = ready.shift()) {
			if (failed) throw failed;
			sent += chunk.length;
			yield chunk;
		}
		if (failed) throw failed;
	}
	for await (const { path, day, packed, bytes } of files) {
		if (sent + bytes.length > mostBytes) throw new TooMuch();
		// fflate's own packer keeps a quarter of a megabyte a file until the end; zlib works beside this thread.
		const body = packed ? bytes : await promisify(deflateRaw)(bytes);
		const [year, month, date] = day.split('-').map(Number) as [number, number, number];
		const member: ZipInputFile = {
			filename: path,
			size: bytes.length,
			crc: crc32(bytes),
			compression: packed ? 0 : 8,
			mtime: new Date(Math.min(2099, Math.max(1980, year)), month - 1, date, 12)
		};
		zip.add(member);
		member.ondata!(null, body as Uint8Array<ArrayBuffer>, true);
		yield* taken();
	}
	zip.end();
	yield* taken();
}
