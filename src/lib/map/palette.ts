import type { Counts, Fact, Measure, State } from '$lib/domain/fact';
import { facts, share, unproven } from '$lib/domain/fact';
import * as m from '$lib/i18n/paraglide/messages';

/**
 * The one record of how the map speaks: colour, shape, pattern and word. The canvas, the SVG, the legend and the
 * chips read it; `app.css` repeats the colours as variables and a test compares the two.
 * Green is only for proven, red only for blocked and overdue. Blue, violet and the bluish green stay apart for
 * colour-blind eyes, and no meaning hangs on colour alone: every mark has its shape and its word.
 */
export type Theme = 'light' | 'dark';
export type Tone = Record<Theme, string>;

/** `shape` is an SVG path in a 24 × 24 box, filled by the even-odd rule. */
export type Sign = { colour: Tone; shape: string; word: () => string };

export const surfaces = {
	paper: { light: '#eef0ec', dark: '#0f1418' },
	land: { light: '#fbfaf6', dark: '#1b2229' },
	card: { light: '#ffffff', dark: '#161c22' },
	ink: { light: '#1a2127', dark: '#e8ecef' },
	'ink-soft': { light: '#55616b', dark: '#a3afb9' },
	line: { light: '#8b979f', dark: '#5d6a75' },
	boundary: { light: '#39454e', dark: '#b9c4cd' },
	halo: { light: '#ffffff', dark: '#0f1418' },
	choice: { light: '#10161b', dark: '#ffffff' }
} satisfies Record<string, Tone>;

const trouble: Tone = { light: '#c0272d', dark: '#ff7b72' };
const quiet: Tone = { light: '#5f6b75', dark: '#98a4ae' };

const disc = 'M12 2a10 10 0 1 0 0 20a10 10 0 0 0 0-20z';
const ring = `${disc}M12 4.8a7.2 7.2 0 1 0 0 14.4a7.2 7.2 0 0 0 0-14.4z`;

/** Where a step stands: an open ring, a target, a hatched diamond, a disc with a tick, a cross. */
export const stateSigns: Record<State, Sign> = {
	found: {
		colour: quiet,
		shape:
			'M12 2a10 10 0 0 1 7.1 3l-2 2A7.2 7.2 0 0 0 12 4.8zM22 12a10 10 0 0 1-3 7.1l-2-2a7.2 7.2 0 0 0 2.2-5.1zM12 22a10 10 0 0 1-7.1-3l2-2a7.2 7.2 0 0 0 5.1 2.2zM2 12a10 10 0 0 1 3-7.1l2 2A7.2 7.2 0 0 0 4.8 12z',
		word: m.map_state_found
	},
	said: {
		colour: { light: '#7350bd', dark: '#b69cf2' },
		shape: `${ring}M12 8.6a3.4 3.4 0 1 0 0 6.8a3.4 3.4 0 0 0 0-6.8z`,
		word: m.said
	},
	done: {
		colour: { light: '#1b62b5', dark: '#6cb0ff' },
		shape:
			'M12 .6L23.4 12L12 23.4L.6 12zM12 4.3L4.3 12L5.6 13.3L13.3 5.6zM15.2 7.5L7.5 15.2L8.8 16.5L16.5 8.8zM18.4 10.7L10.7 18.4L12 19.7L19.7 12z',
		word: m.done
	},
	proven: {
		colour: { light: '#0c7a4d', dark: '#4fcf97' },
		shape: `${disc}M6.4 12.3L8.3 10.4L10.9 13L15.8 7.9L17.7 9.8L10.9 16.8z`,
		word: m.proven
	},
	dropped: {
		colour: quiet,
		shape: 'M5 3L12 10L19 3L21 5L14 12L21 19L19 21L12 14L5 21L3 19L10 12L3 5z',
		word: m.map_state_dropped
	}
};

/** What stands beside a state: a stop sign, an hourglass, a question, a warning triangle. */
export const marks = {
	blocked: {
		colour: trouble,
		shape: 'M7.6 1.5H16.4L22.5 7.6V16.4L16.4 22.5H7.6L1.5 16.4V7.6zM5.5 10.2V13.8H18.5V10.2z',
		word: m.map_blocked
	},
	overdue: {
		colour: trouble,
		shape: 'M4 1.5H20V5.2L14.3 12L20 18.8V22.5H4V18.8L9.7 12L4 5.2z',
		word: m.map_overdue
	},
	unknown: {
		colour: quiet,
		shape:
			'M7 8.2C7 5 9.2 3 12.1 3S17.2 4.9 17.2 7.7C17.2 10 16 11.1 14.7 12.1C13.6 13 13.3 13.5 13.3 15.2H10.5C10.5 12.8 11.2 11.7 12.6 10.6C13.7 9.7 14.3 9.1 14.3 7.8C14.3 6.4 13.4 5.6 12.1 5.6S9.9 6.6 9.9 8.2zM10.3 17.6H13.5V20.8H10.3z',
		word: m.map_unknown
	},
	hazard: {
		colour: { light: '#8f5600', dark: '#e9b44c' },
		shape: 'M12 1.8L23 21.5H1zM10.7 8.6L11 15.4H13L13.3 8.6zM10.7 16.9V19.3H13.3V16.9z',
		word: m.map_hazard
	}
} satisfies Record<string, Sign>;
export type Mark = keyof typeof marks;

export const measureSigns: Record<Measure, Sign> = {
	proven: stateSigns.proven,
	done: stateSigns.done,
	said: stateSigns.said,
	blocked: marks.blocked,
	overdue: marks.overdue,
	unknown: marks.unknown
};

/** Six steps each: nothing, four quarters, all. `trouble` counts: 0, 1–2, 3–5, 6–10, 11–20, more. */
export type Ramp = Fact | 'trouble';
export const ramps: Record<Ramp, Record<Theme, readonly string[]>> = {
	proven: {
		light: ['#fbfaf6', '#d9eee2', '#aedbc1', '#74bf99', '#369c70', '#0c7a4d'],
		dark: ['#1b2229', '#17352a', '#1b4d3a', '#216b4e', '#2b8c65', '#3fb583']
	},
	done: {
		light: ['#fbfaf6', '#dbe8f7', '#b4d0ef', '#82b0e3', '#4888cf', '#1b62b5'],
		dark: ['#1b2229', '#172f48', '#1b4368', '#215a8e', '#2d76b8', '#4b97e0']
	},
	said: {
		light: ['#fbfaf6', '#e8e1f6', '#d2c5ee', '#b29ce0', '#9074cf', '#7350bd'],
		dark: ['#1b2229', '#2b2545', '#3d3363', '#544688', '#6f5fae', '#9081d6']
	},
	trouble: {
		light: ['#fbfaf6', '#fbdcd6', '#f4b5ab', '#e88478', '#d6504b', '#b01f27'],
		dark: ['#1b2229', '#412022', '#62292b', '#8a3536', '#b84744', '#e8645d']
	}
};

export const rampOf = (measure: Measure): Ramp =>
	measure === 'blocked' || measure === 'overdue'
		? 'trouble'
		: measure === 'unknown'
			? 'proven'
			: measure;

const counted = [0, 2, 5, 10, 20];

/** Which of the six steps a village has; `null` is unknown: nothing planned, so nothing can be claimed. */
export function classOf(counts: Counts, measure: Measure): number | null {
	if (counts.planned === 0) return null;
	if (measure === 'unknown') return 0;
	if (measure === 'blocked' || measure === 'overdue') {
		const above = counted.findIndex((limit) => counts[measure] <= limit);
		return above === -1 ? 5 : above;
	}
	const part = share(counts, measure) ?? 0;
	return part <= 0 ? 0 : part >= 1 ? 5 : Math.min(4, 1 + Math.floor(part * 4));
}

/** The steps in words, in the order of `classOf`. */
export function classWords(measure: Measure): string[] {
	if (measure === 'unknown') return [m.map_class_known()];
	if (measure === 'blocked' || measure === 'overdue')
		return [m.map_class_none(), '1–2', '3–5', '6–10', '11–20', '> 20'];
	return [m.map_class_zero(), '< 25%', '25–50%', '50–75%', '75–99%', m.map_class_all()];
}

/**
 * Spacing of the hatch: 0 where nothing waits for proof, 3 where more than half of the plan does.
 * It belongs to the three facts; a map of what is blocked, overdue or unknown has none.
 */
export function hatchOf(counts: Counts, measure: Measure): 0 | 1 | 2 | 3 {
	if (!hatched(measure)) return 0;
	const waiting = unproven(counts);
	if (waiting <= 0 || counts.planned === 0) return 0;
	const part = waiting / counts.planned;
	return part > 0.5 ? 3 : part > 0.2 ? 2 : 1;
}

export const hatched = (measure: Measure): measure is Fact => facts.includes(measure as Fact);

/** Distance between hatch lines in px, by `hatchOf`. */
export const hatchGap = [0, 15, 10, 6] as const;

/** Every colour as a CSS variable, for `app.css`. */
export function variables(theme: Theme): Record<string, string> {
	const found: Record<string, string> = {};
	for (const [name, tone] of Object.entries(surfaces)) found[`--${name}`] = tone[theme];
	for (const [name, sign] of Object.entries(stateSigns)) found[`--${name}`] = sign.colour[theme];
	for (const [name, sign] of Object.entries(marks)) found[`--${name}`] = sign.colour[theme];
	for (const [name, ramp] of Object.entries(ramps))
		ramp[theme].forEach((colour, i) => (found[`--ramp-${name}-${i}`] = colour));
	return found;
}
