import { z } from 'zod';

/** Of the archive's own shape; another number is another shape. */
export const formatNumber = 1;

const hex = z.string().regex(/^[0-9a-f]{64}$/);

/** The first member: enough to say whether this program opens the file, before reading gigabytes. */
export const aboutSchema = z.object({
	program: z.literal('xiangtu'),
	format: z.number().int(),
	made_at: z.string(),
	/** Versions of the migrations, in order. */
	migrations: z.array(z.string()),
	township: z.object({ id: z.uuid(), name: z.string(), district_id: z.uuid().nullable() })
});
export type About = z.infer<typeof aboutSchema>;

/** The last member: what must be there, with the SHA-256 of each part. */
export const manifestSchema = aboutSchema.extend({
	/** In the order in which they are filled. `sha256` is over all parts together. */
	tables: z.array(
		z.object({
			name: z.string(),
			rows: z.number().int(),
			sha256: hex,
			parts: z.array(z.object({ name: z.string(), sha256: hex }))
		})
	),
	/** Kept files: `list` names each with its place and SHA-256; the bytes lie under files/SHA-256. */
	files: z.object({
		count: z.number().int(),
		bytes: z.number().int(),
		list: z.array(z.object({ name: z.string(), sha256: hex })),
		/** Named by a row, but not readable when this was made. */
		missing: z.array(z.string())
	}),
	chain: z.object({ count: z.number().int(), head: z.string() })
});
export type Manifest = z.infer<typeof manifestSchema>;

/** One kept file. */
export const keptSchema = z.object({
	bucket: z.string().max(100),
	name: z.string().max(500),
	sha256: hex,
	bytes: z.number().int(),
	/** The row of storage.objects besides: its metadata. */
	metadata: z.unknown()
});
export type Kept = z.infer<typeof keptSchema>;
