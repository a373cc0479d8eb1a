/** Every route and what it takes, read from the files that the build is made of. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export type Route = { id: string; gets: boolean; writes: string[] };

export function routes(folder = 'src/routes', id = ''): Route[] {
	const files = readdirSync(folder, { withFileTypes: true });
	const source = (name: string) =>
		files.some((f) => f.name === name) ? readFileSync(path.join(folder, name), 'utf8') : '';
	const server = source('+server.ts');
	const page = source('+page.svelte');
	const actions =
		/export const actions[^=]*= \{([\s\S]*?)\n\};/.exec(source('+page.server.ts'))?.[1] ?? '';
	const here: Route = {
		id: id || '/',
		gets: page !== '' || /export const GET\b/.test(server),
		writes: [
			...[...server.matchAll(/export const (POST|PUT|PATCH|DELETE)\b/g)].map((m) => m[1]!),
			...[...actions.matchAll(/^\t(\w+)(?=[:,(]|$)/gm)].map((m) =>
				m[1] === 'default' ? 'POST ' : `POST ?/${m[1]}`
			)
		]
	};
	return [
		...(here.gets || here.writes.length ? [here] : []),
		...files
			.filter((f) => f.isDirectory())
			.flatMap((f) =>
				routes(path.join(folder, f.name), /^\(.*\)$/.test(f.name) ? id : `${id}/${f.name}`)
			)
	];
}

/** An address of the route: the township given, ids that nobody has, words that fit. */
export const addressOf = (id: string, township: string): string =>
	id
		.replace('[township]', township)
		.replace(/\[\w+=kind\]/, 'task')
		.replace(/\[\w+=photosize\]/, 'small')
		.replace(/\[(z|x|y)\]/g, '1')
		.replace('[format]', 'xlsx')
		.replace(/\[+\.\.\.\w+\]+/g, 'x')
		.replace(/\[+\w+(=\w+)?\]+/g, '01900000-0000-7000-8000-000000000000');
