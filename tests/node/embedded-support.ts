/** A backend of its own for a test: temporary data folder, small schema, compiled worker and runner. */
import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { build } from 'vite';
import { startEmbedded, type Backend } from '../../src/lib/server/engine/index';

export const origin = 'http://localhost:3999';
export const password = 'a long enough one';

/** Inside the repository, so that compiled code finds its packages. */
const compiled = path.resolve('node_modules/.cache/xt-embedded-test');

let building: Promise<void> | undefined;
/** Compiles the database thread, and the engine itself for tests that start it as a process. */
export function compile(): Promise<void> {
	process.env.XT_WORKERS = compiled;
	building ??= build({
		configFile: false,
		logLevel: 'error',
		build: {
			ssr: true,
			target: 'node20',
			outDir: path.join(compiled, String(process.pid)),
			emptyOutDir: true,
			rollupOptions: {
				input: {
					database: 'src/lib/server/engine/database.worker.ts',
					engine: 'src/lib/server/engine/index.ts'
				},
				output: { entryFileNames: '[name].js' }
			}
		}
	}).then(() => undefined);
	process.env.XT_WORKERS = path.join(compiled, String(process.pid));
	return building;
}

const schema = `
create schema private;
create table public.notes (
	id bigint generated always as identity primary key,
	owner uuid not null default auth.uid(),
	body text not null check (char_length(body) <= 2000000)
);
alter table public.notes enable row level security;
create policy "own notes" on public.notes for all to authenticated
	using (owner = auth.uid()) with check (owner = auth.uid());
-- Nobody was ever given anything on this one, and no policy lets anybody in.
create table public.secret_probe (id int primary key, secret text);
alter table public.secret_probe enable row level security;
insert into public.secret_probe values (1, 'must never be seen');
-- Without grants, yet with a policy that would show all: only the missing grant protects it.
create table public.grant_probe (id int primary key, secret text);
alter table public.grant_probe enable row level security;
create policy "too wide on purpose" on public.grant_probe for all using (true) with check (true);
insert into public.grant_probe values (1, 'must never be seen');
create table private.hidden (id int primary key);
alter table private.hidden enable row level security;
create table public.kicked (user_id uuid primary key);
alter table public.kicked enable row level security;
create function private.may_join(p_topic text) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_topic in ('township:one', 'township:two')
		and auth.uid() is not null
		and not exists (select from public.kicked where user_id = auth.uid())
$$;
create function private.my_person() returns uuid
language sql stable security definer set search_path = '' as $$ select auth.uid() $$;
create function public.slow(seconds double precision) returns void language sql as $$ select pg_sleep(seconds) $$;
create function public.refuse() returns void language plpgsql as $$
begin raise exception 'not_now' using errcode = 'PT403', hint = 'later'; end $$;
create function public.broken() returns int language plpgsql as $$
declare n int; begin execute 'select secret_column from nowhere_at_all' into n; return n; end $$;
create function public.many() returns setof int language sql as $$ select generate_series(1, 5000) $$;
create function public.hint(topic text) returns void language sql security definer as $$
	select pg_notify('xiangtu_hint', jsonb_build_object('topic', topic, 'kind', 'step', 'id', 'x', 'version', 7)::text)
$$;
create function private.apply_privileges() returns void language plpgsql as $$
begin
	revoke all on all tables in schema public from public, anon, authenticated;
	revoke all on all functions in schema public from public, anon, authenticated;
	revoke all on all functions in schema private from public, anon, authenticated;
	revoke all on schema private from public, anon, authenticated;
	grant usage on schema public, private to authenticated;
	grant usage on schema public to anon;
	grant execute on function private.may_join(text), private.my_person() to authenticated;
	grant execute on function public.slow(double precision), public.refuse(), public.broken(), public.many(), public.hint(text) to authenticated;
	grant select, insert on public.notes to authenticated;
end $$;
select private.apply_privileges();
`;

export type Place = { dataDir: string; migrationsDir: string; remove: () => void };

export function makePlace(): Place {
	const root = mkdtempSync(path.join(os.tmpdir(), 'xt-embedded-'));
	const migrationsDir = path.join(root, 'migrations');
	mkdirSync(migrationsDir);
	writeFileSync(path.join(migrationsDir, '20260101000000_test.sql'), schema);
	return {
		dataDir: path.join(root, 'data'),
		migrationsDir,
		remove: () => rmSync(root, { recursive: true, force: true })
	};
}

export async function startIn(
	place: Place,
	more: Partial<Parameters<typeof startEmbedded>[0]> = {}
): Promise<Backend> {
	await compile();
	return startEmbedded({ ...place, origin, production: false, ...more });
}

/** A token signed by `secret`, with any head and claims. */
export function mint(
	claims: object,
	secret: string,
	head: object = { alg: 'HS256', typ: 'JWT' }
): string {
	const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
	const text = `${part(head)}.${part(claims)}`;
	return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}

/** Signs in the way the server's own log-in action does: in the process, never through the front door. */
export async function signIn(backend: Backend, email: string, secret = password) {
	const response = await backend.fetch(`${origin}/auth/v1/token?grant_type=password`, {
		method: 'POST',
		headers: { apikey: backend.publishableKey, 'Content-Type': 'application/json' },
		body: JSON.stringify({ email, password: secret })
	});
	return {
		status: response.status,
		...((await response.json()) as { access_token: string; refresh_token: string })
	};
}

/** A request from outside. */
export function ask(
	backend: Backend,
	at: string,
	token?: string | null,
	init: RequestInit = {}
): Promise<Response> {
	const headers = new Headers({
		apikey: backend.publishableKey,
		...(init.headers as Record<string, string>)
	});
	if (token) headers.set('Authorization', `Bearer ${token}`);
	return backend.handle(new Request(`${origin}${at}`, { ...init, headers }), '203.0.113.7');
}

/** An HTTP server that carries only the live endpoint. */
export async function serveLive(backend: Backend): Promise<{ url: string; close: () => void }> {
	const server = createServer((_, response) => response.writeHead(404).end());
	server.on('upgrade', backend.realtime.upgrade);
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		close: () => server.close()
	};
}
