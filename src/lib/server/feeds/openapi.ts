import type { FeedLayer } from '$lib/domain/feed';
import { maxLimit, usualLimit } from './query';

const ok = (schema: string, type = 'application/json') => ({
	description: schema,
	content: { [type]: { schema: { $ref: `#/components/schemas/${schema}` } } }
});
const problems = Object.fromEntries(
	['400', '401', '404', '429'].map((status) => [status, ok('exception')])
);
const get = (operationId: string, summary: string, answer: object, parameters: string[] = []) => ({
	get: {
		operationId,
		summary,
		parameters: ['f', ...parameters].map((p) => ({ $ref: `#/components/parameters/${p}` })),
		responses: { '200': answer, ...problems }
	}
});
const query = (name: string, description: string, schema: object) => ({
	name,
	in: 'query',
	description,
	required: false,
	schema,
	style: 'form',
	explode: false
});
const inPath = (name: string, schema: object) => ({ name, in: 'path', required: true, schema });
const list = (items: object) => ({ type: 'array', items });
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });

/** The API definition (OpenAPI 3.0) of a feed's layers. */
export const openApi = (base: string, title: string, layers: FeedLayer[]) => ({
	openapi: '3.0.3',
	info: { title, version: '1.0.0' },
	servers: [{ url: base }],
	security: [{ basic: [] }, { bearer: [] }],
	paths: {
		'/': get('getLandingPage', 'landing page', ok('landingPage')),
		'/conformance': get('getConformance', 'conformance classes', ok('confClasses')),
		'/collections': get('getCollections', 'the layers', ok('collections')),
		'/collections/{collectionId}': get('describeCollection', 'a layer', ok('collection'), [
			'collectionId'
		]),
		'/collections/{collectionId}/items': get(
			'getFeatures',
			'features of a layer',
			ok('featureCollectionGeoJSON', 'application/geo+json'),
			['collectionId', 'limit', 'bbox', 'datetime', 'after']
		),
		'/collections/{collectionId}/items/{featureId}': get(
			'getFeature',
			'one feature',
			ok('featureGeoJSON', 'application/geo+json'),
			['collectionId', 'featureId']
		)
	},
	components: {
		securitySchemes: {
			basic: { type: 'http', scheme: 'basic' },
			bearer: { type: 'http', scheme: 'bearer' }
		},
		parameters: {
			f: query('f', 'the format', { type: 'string', enum: ['json'] }),
			collectionId: inPath('collectionId', { type: 'string', enum: layers.map((l) => l.id) }),
			featureId: inPath('featureId', { type: 'string' }),
			limit: query('limit', 'features of one page', {
				type: 'integer',
				minimum: 1,
				maximum: maxLimit,
				default: usualLimit
			}),
			bbox: query('bbox', 'west,south,east,north in degrees (CRS84)', {
				type: 'array',
				items: { type: 'number' },
				oneOf: [
					{ minItems: 4, maxItems: 4 },
					{ minItems: 6, maxItems: 6 }
				]
			}),
			datetime: query('datetime', 'RFC 3339 date-time or interval', { type: 'string' }),
			after: query('after', 'where the page before ended; comes with its next link', {
				type: 'string'
			})
		},
		schemas: {
			link: {
				type: 'object',
				required: ['href', 'rel'],
				properties: Object.fromEntries(
					['href', 'rel', 'type', 'title'].map((p) => [p, { type: 'string' }])
				)
			},
			landingPage: {
				type: 'object',
				required: ['links'],
				properties: {
					title: { type: 'string' },
					description: { type: 'string' },
					links: list(ref('link'))
				}
			},
			confClasses: {
				type: 'object',
				required: ['conformsTo'],
				properties: { conformsTo: list({ type: 'string' }) }
			},
			collections: {
				type: 'object',
				required: ['links', 'collections'],
				properties: { links: list(ref('link')), collections: list(ref('collection')) }
			},
			collection: {
				type: 'object',
				required: ['id', 'links'],
				properties: {
					id: { type: 'string' },
					title: { type: 'string' },
					description: { type: 'string' },
					links: list(ref('link')),
					extent: { type: 'object' },
					itemType: { type: 'string' },
					crs: list({ type: 'string' })
				}
			},
			featureCollectionGeoJSON: {
				type: 'object',
				required: ['type', 'features'],
				properties: {
					type: { type: 'string', enum: ['FeatureCollection'] },
					features: list(ref('featureGeoJSON')),
					links: list(ref('link')),
					timeStamp: { type: 'string', format: 'date-time' },
					numberMatched: { type: 'integer', minimum: 0 },
					numberReturned: { type: 'integer', minimum: 0 }
				}
			},
			featureGeoJSON: {
				type: 'object',
				required: ['type', 'geometry', 'properties'],
				properties: {
					type: { type: 'string', enum: ['Feature'] },
					id: { oneOf: [{ type: 'string' }, { type: 'integer' }] },
					geometry: { type: 'object' },
					properties: { type: 'object', nullable: true },
					links: list(ref('link'))
				}
			},
			exception: {
				type: 'object',
				required: ['code'],
				properties: { code: { type: 'string' }, description: { type: 'string' } }
			}
		}
	}
});
