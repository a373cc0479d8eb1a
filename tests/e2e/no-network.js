// Preloaded into the server under test: any connection or name look-up that leaves the machine is refused
// and written to the file named by XT_NETWORK_LOG, which the suite requires to stay empty.
import dns from 'node:dns';
import fs from 'node:fs';
import net from 'node:net';
import { syncBuiltinESMExports } from 'node:module';

const home = /^(localhost|127\.|::1|::ffff:127\.|0\.0\.0\.0|::$)/;
/** @param {string} what */
const note = (what) => {
	if (process.env.XT_NETWORK_LOG) fs.appendFileSync(process.env.XT_NETWORK_LOG, `${what}\n`);
};
const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function (/** @type {any[]} */ ...args) {
	const first = Array.isArray(args[0]) ? args[0][0] : args[0];
	const host =
		typeof first === 'object' && first !== null
			? first.host
			: typeof args[1] === 'string'
				? args[1]
				: undefined;
	const path = typeof first === 'object' && first !== null ? first.path : undefined;
	if (!path && host && !home.test(host)) note(`connect ${host}`);
	return connect.apply(this, /** @type {any} */ (args));
};
const lookup = dns.lookup;
// @ts-expect-error the overloads of lookup are passed through unchanged
dns.lookup = function (/** @type {string} */ host, /** @type {any[]} */ ...rest) {
	if (!home.test(host)) note(`lookup ${host}`);
	// @ts-expect-error as above
	return lookup(host, ...rest);
};
syncBuiltinESMExports();
