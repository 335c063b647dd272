import { SeededRandom } from "@followspot/domain";
import sharp from "sharp";

const WIDTH = 640;
const HEIGHT = 360;
const PUPPETS = 6;
const JPEG_QUALITY = 80;

/**
 * Pictures of the recognizer's size, encoded before anything is measured: coloured puppets on a painted background, no
 * two alike, with the grain of a real camera (a flat picture would be a tenth of the bytes). The same for the same seed.
 */
export async function renderPictures(howMany: number, seed: number): Promise<Buffer[]> {
  const random = new SeededRandom(seed);
  const grain = Buffer.from(Uint8Array.from({ length: WIDTH * HEIGHT * 3 }, () => 98 + random.next() * 60));
  const noise = await sharp(grain, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
    .png()
    .toBuffer();
  return Promise.all(Array.from({ length: howMany }, () => render(drawing(random), noise)));
}

async function render(svg: string, noise: Buffer): Promise<Buffer> {
  return sharp(Buffer.from(svg))
    .flatten({ background: "black" })
    .composite([{ input: noise, blend: "soft-light" }])
    .jpeg({ quality: JPEG_QUALITY })
    .toBuffer();
}

function drawing(random: SeededRandom): string {
  const between = (least: number, most: number) => Math.round(least + random.next() * (most - least));
  const colour = () => `hsl(${between(0, 359)} ${between(40, 90)}% ${between(30, 70)}%)`;
  const puppets = Array.from({ length: PUPPETS }, () => {
    const [x, y, size] = [between(40, WIDTH - 40), between(60, HEIGHT - 60), between(30, 90)];
    return (
      `<ellipse cx="${x}" cy="${y}" rx="${size / 2}" ry="${size}" fill="${colour()}"/>` +
      `<circle cx="${x}" cy="${y - size}" r="${size / 2.5}" fill="${colour()}"/>`
    );
  });
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}">` +
    `<rect width="100%" height="100%" fill="${colour()}"/><rect y="${between(200, 300)}" width="100%" height="200" fill="${colour()}"/>` +
    `${puppets.join("")}</svg>`
  );
}
