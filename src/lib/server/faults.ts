import type { HandleServerError } from '@sveltejs/kit';
import { Failure } from '$lib/data/client';
import { logLine } from './logline';

/** A path as it may stand in a log: without the token of a calendar's address. */
export const loggable = (path: string): string =>
	path.replace(/^(\/feeds\/[^/]*\/)(?!(?:ogc|tiles|geojson)(?:\/|$))[^/]+/, '$1…');

/** One line a fault in the log, with an id that the person sees; never a stack or SQL in the answer. */
export const report: HandleServerError = ({ error, event, status, message }) => {
	const id = event.locals.requestId;
	if (error instanceof Failure) {
		logLine({
			id,
			path: loggable(event.url.pathname),
			status: error.status,
			code: error.code,
			detail: error.detail
		});
		return { message: error.code, code: error.code, id };
	}
	if (status !== 404) {
		const fault =
			error instanceof Error
				? { name: error.name, message: error.message, stack: error.stack }
				: { message: String(error) };
		logLine({ id, path: loggable(event.url.pathname), status, ...fault });
	}
	return {
		message: status === 404 ? 'not_found' : message,
		code: status === 404 ? 'not_found' : 'fault',
		id
	};
};
