/**
 * Accounts are names in an office; Auth wants an address, so a bare name gets one that goes nowhere
 * (RFC 2606 `.invalid`), with anything beyond plain letters written as hexadecimal UTF-8.
 */
export function toEmail(login: string): string {
	const name = login.trim().toLowerCase();
	if (/^[^@\s]+@[a-z0-9.-]+$/.test(name)) return name;
	const plain = /^[a-z0-9._-]+$/.test(name)
		? name
		: `x-${Buffer.from(name, 'utf8').toString('hex')}`;
	return `${plain}@xiangtu.invalid`;
}
