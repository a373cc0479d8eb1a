/**
 * `npm test`: everything, on a machine that has only Node (Debian, root, for the browser and PostgreSQL).
 * Each part prints its own lines; the last line sums up. XT_TEST_POSTGRES=install adds Debian's PostgreSQL 15
 * with PostGIS and pgTAP; TEST_DATABASE_URL names one that is there already.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import { existsSync } from 'node:fs';

const root = process.getuid?.() === 0;
/** @type {NodeJS.ProcessEnv} */
const env = { ...process.env, DO_NOT_TRACK: '1', TZ: process.env.TZ ?? 'Asia/Shanghai' };
/** @type {{ name: string, ok: boolean, seconds: number }[]} */
const parts = [];

/** @param {string} name @param {string} command @param {string[]} args */
function run(name, command, args) {
	const began = Date.now();
	console.log(`\n── ${name} ──`);
	const { status } = spawnSync(command, args, { stdio: 'inherit', env });
	parts.push({ name, ok: status === 0, seconds: Math.round((Date.now() - began) / 1000) });
	if (status !== 0) finish();
}

/**
 * Parts that leave a core to one another, at once; each prints whole, in this order.
 * @param {[name: string, script: string][]} scripts
 */
async function together(scripts) {
	const began = Date.now();
	const running = scripts.map(async ([name, script]) => {
		const child = spawn('sh', ['-c', `npm run --silent ${script} 2>&1`], { env });
		const [said, [status]] = await Promise.all([buffer(child.stdout), once(child, 'close')]);
		return { name, ok: status === 0, seconds: Math.round((Date.now() - began) / 1000), said };
	});
	for (const { said, ...part } of await Promise.all(running)) {
		console.log(`\n── ${part.name} ──\n${said}`);
		parts.push(part);
	}
	if (parts.some((p) => !p.ok)) finish();
}

function finish() {
	const failed = parts.filter((p) => !p.ok);
	console.log();
	for (const p of parts) console.log(`${p.ok ? 'ok  ' : 'FAIL'} ${p.name} (${p.seconds} s)`);
	console.log(`${parts.length - failed.length} passed, ${failed.length} failed`);
	process.exit(failed.length ? 1 : 0);
}

/** @param {string[]} packages */
function install(packages) {
	console.log(`installing ${packages.join(' ')}`);
	const quiet = {
		stdio: /** @type {const} */ ('ignore'),
		env: { ...env, DEBIAN_FRONTEND: 'noninteractive' }
	};
	execFileSync('apt-get', ['update', '-qq'], quiet);
	execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], quiet);
}

const chromium = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
	(p) => existsSync(p)
);
const fonts = existsSync('/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc');
// Reads a notice's PDF back.
const reader = existsSync('/usr/bin/pdftotext');
const missing = [
	...(chromium ? [] : ['chromium']),
	...(fonts ? [] : ['fonts-noto-cjk']),
	...(reader ? [] : ['poppler-utils'])
];
if (missing.length) {
	if (root) install(missing);
	else if (!chromium || !reader) {
		console.error('needs: apt-get install chromium fonts-noto-cjk poppler-utils');
		process.exit(1);
	}
}
env.CHROMIUM ??= chromium ?? '/usr/bin/chromium';

if (process.env.XT_TEST_POSTGRES === 'install' && !env.TEST_DATABASE_URL) {
	if (
		!existsSync('/usr/share/postgresql/15/extension/pgtap.control') ||
		!existsSync('/usr/share/postgresql/15/extension/postgis.control')
	) {
		install(['postgresql-15', 'postgresql-15-postgis-3', 'postgresql-15-pgtap']);
	}
	const sql = (/** @type {string} */ text) =>
		execFileSync('su', ['postgres', '-c', 'psql -qAt -v ON_ERROR_STOP=1 postgres'], {
			input: text
		}).toString();
	spawnSync('pg_ctlcluster', ['15', 'main', 'start']);
	const password = 'xt-test-only';
	sql(
		`do $$ begin if not exists (select from pg_roles where rolname = 'xt_test') then create role xt_test superuser login; end if; end $$; alter role xt_test password '${password}';`
	);
	const port = sql('show port').trim();
	env.TEST_DATABASE_URL = `postgres://xt_test:${password}@127.0.0.1:${port}/postgres`;
}
if (!env.TEST_DATABASE_URL)
	console.log(
		'PostgreSQL part skipped: TEST_DATABASE_URL is not set (the embedded engine is tested)'
	);

// Types and lint read what this writes.
run('messages, routes', 'npm', ['run', '--silent', 'sync']);
await together([
	['types', 'types'],
	['lint', 'lint']
]);
run('build', 'npm', ['run', '--silent', 'build']);
run('unit, database, rights', 'npx', ['vitest', 'run']);
run('end to end', 'npx', ['playwright', 'test']);
finish();
