import type { Role } from '$lib/domain/place';
import * as m from '$lib/i18n/paraglide/messages';

export const roleWords: Record<Role, () => string> = {
	observer: m.account_role_observer,
	field: m.account_role_field,
	contact: m.account_role_contact,
	inspector: m.account_role_inspector,
	planner: m.account_role_planner,
	admin: m.account_role_admin,
	auditor: m.account_role_auditor
};

export const roleHints: Record<Role, () => string> = {
	observer: m.account_role_hint_observer,
	field: m.account_role_hint_field,
	contact: m.account_role_hint_contact,
	inspector: m.account_role_hint_inspector,
	planner: m.account_role_hint_planner,
	admin: m.account_role_hint_admin,
	auditor: m.account_role_hint_auditor
};

/** 'Chrome · Windows' out of what the browser says of itself. */
export function deviceWord(agent: string): string {
	const browser = /Edg\//.test(agent)
		? 'Edge'
		: /MicroMessenger/.test(agent)
			? '微信'
			: /Firefox\//.test(agent)
				? 'Firefox'
				: /Chrome\//.test(agent)
					? 'Chrome'
					: /Safari\//.test(agent)
						? 'Safari'
						: '';
	const system = /Windows/.test(agent)
		? 'Windows'
		: /Android/.test(agent)
			? 'Android'
			: /iPhone|iPad/.test(agent)
				? 'iOS'
				: /Mac OS/.test(agent)
					? 'macOS'
					: /Linux/.test(agent)
						? 'Linux'
						: '';
	return (
		[browser, system].filter(Boolean).join(' · ') ||
		agent.slice(0, 40) ||
		m.account_session_unknown()
	);
}
