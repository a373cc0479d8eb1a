import {
	columnWordsZh,
	dayZh,
	noticeLines,
	type NoticeColumn,
	type NoticeContent
} from '$lib/domain/publicnotice';
import type { Column, Paper } from './paper';

const widths: Record<NoticeColumn, number> = { no: 1, name: 2, place: 3, item: 6, amount: 2 };

/** The sheet for the board: the words of the public page in the same order (NoticeSheet.svelte), nothing else. */
export function noticePaper(content: NoticeContent, publishedAt: string | null): Paper {
	const total = content.columns.reduce((n, c) => n + widths[c], 0);
	const day = publishedAt
		? new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format(new Date(publishedAt))
		: null;
	return {
		name: '公示',
		title: content.title,
		mark: content.demo ? '演示数据，内容虚构' : day ? null : '草稿，尚未发布',
		parts: [
			...content.body
				.split(/\n+/)
				.filter((line) => line.trim())
				.map((text) => ({ kind: 'paragraph' as const, text })),
			...(content.rows.length
				? [
						{
							kind: 'table' as const,
							columns: content.columns.map((c): Column => ({
								head: columnWordsZh[c],
								width: widths[c] / total,
								align: c === 'no' ? 'center' : 'left'
							})),
							rows: content.rows.map((cells) => ({ cells }))
						}
					]
				: []),
			...noticeLines(content).map((text) => ({ kind: 'paragraph' as const, text })),
			{ kind: 'signature', unit: content.township, day: day ? dayZh(day) : '' }
		]
	};
}
