import type { Format, InputFile } from './draft';
import { Refused, type Problems } from './problems';
import type { Raw, RawLayer, Source } from './raw';
import { readBoundary, isBoundary } from './read/boundary';
import { isCorners, readCorners } from './read/corners';
import { readCsv } from './read/csv';
import { isDxf, readDxf } from './read/dxf';
import { readGeoJson } from './read/geojson';
import { readGpkg } from './read/gpkg';
import { readGpx } from './read/gpx';
import { readKml } from './read/kml';
import { groupParts, partNames, readShapefile } from './read/shapefile';
import { isSqlite } from './read/sqlite';
import { readXlsx } from './read/xlsx';
import { tableOf } from './ledger/table';
import { decodeStart, plain } from './text';
import { isZip, listZip, unzip, type Member } from './zip';

export const ignored =
	/(^|\/)(\.DS_Store|Thumbs\.db|desktop\.ini|~\$[^/]*|\._[^/]*)$|(^|\/)__MACOSX\//i;
const extension = (name: string): string => /\.([^./\\]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';

/** What a file is by its first bytes; the name decides only where they do not. */
export function sniff(file: InputFile): Format | 'zip' | 'table' {
	const { bytes, name } = file;
	const ext = extension(name);
	if (isZip(bytes)) {
		if (/^(kmz|ovkmz)$/.test(ext)) return 'kmz';
		if (/^xls[xm]?$|^et$/.test(ext)) return 'xlsx';
		return 'zip';
	}
	if (/^(kmz|ovkmz|zip|xlsx|xlsm)$/.test(ext))
		throw new Refused(bytes[0] === 0xd0 && bytes[1] === 0xcf ? 'file_locked' : 'zip_broken');
	if (isSqlite(bytes)) return 'gpkg';
	const head = decodeStart(bytes, 600).trimStart();
	if (/^(dbf|prj|cpg|shx)$/.test(ext)) throw new Refused('shp_missing', { name });
	if (/^[{[\x1e]/.test(head) && !isBoundary(head)) return 'geojson'; // eslint-disable-line no-control-regex
	if (head.startsWith('<')) {
		const more = plain(bytes.subarray(0, 4000), 'windows-1252');
		if (/<(\w+:)?gpx[\s>]/i.test(more) || ext === 'gpx') return 'gpx';
		if (/<(\w+:)?kml[\s>]/i.test(more) || /^(ov)?kml$/.test(ext)) return 'kml';
		throw new Refused(/^(xls|htm|html)$/.test(ext) ? 'format_old_excel' : 'format_not_read', {
			name
		});
	}
	if (/^(ov)?kml$/.test(ext)) return 'kml';
	if (ext === 'gpx') return 'gpx';
	if (/^(geo)?json[ls]?$|^ndjson$/.test(ext)) return 'geojson';
	if (isBoundary(decodeStart(bytes, 4000))) return 'boundary';
	if (isDxf(head) || (ext === 'dxf' && isDxf(decodeStart(bytes, 4000)))) return 'dxf';
	if (ext === 'corners' || (ext === 'txt' && isCorners(decodeStart(bytes, 20_000))))
		return 'corners';
	if (/^(csv|tsv|txt)$/.test(ext)) return 'table';
	throw new Refused(whyNot(ext, bytes), { name });
}

function whyNot(ext: string, bytes: Uint8Array): string {
	if (ext === 'xls' || (bytes[0] === 0xd0 && bytes[1] === 0xcf && ext !== 'doc'))
		return 'format_old_excel';
	if (/^(ovobj|ovjsn)$/.test(ext)) return 'format_ovital';
	if (ext === 'dwg' || (bytes[0] === 0x41 && bytes[1] === 0x43 && bytes[2] === 0x31))
		return 'format_cad';
	if (ext === 'dxf') return isBinaryDxf(bytes) ? 'format_binary_dxf' : 'dxf_broken';
	if (ext === 'gpkg') return 'gpkg_broken';
	if (/^(rar|7z|tar|gz|tgz)$/.test(ext)) return 'format_archive';
	return 'format_not_read';
}

const isBinaryDxf = (bytes: Uint8Array): boolean =>
	plain(bytes.subarray(0, 18), 'windows-1252') === 'AutoCAD Binary DXF';

/** Reads one file that is not a loose part of a Shapefile. */
export function readOne(file: InputFile, source: Source): Raw {
	const format = sniff(file);
	switch (format) {
		case 'geojson':
			return readGeoJson(file.bytes, source);
		case 'kml':
			return shiftable(readKml(file.bytes, source), file.name);
		case 'gpx':
			return shiftable(readGpx(file.bytes, source), file.name);
		case 'kmz':
			return kmz(file, source);
		case 'xlsx':
			return tables('xlsx', readXlsx(file.bytes, source), source);
		case 'boundary':
			return readBoundary(file.bytes, source);
		case 'dxf':
			return readDxf(file.bytes, source);
		case 'gpkg':
			return readGpkg(file.bytes, source);
		case 'corners':
			return readCorners(file.bytes, source);
		case 'table':
			return tables('csv', [readCsv(file.bytes, source)], source);
		case 'zip':
			return zip(file, source);
		case 'csv':
		case 'shapefile':
		case 'unknown':
			throw new Refused('format_not_read', { name: file.name });
	}
}

function tables(format: Format, sheets: Parameters<typeof tableOf>[0][], source: Source): Raw {
	const layers = sheets.map((s) => tableOf(s, source)).filter((l): l is RawLayer => l !== null);
	return { format, layers };
}

/** KML and GPX are WGS84 by definition; what Ovital writes is GCJ-02 all the same (domain.md E.4). */
function shiftable(raw: Raw, name: string): Raw {
	const ovital = /\.ov(kml|kmz)$/i.test(name);
	return {
		...raw,
		layers: raw.layers.map((l) => ({ ...l, mayBeShifted: ovital ? 'gcj02' : 'none' }))
	};
}

function kmz(file: InputFile, source: Source): Raw {
	const members = unzip(file.bytes, source.budget, (n) => /\.kml$/i.test(n));
	const main = members.find((m) => /(^|\/)doc\.kml$/i.test(m.name)) ?? members[0];
	if (!main) throw new Refused('zip_nothing_inside');
	const layers = members.flatMap((m) => readKml(m.bytes, source).layers);
	return { ...shiftable({ format: 'kmz', layers }, file.name), format: 'kmz' };
}

/** A zip of Shapefiles, of one KML, a workbook under another name, or of files we read on their own. */
function zip(file: InputFile, source: Source): Raw {
	const names = listZip(file.bytes);
	if (names.some((n) => /^xl\/workbook\.xml$/i.test(n)))
		return tables('xlsx', readXlsx(file.bytes, source), source);
	const members = unzip(file.bytes, source.budget, (n) => !ignored.test(n));
	const groups = groupParts(members);
	const layers: RawLayer[] = [];
	for (const [base, parts] of groups) {
		const member = members.find((m) => m.name.slice(0, -4).toLowerCase() === base)!;
		const name = member.name.slice(0, -4).replace(/^.*\//, '');
		attempt(source.problems, source.file, name, () =>
			layers.push(readShapefile(name, parts, source))
		);
	}
	const others = members.filter((m: Member) => !partNames.test(m.name));
	let format: Format = groups.size ? 'shapefile' : 'unknown';
	for (const m of others)
		attempt(source.problems, source.file, m.name, () => {
			const raw = readOne({ name: m.name, bytes: m.bytes }, { ...source, file: source.file });
			if (format === 'unknown') format = raw.format === 'kml' ? 'kmz' : raw.format;
			const name = m.name.replace(/^.*\//, '').replace(/\.[^.]*$/, '');
			const own = raw.format === 'geojson' || raw.format === 'csv';
			layers.push(...raw.layers.map((l) => ({ ...l, name: own ? name : `${name} ${l.name}` })));
		});
	if (!members.length) throw new Refused('zip_nothing_inside');
	return { format, layers };
}

/** One part that fails does not take the others with it; too much of everything does. */
export function attempt(
	problems: Problems,
	file: string,
	layer: string | null,
	work: () => void
): void {
	try {
		work();
	} catch (error) {
		if (!(error instanceof Refused)) throw error;
		if (/^(too_|zip_)/.test(error.code)) throw error;
		problems.add(/^format_/.test(error.code) ? 'warning' : 'error', error.code, file, {
			layer,
			...error.details
		});
	}
}
