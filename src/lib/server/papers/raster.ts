import sharp from 'sharp';

/** A drawing of ours as a PNG for a paper. Never for what people bring: sharp would follow what an SVG says. */
export const raster = async (svg: string): Promise<Uint8Array> =>
	new Uint8Array(await sharp(Buffer.from(svg)).png().toBuffer());
