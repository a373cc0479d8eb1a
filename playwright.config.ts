import { defineConfig } from '@playwright/test';

/** Debian's Chromium with software WebGL; each worker has a server and a data folder of its own. */
export default defineConfig({
	testDir: 'tests/e2e',
	testMatch: '**/*.e2e.ts',
	timeout: 90_000,
	expect: { timeout: 15_000 },
	workers: 1,
	fullyParallel: false,
	reporter: process.env.CI ? [['line']] : [['list']],
	use: {
		actionTimeout: 15_000,
		navigationTimeout: 30_000,
		viewport: { width: 1000, height: 700 },
		locale: 'zh-CN',
		timezoneId: 'Asia/Shanghai',
		// Pictures of every moment cost as much as the page itself; nobody reads them from CI.
		trace: process.env.CI ? 'off' : 'retain-on-failure',
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
