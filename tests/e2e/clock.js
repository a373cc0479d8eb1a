// Preloaded into the server under test: its clock, and that of its worker threads, is XT_TEST_DAYS ahead, so
// that a public notice of two weeks can run out within a test.
const ahead = Number(process.env.XT_TEST_DAYS ?? 0) * 86_400_000;
const real = Date.now;
const Day = Date;
Date.now = () => real() + ahead;
globalThis.Date = /** @type {DateConstructor} */ (
	new Proxy(Day, {
		construct: (target, args) =>
			args.length ? Reflect.construct(target, args) : new target(real() + ahead),
		apply: () => new Day(real() + ahead).toString()
	})
);
