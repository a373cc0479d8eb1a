import { writeView, type View } from '$lib/domain/view';

export type OnView = (view: View) => void;

/** A link is a view: it works without any script, and with it the page does not reload. */
export const hrefOf = (view: View) => writeView(view) || '?';

/** Follows the link in place, unless a new tab was asked for. */
export const go = (onview: OnView, view: View) => (event: MouseEvent) => {
	if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
	event.preventDefault();
	onview(view);
};
