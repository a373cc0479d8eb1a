/** What an office's folder carries along and nobody means to bring in. */
const noise = /(^|\/)(\.|~\$|Thumbs\.db$|desktop\.ini$|__MACOSX\/)/i;

/** A file under the name by which everything speaks of it: its path inside what was dropped. */
const named = (file: File, name: string): File =>
	name === file.name
		? file
		: new File([file], name, { type: file.type, lastModified: file.lastModified });

/** All files of a drop, folders opened. Entries must be taken before the event is over. */
export async function filesOfDrop(data: DataTransfer): Promise<File[]> {
	const entries = [...data.items]
		.filter((item) => item.kind === 'file')
		.map((item) => item.webkitGetAsEntry?.() ?? null);
	if (entries.every((entry) => entry === null)) return wanted([...data.files]);
	const found: File[] = [];
	for (const entry of entries) if (entry) await walk(entry, '', found);
	return wanted(found);
}

export const filesOfPicker = (list: FileList | null): File[] =>
	wanted([...(list ?? [])].map((file) => named(file, file.webkitRelativePath || file.name)));

const wanted = (files: File[]): File[] => files.filter((f) => !noise.test(f.name));

async function walk(entry: FileSystemEntry, path: string, found: File[]): Promise<void> {
	if (found.length >= 1000) return;
	if (entry.isFile) {
		const file = await new Promise<File>((resolve, reject) =>
			(entry as FileSystemFileEntry).file(resolve, reject)
		);
		found.push(named(file, path + file.name));
		return;
	}
	const reader = (entry as FileSystemDirectoryEntry).createReader();
	// A reader gives at most 100 entries at a time.
	for (;;) {
		const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
			reader.readEntries(resolve, reject)
		);
		if (some.length === 0) return;
		for (const inner of some) await walk(inner, `${path}${entry.name}/`, found);
	}
}

/** Files with the same name: the later one counts. */
export function together(before: readonly File[], more: readonly File[]): File[] {
	const names = new Set(more.map((f) => f.name));
	return [...before.filter((f) => !names.has(f.name)), ...more];
}
