/** Enter and the arrows go down and up the column, as in a sheet; in a list of choices the arrows choose. */
export function downTheColumn(e: KeyboardEvent & { currentTarget: HTMLElement }): void {
	const at = e.target;
	if (!(at instanceof HTMLInputElement || at instanceof HTMLSelectElement)) return;
	const { column } = at.dataset;
	if (!column || e.isComposing || e.altKey || e.metaKey) return;
	// A date's own arrows count its days.
	const arrows = (at instanceof HTMLInputElement && at.type === 'text') || e.ctrlKey;
	const step =
		e.key === 'Enter'
			? e.shiftKey
				? -1
				: 1
			: arrows && e.key === 'ArrowDown'
				? 1
				: arrows && e.key === 'ArrowUp'
					? -1
					: 0;
	if (!step) return;
	e.preventDefault();
	const cells = [
		...e.currentTarget.querySelectorAll<HTMLElement>(`[data-column="${column}"]`)
	].filter((cell) => cell.offsetParent !== null);
	cells[cells.indexOf(at) + step]?.focus();
}
