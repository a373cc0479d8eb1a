/** Enter and the arrows go down and up the column, as in a sheet; in a list of choices the arrows choose. */
export function downTheColumn(e: KeyboardEvent & { currentTarget: HTMLElement }): void {
	const at = e.target;
	if (!(at instanceof HTMLInputElement || at instanceof HTMLSelectElement)) return;
	if (!('cell' in at.dataset) || e.isComposing || e.altKey || e.metaKey) return;
	const arrows = at instanceof HTMLInputElement || e.ctrlKey;
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
	const cells = [...e.currentTarget.querySelectorAll<HTMLElement>('[data-cell]')].filter(
		(cell) => cell.offsetParent !== null
	);
	cells[cells.indexOf(at) + step]?.focus();
}
