/**
 * PGlite writes through Node's fs and never syncs. Here every write of this thread is noted: the
 * write-ahead log is synced before an answer leaves, and data files before the control file says that a
 * checkpoint is complete: the two orders PostgreSQL itself keeps against a power cut.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const names = new Map<number, string>();
const dirtyLog = new Set<number>();
const dirtyData = new Set<number>();
const isLog = (name: string) => name.includes('pg_wal');
const isControl = (name: string) => name.endsWith('global/pg_control');

/** Counts of syncs, for the measurements. */
export const synced = { log: 0, data: 0 };

export function watchWrites(): void {
	const { openSync, closeSync, writeSync, ftruncateSync } = fs;
	const note = (fd: number) => {
		const name = names.get(fd);
		if (name === undefined) return;
		(isLog(name) ? dirtyLog : dirtyData).add(fd);
	};
	const patched = {
		openSync(path: fs.PathLike, ...rest: unknown[]) {
			const fd = (openSync as (...a: unknown[]) => number)(path, ...rest);
			names.set(fd, String(path));
			return fd;
		},
		writeSync(fd: number, ...rest: unknown[]) {
			const name = names.get(fd);
			if (name !== undefined && isControl(name)) syncAll(dirtyData, 'data');
			note(fd);
			return (writeSync as (...a: unknown[]) => number)(fd, ...rest);
		},
		ftruncateSync(fd: number, length?: number) {
			note(fd);
			return ftruncateSync(fd, length);
		},
		closeSync(fd: number) {
			if (dirtyLog.delete(fd) || dirtyData.delete(fd)) fs.fdatasyncSync(fd);
			names.delete(fd);
			return closeSync(fd);
		}
	};
	Object.assign(fs, patched);
	syncBuiltinESMExports();
}

function syncAll(set: Set<number>, what: 'log' | 'data'): void {
	for (const fd of set) {
		try {
			fs.fdatasyncSync(fd);
			synced[what]++;
		} catch (error) {
			// Closed behind our back: closeSync above has synced it.
			if ((error as NodeJS.ErrnoException).code !== 'EBADF') throw error;
		}
	}
	set.clear();
}

export function syncDirtyLog(): void {
	if (dirtyLog.size) syncAll(dirtyLog, 'log');
}
