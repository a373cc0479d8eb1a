import type { Geometry } from 'geojson';

/**
 * What goes out: a title, headings and rows, and a place for each row where there is one (lon/lat). The
 * headings should be those of `headingOf`, so that our reader and every office knows them.
 */
export type Table = {
	title: string;
	headings: string[];
	rows: (string | number | null)[][];
	geometry?: (Geometry | null)[];
};
