import { defineConfig } from '@playwright/test';

/** Nobody waits for CI's slower cores: a wait that holds costs no more for its longer end. */
const CI = !!process.env.CI;

/** Debian's Chromium with software WebGL; each worker has a server and a data folder of its own. */
export default defineConfig({
	testDir: 'tests/e2e',
	testMatch: '**/*.e2e.ts',
	timeout: CI ? 180_000 : 90_000,
	expect: { timeout: CI ? 45_000 : 15_000 },
	// A failed test's worker ends, and its server with it: the second try has a demo of its own. What passes only then
	// is printed with its error.
	retries: CI ? 1 : 0,
	workers: 1,
	fullyParallel: false,
	reporter: [[CI ? 'line' : 'list'], ['./tests/e2e/failures.ts']],
	use: {
		actionTimeout: CI ? 45_000 : 15_000,
		navigationTimeout: CI ? 60_000 : 30_000,
		viewport: { width: 1000, height: 700 },
		locale: 'zh-CN',
		timezoneId: 'Asia/Shanghai',
		// Pictures of every moment cost as much as the page itself; nobody reads them from CI.
		trace: CI ? 'off' : 'retain-on-failure',
		launchOptions: {
			executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
			args: [
				'--no-sandbox',
				'--disable-quic',
				'--no-first-run',
				'--disable-background-networking',
				'--disable-component-update',
				'--disable-sync',
				'--hide-scrollbars',
				// Nothing outside has an address.
				'--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE localhost , EXCLUDE 127.0.0.1',
				// WebGL in software; the page around it without, which takes half the time.
				'--disable-gpu-compositing',
				'--use-angle=swiftshader',
				'--enable-unsafe-swiftshader',
				'--ignore-gpu-blocklist'
			]
		}
	}
});
