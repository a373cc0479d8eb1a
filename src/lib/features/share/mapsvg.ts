import type { SharedContent } from '$lib/domain/shared';
import { distanceWords } from '$lib/features/wallmap/words';
import { surfaces, stateSigns, marks } from '$lib/map/palette';
import { shareSheet } from './sharemap';

const safe = (text: string) =>
	text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`).replace(/\p{Cc}/gu, '');

/** The page's map as one SVG for a paper, in the colours of print. */
export function mapSvg(content: SharedContent, width = 1400): string | null {
	const sheet = shareSheet(content);
	if (!sheet) return null;
	const { height, scale } = sheet;
	const tone = (state: string | null) =>
		state && state in stateSigns ? stateSigns[state as 'said'].colour.light : surfaces.ink.light;
	const lines = sheet.shapes.map(({ shape, d }) => {
		const area = shape.kind === 'township' || shape.kind === 'village' || shape.kind === 'unit';
		const colour = shape.kind === 'unit' ? tone(shape.state) : surfaces.line.light;
		return `<path d="${d}" fill="${area ? surfaces.land.light : 'none'}" stroke="${colour}" stroke-width="${shape.kind === 'road' ? 1.5 : 1}" ${shape.kind === 'route' ? 'stroke-dasharray="2 4"' : ''}/>`;
	});
	const villages = sheet.villages.map(
		({ x, y, dy, point }) =>
			`<circle cx="${x}" cy="${y}" r="2.5" fill="${surfaces['ink-soft'].light}"/><text x="${x}" y="${y + dy}">${safe(point.name)}</text>`
	);
	const pins = sheet.marks.map(({ x, y, r, no, point }) => {
		const colour = point.mark ? marks.blocked.colour.light : tone(point.state);
		return `${r ? `<circle cx="${x}" cy="${y}" r="${r}" fill="${colour}" fill-opacity=".15" stroke="${colour}"/>` : ''}<circle cx="${x}" cy="${y}" r="11" fill="#fff" stroke="${colour}" stroke-width="2.5"/><text x="${x}" y="${y + 4}" class="no" fill="${colour}">${no}</text>`;
	});
	return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${Math.round((width * height) / sheet.width)}" viewBox="0 0 ${sheet.width} ${height}"><style>text{font:13px 'Noto Sans CJK SC','Noto Serif CJK SC',sans-serif;text-anchor:middle}.no{font-weight:700;font-size:12px}</style><rect width="100%" height="100%" fill="#fff"/>${lines.join('')}${villages.join('')}${pins.join('')}<path d="M14 ${height - 16}v6h${Math.round(scale.px)}v-6" fill="none" stroke="#55616b"/><text x="${34 + scale.px}" y="${height - 10}">${safe(distanceWords(scale.metres))}</text></svg>`;
}
