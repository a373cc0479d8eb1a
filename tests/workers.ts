import path from 'node:path';
import postgres from 'postgres';
import { makeRoles } from '../src/lib/server/engine/boot';
import { buildWorkers } from '../src/lib/server/workers/plugin';

/**
 * Before all Node suites: what runs beside the server is compiled once, outside `build/`, which every build empties;
 * and the roles that all databases of a PostgreSQL share are made, which two suites at once could not.
 */
export default async function setup(): Promise<void> {
	if (process.env.XT_WORKERS) return;
	process.env.XT_WORKERS = path.resolve('node_modules/.cache/xiangtu/test-workers');
	await buildWorkers(process.env.XT_WORKERS);
	const native = process.env.TEST_DATABASE_URL;
	if (!native) return;
	const sql = postgres(native, { max: 1, onnotice: () => undefined });
	await makeRoles(sql, null);
	await sql.end();
}
