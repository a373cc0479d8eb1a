// zod would try once whether it may compile code: the policy says no, and reports the question on every page.
// Set before the first schema is made, and without carrying zod onto pages that have none.
Object.assign(globalThis, { __zod_globalConfig: { jitless: true } });
