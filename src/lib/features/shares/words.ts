import type { Component } from 'svelte';
import Ban from '@lucide/svelte/icons/ban';
import Clock from '@lucide/svelte/icons/clock';
import Link from '@lucide/svelte/icons/link';
import Lock from '@lucide/svelte/icons/lock';
import ShieldAlert from '@lucide/svelte/icons/shield-alert';
import UserX from '@lucide/svelte/icons/user-x';
import type { ShareLook, ShareStanding } from '$lib/domain/share';
import type { FindingCode } from '$lib/domain/sharelint';
import type { ShareKind, ShareOption } from '$lib/domain/shared';
import { dayWord } from '$lib/features/things/words';
import * as m from '$lib/i18n/paraglide/messages';

export const kindWords: Record<ShareKind, () => string> = {
	project: m.shares_kind_project,
	unit: m.shares_kind_unit,
	plan: m.shares_kind_plan,
	scheme: m.shares_kind_scheme,
	village: m.shares_kind_village,
	township: m.shares_kind_township,
	meeting: m.shares_kind_meeting
};
export const optionWords: Record<ShareOption, () => string> = {
	boundaries: m.shares_option_boundaries,
	land: m.shares_option_land,
	money: m.shares_option_money,
	gains: m.shares_option_gains,
	stuck: m.shares_option_stuck,
	photos: m.shares_option_photos,
	changes: m.shares_option_changes,
	people: m.shares_option_people
};
export const standingWords: Record<ShareStanding, () => string> = {
	open: m.shares_standing_open,
	locked: m.shares_standing_locked,
	ended: m.shares_standing_ended,
	revoked: m.shares_standing_revoked,
	guessed: m.shares_standing_guessed,
	left: m.shares_standing_left
};
/** Never colour alone. */
export const standingIcons: Record<ShareStanding, Component> = {
	open: Link,
	locked: Lock,
	ended: Clock,
	revoked: Ban,
	guessed: ShieldAlert,
	left: UserX
};
export const findingWords: Record<FindingCode, () => string> = {
	photo: m.shares_found_photo,
	id: m.shares_found_id,
	bank: m.shares_found_bank,
	phone: m.shares_found_phone,
	coordinates: m.shares_found_coordinates,
	coordinate: m.shares_found_coordinate,
	precise: m.shares_found_precise,
	area: m.shares_found_area,
	no_review: m.shares_found_no_review
};
export const lookWords: Record<ShareLook['what'], () => string> = {
	opened: m.shares_look_opened,
	wrong: m.shares_look_wrong,
	locked: m.shares_look_locked,
	revoked: m.shares_look_revoked
};
const devices: Record<string, () => string> = {
	'wechat phone': m.shares_device_wechat_phone,
	'wechat computer': m.shares_device_wechat_computer,
	'dingtalk phone': m.shares_device_dingtalk_phone,
	'dingtalk computer': m.shares_device_dingtalk_computer,
	'browser phone': m.shares_device_phone,
	'browser computer': m.shares_device_computer
};
export const deviceWord = (device: string): string => devices[device]?.() ?? '';

export const linkOf = (origin: string, publicId: string, secret: string): string =>
	`${origin}/s/${publicId}#${secret}`;

/** A few lines for a chat: whose page, what, the link and until when. The passcode never goes with it. */
export const chatText = (p: {
	township: string;
	title: string;
	link: string;
	expiresAt: string;
	passcode: boolean;
}): string =>
	[
		m.shares_chat_title({ township: p.township, title: p.title }),
		p.link,
		m.shares_chat_until({ day: dayWord(p.expiresAt) }) +
			(p.passcode ? m.shares_chat_passcode() : '')
	].join('\n');
