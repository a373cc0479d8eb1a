import type { DueDay, DueMeeting, FeedCalendar } from '$lib/domain/feed';
import { taskKinds } from '$lib/domain/task';
import { standingWordsZh } from '../officewords';
import { answered, feedHeaders, open, type Caller } from './door';
import { chinaTime } from '$lib/domain/day';

/** iCalendar (RFC 5545) of due days and meetings; the whole country keeps one clock without summer time. */
const zone = 'Asia/Shanghai';

/** TEXT of RFC 5545 3.3.11, without control characters. */
export const escapeText = (text: string): string =>
	text
		.replace(/\r\n?/g, '\n')
		// eslint-disable-next-line no-control-regex
		.replace(/[\u0000-\u0009\u000b-\u001f\u007f]/g, ' ')
		.replace(/[\\;,]/g, '\\$&')
		.replace(/\n/g, '\\n');

/** Lines of at most 75 octets (3.1), never broken inside of a character. */
export function fold(line: string): string {
	const lines: string[] = [];
	let now = '';
	let octets = 0;
	for (const letter of line) {
		const size = Buffer.byteLength(letter);
		if (octets + size > 75) {
			lines.push(now);
			now = ' ';
			octets = 1;
		}
		now += letter;
		octets += size;
	}
	return [...lines, now].join('\r\n');
}

const utc = (iso: string) =>
	`${new Date(iso)
		.toISOString()
		.replace(/[-:]|\.\d+/g, '')
		.slice(0, 15)}Z`;
const local = (iso: string) => chinaTime(Date.parse(iso)).replace(/[-:]/g, '').slice(0, 15);

const kindWords = {
	task: '环境整治',
	project: '景区村创建',
	plan: '产业项目',
	decision: '会议决定'
};

function summary(d: DueDay): string {
	const title = [d.title || (d.category && taskKinds[d.category]?.zh) || kindWords[d.kind], d.step]
		.filter(Boolean)
		.join('：');
	const standing =
		!d.state || d.state === 'found' ? null : d.overdue ? 'overdue' : (d.state as 'said');
	return `${standing ? `〔${standingWordsZh[standing]}〕` : ''}${title}`;
}

type Event = Pick<DueDay, 'id' | 'sequence' | 'changed' | 'cancelled'>;
const event = (e: Event, lines: (string | false)[]) => [
	'BEGIN:VEVENT',
	`UID:${e.id}@xiangtu`,
	`DTSTAMP:${utc(e.changed)}`,
	`LAST-MODIFIED:${utc(e.changed)}`,
	`SEQUENCE:${e.sequence}`,
	`STATUS:${e.cancelled ? 'CANCELLED' : 'CONFIRMED'}`,
	...lines.filter((l) => l !== false),
	'END:VEVENT'
];

const day = (d: DueDay, home: string) =>
	event(d, [
		`DTSTART;VALUE=DATE:${d.day.replaceAll('-', '')}`,
		'TRANSP:TRANSPARENT',
		`SUMMARY:${escapeText(summary(d))}`,
		`CATEGORIES:${escapeText(kindWords[d.kind])}`,
		!!d.village && `LOCATION:${escapeText(d.village)}`,
		!!d.decision && `DESCRIPTION:${escapeText(`会议决定：${d.decision}`)}`,
		`URL:${d.kind === 'decision' ? `${home}/meetings/${d.thing}` : `${home}?open=${d.kind}:${d.thing}`}`
	]);

const meeting = (m: DueMeeting, home: string) =>
	event(m, [
		`DTSTART;TZID=${zone}:${local(m.startsAt)}`,
		`SUMMARY:${escapeText(m.title)}`,
		'CATEGORIES:会议',
		!!m.place && `LOCATION:${escapeText(m.place)}`,
		`URL:${home}/meetings/${m.id}`
	]);

/** `home`: the township's address, where an event leads. */
export function icalendar(name: string, calendar: FeedCalendar, home: string): string {
	return [
		'BEGIN:VCALENDAR',
		'VERSION:2.0',
		'PRODID:-//Xiangtu//Due dates//ZH',
		'CALSCALE:GREGORIAN',
		'METHOD:PUBLISH',
		`NAME:${escapeText(name)}`,
		`X-WR-CALNAME:${escapeText(name)}`,
		'REFRESH-INTERVAL;VALUE=DURATION:PT1H',
		'X-PUBLISHED-TTL:PT1H',
		'BEGIN:VTIMEZONE',
		`TZID:${zone}`,
		'BEGIN:STANDARD',
		'DTSTART:19700101T000000',
		'TZOFFSETFROM:+0800',
		'TZOFFSETTO:+0800',
		'TZNAME:CST',
		'END:STANDARD',
		'END:VTIMEZONE',
		...calendar.days.flatMap((d) => day(d, home)),
		...calendar.meetings.flatMap((m) => meeting(m, home)),
		'END:VCALENDAR'
	]
		.map((line) => `${fold(line)}\r\n`)
		.join('');
}

/** Calendar programs can only take an address: the token is part of it, and whatever is wrong is "not found". */
export const dueAnswer = (caller: Caller, token: string): Promise<Response> =>
	answered(async () => {
		const { data, name, township, townshipId } = await open<FeedCalendar>(
			caller,
			'calendar',
			'calendar',
			{},
			token
		);
		const home = `${new URL(caller.base).origin}/t/${townshipId}`;
		const text = icalendar(`${township} ${name}`, data ?? { days: [], meetings: [] }, home);
		return new Response(text, {
			headers: {
				...feedHeaders,
				'Content-Type': 'text/calendar; charset=utf-8',
				'Content-Disposition': 'inline; filename="due.ics"'
			}
		});
	});
