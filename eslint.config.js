import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

/**
 * Imports run one way (../shared/style.md): routes ▶ features ▶ data ▶ domain ◀ geo; features ▶ map, ui;
 * routes ▶ server ▶ data, domain, geo; features, service worker ▶ offline ▶ domain. Each room lists what it may NOT reach.
 * @param {string} room @param {string[]} closed
 */
const room = (room, closed, extra = {}) => ({
	files: [`src/lib/${room}/**/*.{ts,js,svelte}`],
	ignores: ['**/*.test.ts'],
	rules: {
		'no-restricted-imports': [
			'error',
			{
				patterns: [
					{
						group: closed.flatMap((c) => [`$lib/${c}/*`, `$lib/${c}/**`, `**/lib/${c}/**`]),
						message: `the room '${room}' does not import from ${closed.join(', ')}`
					},
					...(extra.patterns ?? [])
				],
				paths: extra.paths ?? []
			}
		]
	}
});

const frameworks = [
	{
		group: ['svelte', 'svelte/**', '$app/**', '@sveltejs/**'],
		message: 'plain TypeScript room: no Svelte'
	},
	{ group: ['@supabase/**', 'postgres'], message: 'plain TypeScript room: no Supabase' },
	{ group: ['maplibre-gl', 'terra-draw*'], message: 'plain TypeScript room: no MapLibre' }
];
const noMap = { group: ['maplibre-gl', 'terra-draw*'], message: 'only src/lib/map holds the map' };

export default ts.config(
	{
		ignores: [
			'build/',
			'.svelte-kit/',
			'/data/',
			'src/lib/i18n/paraglide/',
			'test-results/',
			'node_modules/'
		]
	},
	js.configs.recommended,
	...ts.configs.recommended,
	...svelte.configs.recommended,
	{ languageOptions: { globals: { ...globals.browser, ...globals.node } } },
	{
		files: ['**/*.svelte', '**/*.svelte.ts'],
		languageOptions: {
			parserOptions: { extraFileExtensions: ['.svelte'], parser: ts.parser, svelteConfig }
		}
	},
	{
		rules: {
			'no-undef': 'off',
			'no-eval': 'error',
			'no-new-func': 'error',
			'no-implied-eval': 'error',
			'no-script-url': 'error',
			'@typescript-eslint/no-unused-vars': [
				'error',
				{ argsIgnorePattern: '^_', varsIgnorePattern: '^_' }
			],
			'no-restricted-syntax': [
				'error',
				{
					selector:
						'MemberExpression[property.name=/^(innerHTML|outerHTML|insertAdjacentHTML|setHTML)$/]',
					message: 'HTML from strings runs scripts (security.md D-02)'
				}
			]
		}
	},
	{
		files: ['**/*.svelte'],
		rules: { 'svelte/no-at-html-tags': 'error', 'svelte/no-navigation-without-resolve': 'off' }
	},
	// Tests look into pages and libraries whose shapes are theirs to change.
	{
		files: ['tests/**'],
		rules: {
			'@typescript-eslint/no-explicit-any': 'off',
			'no-empty-pattern': 'off',
			'no-script-url': 'off',
			'no-control-regex': 'off'
		}
	},
	room('domain', ['data', 'offline', 'geo', 'map', 'ui', 'features', 'server'], {
		patterns: frameworks
	}),
	room('geo', ['data', 'offline', 'map', 'ui', 'features', 'server'], { patterns: frameworks }),
	room('offline', ['data', 'geo', 'map', 'ui', 'features', 'server'], { patterns: frameworks }),
	room('data', ['offline', 'map', 'ui', 'features', 'server'], { patterns: [noMap] }),
	room('map', ['data', 'offline', 'ui', 'features', 'server']),
	room('ui', ['data', 'offline', 'domain', 'geo', 'map', 'features', 'server'], {
		patterns: [noMap]
	}),
	room('features', ['server'], { patterns: [noMap] }),
	room('server', ['offline', 'map', 'ui', 'features'], { patterns: [noMap] })
);
