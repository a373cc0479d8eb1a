import { below, readTree } from '../xml';

/** For each cell style of a workbook whether it shows a day. */
export function dateStyles(xml: string | null): boolean[] {
	if (!xml) return [];
	const root = readTree(xml);
	const custom = new Map<number, string>();
	for (const f of below(root, 'numFmt'))
		custom.set(Number(f.attributes.get('numFmtId')), f.attributes.get('formatCode') ?? '');
	const formats = root.children.find((c) => c.name === 'cellXfs');
	return (formats?.children ?? []).map((xf) => {
		const id = Number(xf.attributes.get('numFmtId') ?? 0);
		const code = custom.get(id);
		if (code === undefined) return isBuiltIn(id);
		// Letters of a day outside quotes and brackets; 'm' alone may be minutes.
		return /[yd年日]|m.*月/i.test(
			code.replace(/\[[^\]]*\]/g, '').replace(/"([年月日]?)[^"]*"/g, '$1')
		);
	});
}

/** 27–36 and 50–58 are the Chinese and Japanese days. */
const isBuiltIn = (id: number): boolean =>
	(id >= 14 && id <= 17) ||
	id === 22 ||
	(id >= 27 && id <= 31) ||
	id === 36 ||
	(id >= 50 && id <= 54) ||
	id === 57 ||
	id === 58;
