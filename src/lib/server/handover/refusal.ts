/** Why a hand-over file is not written or not opened, by name; nothing was changed then. */
export const refusals = {
	not_a_handover: '不是本系统的移交文件 / not a hand-over file of this program',
	cut: '文件不完整，后面被截断了，请重新拷贝 / the file is cut: copy it again',
	damaged: '文件损坏，内容与校验值不符，请重新拷贝 / the file is damaged: its bytes do not match',
	part_missing: '文件缺少内容 / a part of the file is missing',
	needs_passphrase:
		'文件有口令，请设 XT_PASSPHRASE 或在提示时输入 / the file is sealed: give its passphrase',
	wrong_passphrase: '口令不对 / wrong passphrase',
	format_newer:
		'文件格式比本程序新，请先更新程序 / the file is of a newer format: update the program',
	schema_newer:
		'文件来自更新版本的程序，请先更新本程序 / the file comes from a newer program: update this one first',
	schema_older:
		'文件来自较早版本的程序：请用当时的版本恢复，再更新程序 / the file comes from an older program: restore with that version, then update',
	chain_broken:
		'事件链对不上，记录可能被改过 / the chain of events does not fit: records were changed',
	not_empty:
		'数据文件夹里已有数据，请换一个空文件夹 / the data folder is not empty: choose an empty one',
	disk_full: '磁盘已满 / the disk is full',
	not_the_same:
		'恢复后的内容与文件不一致，已全部撤销 / what was restored differs from the file; undone',
	unclassified:
		'有数据表未登记，不能移交 / a table is not classified for the hand-over; nothing was written'
} as const;
export type HandoverCode = keyof typeof refusals;

export class HandoverRefused extends Error {
	constructor(
		readonly code: HandoverCode,
		readonly detail = ''
	) {
		super(`${refusals[code]}${detail ? ` (${detail})` : ''}`);
		this.name = 'HandoverRefused';
	}
}

/** What a full disk says, in our words; anything else as it is. */
export function asRefusal(error: unknown): unknown {
	const { code } = (error ?? {}) as { code?: string };
	return code === 'ENOSPC' || code === 'EDQUOT' || code === '53100'
		? new HandoverRefused('disk_full')
		: error;
}
