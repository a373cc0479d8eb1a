import { toast } from 'svelte-sonner';

export type Told = {
	kind: 'success' | 'error' | 'info';
	title: string;
	text?: string;
	action?: { label: string; run: () => void };
};

/** Says something in a toast; a way back or a second try stays long enough to be reached. */
export function tell({ kind, title, text, action }: Told): void {
	toast[kind](title, {
		...(text ? { description: text } : {}),
		...(action ? { action: { label: action.label, onClick: action.run } } : {}),
		duration: action ? 10_000 : kind === 'error' ? 8_000 : 3_000
	});
}
