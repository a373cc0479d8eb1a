import type { Meaning, TaskRow } from '../draft';
import { fieldLimits } from '../limits';
import { flat } from '../text';
import { categoryOf } from './category';
import type { RowReader } from './rowreader';

const notYet =
	/未(完成|整改|销号|办结|清|处理|开始|启动|动工|到位|开工|落实|达标|拆)|^未|^否|^没|^无|尚未|还没|正在|整改中|进行中|办理中|推进中|实施中|部分|基本|预计|计划|即将|拟于?|力争|持续|不(到位|彻底|达标|合格)|(^|[^\d])([1-9]?\d)(\.\d+)?%|^[x×✗✘nN]$|^no$/;
const finished =
	/已(经|全部|基本)?(完|整改|办结|清|处理|修|拆|销号|解决|落实|到位|恢复|转运|补|更换|铲|规范)|^完成|^完毕|整改(完成|到位|完毕)|完成整改|办结|销号|100%|^(是|√|✓|✔|☑|对|1|y|yes|done|ok|true|proven|closed)$/i;
const proofYes =
	/^(是|√|✓|✔|☑|对|1|y|yes|true|通过|合格|同意销号)$|^已(经)?(销号|销|验收|核查|核销|通过)|验收(合格|通过)|^销号$|^proven$/i;
const proofNo = /^(否|×|x|✗|✘|0|n|no|false|未.*|不.*|待.*|没.*|-|—|\/|无)$/i;

/** Whether a cell says that it is done: true, false, or null when it says neither. */
export function saysDone(text: string): boolean | null {
	const t = text.normalize('NFKC').trim();
	if (!t) return null;
	// '已完成，未反弹' is done; '未完成' is not.
	if (/^已(经|全部)?(完成|整改(完成|到位)|办结|销号)/.test(t)) return true;
	if (notYet.test(t)) return false;
	return finished.test(t) ? true : null;
}

export function saysProven(text: string): boolean | null {
	const t = text.normalize('NFKC').trim();
	if (!t) return false;
	if (proofNo.test(t)) return false;
	return proofYes.test(t) ? true : null;
}

/**
 * One row of a cleanup ledger. Proven counts only what is done, and only when somebody other than the one
 * who answers for it looked: a paper that says more is doubted aloud. Null when the row says no problem.
 */
export function readTask(r: RowReader): TaskRow | null {
	const stated = r.text('category');
	const title = r.text('title', 'title') || r.text('name', 'title') || stated;
	if (!title) {
		r.problem('error', 'task_without_title', 'title');
		return null;
	}
	const row: TaskRow = {
		villageName: r.village(),
		groupName: r.text('group', 'groupName'),
		title,
		category: categoryOf(stated, title),
		placeText: r.text('place', 'placeText'),
		unit: r.text('unit', 'unit'),
		answers: r.text('answers', 'answers') || r.text('leader', 'answers'),
		fix: r.text('fix', 'fix'),
		dueOn: r.day('due_on'),
		foundOn: r.day('found_on'),
		saidOn: r.day('said_on'),
		doneOn: r.day('done_on'),
		provenOn: r.day('proven_on'),
		done: false,
		proven: false,
		provenBy: r.text('proven_by', 'answers'),
		note: r.text('note', 'note'),
		state: 'found'
	};
	if (!row.villageName) r.problem('warning', 'row_without_village', 'village');
	row.done = isDone(r, row);
	row.proven = isProven(r, row);
	if (!row.done && row.doneOn) {
		r.problem('warning', 'done_day_but_not_done', 'done_on');
		row.doneOn = null;
	}
	if (!row.proven) row.provenOn = null;
	const decided =
		row.saidOn ||
		row.dueOn ||
		row.unit ||
		row.answers ||
		row.fix ||
		r.text('progress') ||
		r.text('due_on');
	row.note = noteOf(r, row);
	row.state = row.proven ? 'proven' : row.done ? 'done' : decided ? 'said' : 'found';
	return row;
}

/** Words for a stage alone: the facts say the same. */
const plainProgress =
	/^(已|已经|全部|已全部)?(完成|整改|整改完成|整改到位|完成整改|办结|销号)(了)?$|^(正在整改|整改中|进行中|未整改|未完成|未开始|未启动|是|否|[√✓×✗]|done|yes|no)$/i;

/**
 * The remark, and below it what the sheet says that has no field of its own: how far it got in more than a
 * word, a leader beside whoever answers, a deadline that is no day ("长期坚持"), and a check that did not count.
 */
function noteOf(r: RowReader, row: TaskRow): string {
	const lines = [row.note];
	const keep = (meaning: Meaning, text: string) => {
		const line = `${r.heading(meaning)}：${text}`;
		if (text && [...lines, line].join('\n').length <= fieldLimits.note) lines.push(line);
	};
	const stated = r.text('category').trim();
	if (
		stated &&
		stated !== row.title &&
		categoryOf(stated, '') === 'OTHER' &&
		!/^(其他|其它|other)/i.test(stated)
	)
		keep('category', stated);
	const progress = r.text('progress').trim();
	if (!plainProgress.test(progress)) keep('progress', progress);
	if (r.text('answers') && r.text('leader') !== r.text('answers')) keep('leader', r.text('leader'));
	for (const [meaning, day] of [
		['due_on', row.dueOn],
		['done_on', row.doneOn],
		['proven_on', row.provenOn]
	] as const)
		if (!day && !/^[-—/无]*$/.test(r.text(meaning).trim())) keep(meaning, r.text(meaning).trim());
	if (!row.proven) keep('proven_by', row.provenBy);
	return lines.filter(Boolean).join('\n');
}

function isDone(r: RowReader, row: TaskRow): boolean {
	const answer = saysDone(r.text('done'));
	const progress = r.text('progress');
	const told = saysDone(progress);
	if (answer !== null) {
		if (told !== null && told !== answer) {
			r.problem('warning', 'done_said_both', 'done');
			return false;
		}
		return answer;
	}
	if (told !== null) return told;
	if (progress) {
		r.problem('warning', 'progress_not_clear', 'progress', { value: progress });
		return false;
	}
	return row.doneOn !== null;
}

function isProven(r: RowReader, row: TaskRow): boolean {
	const text = r.text('proven');
	const answer = saysProven(text);
	if (answer === null) r.problem('warning', 'proof_not_clear', 'proven', { value: text });
	// A ledger without a column for it may still name the day and the person.
	const claimed =
		answer === true || (!r.has('proven') && row.provenOn !== null && row.provenBy !== '');
	if (!claimed) return false;
	if (!row.done) {
		r.problem('warning', 'proven_but_not_done', 'proven');
		return false;
	}
	if (row.provenBy && flat(row.provenBy) === flat(row.answers)) {
		r.problem('warning', 'proven_by_own', 'proven_by', { name: row.provenBy });
		return false;
	}
	if (!row.provenBy) r.problem('note', 'proven_by_nobody', 'proven_by');
	return true;
}
