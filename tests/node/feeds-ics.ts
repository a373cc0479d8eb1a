/** A strict reader of iCalendar for tests, written from RFC 5545 alone; it knows nothing of how ours is written. */
export type Line = { name: string; params: Record<string, string>; value: string };
export type Component = { name: string; lines: Line[]; inside: Component[] };

const fail = (why: string): never => {
	throw new Error(`iCalendar: ${why}`);
};

/** 3.1: CRLF, at most 75 octets a line, and no character torn apart. */
function unfold(bytes: Uint8Array): string[] {
	const text = Buffer.from(bytes);
	if (text.length < 2 || text.subarray(-2).toString('latin1') !== '\r\n')
		fail('the last line has no end');
	const lines: string[] = [];
	let at = 0;
	while (at < text.length) {
		const end = text.indexOf('\r\n', at);
		const raw = text.subarray(at, end);
		if (raw.length > 75) fail(`${raw.length} octets: ${raw.toString('utf8')}`);
		if (raw.includes(0x0a) || raw.includes(0x0d)) fail('a bare line feed or carriage return');
		const line = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(raw);
		if (line[0] === ' ' || line[0] === '\t') lines[lines.length - 1] += line.slice(1);
		else if (line === '') fail('an empty line');
		else lines.push(line);
		at = end + 2;
	}
	return lines;
}

function contentLine(line: string): Line {
	const head =
		/^([A-Za-z0-9-]+)((?:;[A-Za-z0-9-]+=(?:"[^"\x00-\x08\x0a-\x1f]*"|[^";:,\x00-\x08\x0a-\x1f]*)(?:,(?:"[^"]*"|[^";:,]*))*)*):/.exec(
			line
		);
	if (!head) return fail(`no content line: ${line}`);
	const params = Object.fromEntries(
		(head[2] ?? '')
			.split(';')
			.slice(1)
			.map((p) => [p.slice(0, p.indexOf('=')).toUpperCase(), p.slice(p.indexOf('=') + 1)])
	);
	const value = line.slice(head[0].length);
	if (/[\x00-\x08\x0b-\x1f\x7f]/.test(value)) fail(`a control character in ${head[1]}`);
	return { name: head[1]!.toUpperCase(), params, value };
}

const texts = ['SUMMARY', 'DESCRIPTION', 'LOCATION', 'CATEGORIES', 'NAME', 'X-WR-CALNAME', 'UID'];

/** 3.3.11: back to what was meant; only the four escapes there are. */
export function text(value: string): string {
	if (!/^(?:[^\\;,]|\\[\\;,nN])*$/.test(value)) fail(`TEXT: ${value}`);
	return value.replace(/\\([\\;,nN])/g, (_, c: string) => (c === 'n' || c === 'N' ? '\n' : c));
}

function check(c: Component): void {
	const of = (name: string) => c.lines.filter((l) => l.name === name);
	const once = (name: string) =>
		of(name).length === 1 ? of(name)[0]! : fail(`${c.name}: ${of(name).length} × ${name}`);
	const atMostOnce = (name: string) => of(name).length > 1 && fail(`${c.name}: ${name} twice`);
	for (const line of c.lines) if (texts.includes(line.name)) text(line.value);
	if (c.name === 'VCALENDAR') {
		once('PRODID');
		if (once('VERSION').value !== '2.0') fail('version');
		if (!c.inside.length) fail('no component');
		const zones = c.inside
			.filter((x) => x.name === 'VTIMEZONE')
			.map((z) => z.lines.find((l) => l.name === 'TZID')?.value);
		for (const line of c.inside.flatMap((x) => x.lines))
			if (line.params.TZID && !zones.includes(line.params.TZID))
				fail(`no VTIMEZONE ${line.params.TZID}`);
	}
	if (
		c.name === 'VTIMEZONE' &&
		!c.inside.some((x) => x.name === 'STANDARD' || x.name === 'DAYLIGHT')
	)
		fail('an empty zone');
	if (c.name === 'STANDARD') {
		for (const name of ['TZOFFSETFROM', 'TZOFFSETTO'])
			if (!/^[+-]\d{4}$/.test(once(name).value)) fail(name);
		if (!/^\d{8}T\d{6}$/.test(once('DTSTART').value)) fail('DTSTART of a zone is local');
	}
	if (c.name === 'VEVENT') {
		once('UID');
		if (!/^\d{8}T\d{6}Z$/.test(once('DTSTAMP').value)) fail('DTSTAMP is UTC');
		const start = once('DTSTART');
		if (!(start.params.VALUE === 'DATE' ? /^\d{8}$/ : /^\d{8}T\d{6}Z?$/).test(start.value))
			fail(`DTSTART ${start.value}`);
		for (const name of [
			'SEQUENCE',
			'STATUS',
			'SUMMARY',
			'DESCRIPTION',
			'LOCATION',
			'URL',
			'TRANSP',
			'LAST-MODIFIED',
			'DTEND',
			'DURATION'
		])
			atMostOnce(name);
		if (!/^\d+$/.test(of('SEQUENCE')[0]?.value ?? '0')) fail('SEQUENCE');
		if (!['TENTATIVE', 'CONFIRMED', 'CANCELLED'].includes(of('STATUS')[0]?.value ?? 'CONFIRMED'))
			fail('STATUS');
		if (of('URL')[0]) new URL(of('URL')[0]!.value);
	}
	c.inside.forEach(check);
}

/** The calendar, or an error that says which rule was broken. */
export function readCalendar(bytes: Uint8Array): Component {
	const open: Component[] = [{ name: '', lines: [], inside: [] }];
	for (const raw of unfold(bytes)) {
		const line = contentLine(raw);
		if (line.name === 'BEGIN') open.push({ name: line.value.toUpperCase(), lines: [], inside: [] });
		else if (line.name === 'END') {
			const done = open.pop()!;
			if (done.name !== line.value.toUpperCase() || !open.length)
				fail(`END:${line.value} closes ${done.name}`);
			open.at(-1)!.inside.push(done);
		} else {
			if (open.length === 1) fail(`${line.name} outside of a component`);
			open.at(-1)!.lines.push(line);
		}
	}
	const [all, ...more] = open[0]!.inside;
	if (open.length > 1 || more.length || all?.name !== 'VCALENDAR')
		return fail('one whole VCALENDAR');
	check(all);
	const uids = all.inside.filter((x) => x.name === 'VEVENT').map((x) => valueOf(x, 'UID'));
	if (new Set(uids).size !== uids.length) fail('a UID twice');
	return all;
}

export const valueOf = (c: Component, name: string): string | undefined =>
	c.lines.find((l) => l.name === name)?.value;
export const events = (c: Component): Component[] => c.inside.filter((x) => x.name === 'VEVENT');
