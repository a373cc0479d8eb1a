import { kinds } from '$lib/domain/fact';

export const match = (value: string): boolean => (kinds as readonly string[]).includes(value);
