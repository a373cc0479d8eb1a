import { clean } from '$lib/geo/text';

/** Letters of one name; 240 bytes too, because Linux allows 255 and a Chinese letter takes three. */
const longest = 80;
const bytes = 240;

/**
 * Text as one name of a file or folder on Windows, macOS and Linux: nothing that leads elsewhere, no
 * reserved name, no point or space at an end. `ending` ('.jpg') is kept whole.
 */
export function safeName(text: string, ending = '', letters = longest): string {
	const plain = clean(text)
		.text.replace(/[\\/:*?"<>|\s]+/g, ' ')
		.replace(/^[. ]+|[. ]+$/g, '');
	const named = reserved.test(plain) ? `_${plain}` : plain || '未命名';
	const room = [...named].slice(0, letters - ending.length);
	while (Buffer.byteLength(room.join('') + ending) > bytes) room.pop();
	return room.join('').replace(/[. ]+$/, '') + ending;
}

/** Windows keeps these for devices, whatever the ending. */
const reserved = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i;

/** '.jpg' of 'IMG_1.JPG'; '' where the end of the name is no usual ending. */
export const endingOf = (name: string): string =>
	/\.[a-z0-9]{1,8}$/i.exec(name)?.[0].toLowerCase() ?? '';

/** Gives each path once: a second one like it (whatever its case) becomes 'name (2).jpg'. */
export function uniqueNames(): (folder: string, text: string, ending: string) => string {
	const taken = new Set<string>();
	return (folder, text, ending) => {
		for (let n = 1; ; n++) {
			const count = n > 1 ? ` (${n})` : '';
			const path = `${folder}${safeName(text, count + ending)}`;
			const key = path.normalize('NFKC').toLowerCase();
			if (taken.has(key)) continue;
			taken.add(key);
			return path;
		}
	};
}
