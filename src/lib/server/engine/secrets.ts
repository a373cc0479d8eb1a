/** What only this installation knows: made at the first start, kept beside the data, readable by its owner alone. */
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { RefusedStart } from './guard';

export type Secrets = {
	jwtSecret: string;
	publishableKey: string;
	secretKey: string;
	/** Password of the role that serves the Data API, where the database is another process. */
	apiPassword: string;
};

const key = (kind: 'publishable' | 'secret') =>
	`sb_${kind}_${randomBytes(24).toString('base64url')}`;

export function readSecrets(dataDir: string): Secrets {
	mkdirSync(dataDir, { recursive: true, mode: 0o700 });
	chmodSync(dataDir, 0o700);
	const file = path.join(dataDir, 'secrets.json');
	if (!existsSync(file)) {
		const secrets: Secrets = {
			jwtSecret: randomBytes(48).toString('base64url'),
			publishableKey: key('publishable'),
			secretKey: key('secret'),
			apiPassword: randomBytes(24).toString('base64url')
		};
		writeFileSync(`${file}.new`, JSON.stringify(secrets, null, '\t'), { mode: 0o600 });
		renameSync(`${file}.new`, file);
	}
	try {
		return JSON.parse(readFileSync(file, 'utf8')) as Secrets;
	} catch {
		throw new RefusedStart(
			`${file}：无法读取，请从备份恢复 secrets.json / secrets.json cannot be read: restore it from a backup`
		);
	}
}
