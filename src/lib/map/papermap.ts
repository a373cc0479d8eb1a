import type { WallMap } from '$lib/domain/wallmap';
import { boundsOfMap, corners, evenly, fitCamera, project } from './camera';

const size = { width: 1500, height: 1000 };
const safe = (text: string) =>
	text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`).replace(/\p{Cc}/gu, '');

/** Village borders, names and numbered places as an SVG for a paper, 1,500 × 1,000. */
export function paperMap(
	map: WallMap,
	places: readonly { at: [number, number]; word: string }[]
): string {
	const box = { ...size, padding: evenly(50) };
	const camera = fitCamera(boundsOfMap(map), box);
	const px = (at: readonly number[]) =>
		project([at[0]!, at[1]!], camera, box)
			.map((n) => n.toFixed(1))
			.join(' ');
	const at = places.map((p) => project(p.at, camera, box));
	const villages = map.villages.map((v) => {
		const rings = v.shape?.coordinates.flat() ?? [];
		const d = rings.map((r) => `M${r.map((p) => px(p)).join('L')}Z`).join('');
		const name = v.label && project(v.label, camera, box);
		// A name keeps below a number that stands on it.
		const below = name && at.some((p) => Math.hypot(p[0] - name[0], p[1] - name[1]) < 60) ? 62 : 0;
		return {
			area: `<path d="${d}" fill="#fbfaf6" stroke="#39454e" stroke-width="2"/>`,
			name: name
				? `<text x="${name[0].toFixed(0)}" y="${(name[1] + below).toFixed(0)}" text-anchor="middle">${safe(v.name)}</text>`
				: ''
		};
	});
	// Numbers at one place stand beside each other.
	const seen = new Map<string, number>();
	const marks = places.map(({ word }, i) => {
		const [x, y] = at[i]!;
		const key = `${Math.round(x / 24)}:${Math.round(y / 24)}`;
		const n = seen.get(key) ?? 0;
		seen.set(key, n + 1);
		const cx = (x + n * 52).toFixed(0);
		return `<circle cx="${cx}" cy="${y.toFixed(0)}" r="25" fill="#7350bd" stroke="#fff" stroke-width="4"/><text class="no" x="${cx}" y="${(y + 10).toFixed(0)}" text-anchor="middle">${safe(word)}</text>`;
	});
	const [any] = [...corners(map.township.shape)];
	return `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}"><style>text{font:30px 'Noto Sans CJK SC','Noto Serif CJK SC',sans-serif;fill:#1a2127}.no{font-weight:700;font-size:28px;fill:#fff}</style><rect width="100%" height="100%" fill="${any ? '#eef0ec' : '#fff'}"/>${villages.map((v) => v.area).join('')}${villages.map((v) => v.name).join('')}${marks.join('')}</svg>`;
}
