import sharp from "sharp";

/** A picture of a stage with a puppet at `x` (0 to 1): baseline 4:2:0 JPEG with standard Huffman tables, as RTP wants. */
export async function stagePicture(
  x: number,
  { width = 320, height = 240, light = 1 } = {},
): Promise<Buffer> {
  const left = Math.round(x * (width - 40));
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <defs><linearGradient id="g"><stop offset="0" stop-color="#305080"/><stop offset="1" stop-color="#c0a060"/></linearGradient></defs>
    <rect width="${width}" height="${height}" fill="url(#g)"/>
    <rect x="${width * 0.6}" y="${height * 0.3}" width="60" height="90" fill="#203020"/>
    <rect x="${left}" y="${height / 2}" width="40" height="60" fill="#e01030"/></svg>`;
  return await sharp(Buffer.from(svg))
    .flatten()
    .linear(light, 0)
    .jpeg({ quality: 85, optimiseCoding: false })
    .toBuffer();
}

/** A puppet that walks from left to right. */
export function walkingPictures(count: number): Promise<Buffer[]> {
  return Promise.all(Array.from({ length: count }, (_, step) => stagePicture(step / (count - 1))));
}
