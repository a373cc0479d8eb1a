export const themes = ['auto', 'light', 'dark'] as const;
export type ThemeChoice = (typeof themes)[number];

/** At once on this page, and by cookie on the next: the server writes `data-theme` before the first byte. */
export function setTheme(theme: ThemeChoice): void {
	document.documentElement.dataset.theme = theme;
	const secure = location.protocol === 'https:' ? '; Secure' : '';
	document.cookie = `xt-theme=${theme}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
}
