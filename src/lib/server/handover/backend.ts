import type { Backend } from '../engine/index';
import type { From } from './export';
import type { Into } from './restore';

export const fromBackend = ({ sql, relaxed, disk }: Backend): From => ({
	sql,
	relaxed,
	readFile: async (bucket, name) => (await disk.getObject(bucket, name)).body as Uint8Array
});

export const intoBackend = ({ sql, relaxed, disk }: Backend): Into => ({
	sql,
	relaxed,
	writeFile: async (bucket, name, bytes) => {
		await disk.uploadObject(bucket, name, undefined, bytes);
	},
	removeFile: (bucket, name) => disk.deleteObject(bucket, name)
});
