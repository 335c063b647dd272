import sharp from "sharp";

/** A rectangle of the drawing plane: left, top, width, height in stage units. */
export type Canvas = readonly [left: number, top: number, width: number, height: number];

/** A drawing that has become pixels: RGBA, 8 bits, colours already multiplied by alpha. */
export interface Sprite {
  readonly pixels: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** Where the sprite's upper left pixel lies in its drawing, in stage units. */
  readonly left: number;
  readonly top: number;
  /** Pixels per stage unit. */
  readonly scale: number;
}

/** Turns an SVG fragment, drawn on `canvas`, into a sprite trimmed to what it shows. */
export async function rasterise(fragment: string, canvas: Canvas, scale: number): Promise<Sprite> {
  const [left, top, width, height] = canvas;
  const pixelWidth = Math.max(1, Math.round(width * scale));
  const pixelHeight = Math.max(1, Math.round(height * scale));
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${pixelWidth}" height="${pixelHeight}" viewBox="${canvas.join(" ")}" preserveAspectRatio="none">${fragment}</svg>`;
  const { data, info } = await sharp(Buffer.from(svg), { density: 72 })
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return trim(data, { width: info.width, height: info.height, left, top, scale: info.width / width });
}

function trim(straight: Uint8Array, whole: Omit<Sprite, "pixels">): Sprite {
  let [minX, minY, maxX, maxY] = [whole.width, whole.height, -1, -1];
  for (let y = 0, i = 3; y < whole.height; y++) {
    for (let x = 0; x < whole.width; x++, i += 4) {
      if ((straight[i] ?? 0) === 0) continue;
      if (x < minX) minX = x;
      if (x > maxX) maxX = x;
      if (y < minY) minY = y;
      if (y > maxY) maxY = y;
    }
  }
  if (maxX < 0) return { ...whole, pixels: new Uint8Array(4), width: 1, height: 1 };
  const width = maxX - minX + 1;
  const height = maxY - minY + 1;
  const pixels = new Uint8Array(width * height * 4);
  for (let y = 0, to = 0; y < height; y++) {
    let from = ((y + minY) * whole.width + minX) * 4;
    for (let x = 0; x < width; x++, from += 4, to += 4) {
      const alpha = straight[from + 3] ?? 0;
      pixels[to] = ((straight[from] ?? 0) * alpha + 127) / 255;
      pixels[to + 1] = ((straight[from + 1] ?? 0) * alpha + 127) / 255;
      pixels[to + 2] = ((straight[from + 2] ?? 0) * alpha + 127) / 255;
      pixels[to + 3] = alpha;
    }
  }
  return {
    pixels,
    width,
    height,
    left: whole.left + minX / whole.scale,
    top: whole.top + minY / whole.scale,
    scale: whole.scale,
  };
}
