import type { FullResult, Reporter, Suite, TestCase } from '@playwright/test/reporter';

/**
 * The last thing a run prints: what failed, or only passed the second time, with its error. CI keeps the end of its
 * output; the names alone say nothing about why. Before it the slowest tests, where a run too long is made shorter.
 */
export default class Failures implements Reporter {
	#all: Suite | undefined;

	onBegin(_: unknown, all: Suite): void {
		this.#all = all;
	}

	onEnd(_: FullResult): void {
		const all = this.#all!.allTests();
		const times = all
			.map((test) => ({ test, ms: test.results.reduce((sum, r) => sum + r.duration, 0) }))
			.sort((a, b) => b.ms - a.ms);
		if (process.env.CI)
			for (const { test, ms } of times.slice(0, 20))
				console.log(`${Math.round(ms / 1000)} s ${nameOf(test)}`);
		const bad = all.filter((t) => ['unexpected', 'flaky'].includes(t.outcome()));
		for (const test of bad) console.log(`\n${test.outcome()}: ${nameOf(test)}\n${errorsOf(test)}`);
	}

	printsToStdio(): boolean {
		return false;
	}
}

const nameOf = (test: TestCase) =>
	`${test.location.file.split('/').at(-1)}:${test.location.line} ${test.title}`;

function errorsOf(test: TestCase): string {
	return test.results
		.flatMap((r) =>
			r.errors.map(
				(e) =>
					`try ${r.retry + 1}, ${Math.round(r.duration / 1000)} s\n${short(e.stack ?? e.message)}`
			)
		)
		.join('\n');
}

/** Without colours, and not longer than a screen. */
const short = (text = '') =>
	text
		.replace(/\u001b\[[0-9;]*m/g, '')
		.split('\n')
		.slice(0, 24)
		.join('\n');
