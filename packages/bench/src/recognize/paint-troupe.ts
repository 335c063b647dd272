import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Box } from "@followspot/dataset";
import { SeededRandom } from "@followspot/domain";
import sharp from "sharp";
import { drawPlace, PLACES, SIZE } from "./troupe-places.ts";
import { drawPuppet, type Puppet, proposePuppet } from "./troupe-puppets.ts";

export interface Troupe {
  readonly subjects: number;
  readonly picturesEach: number;
  readonly seed: number;
}

/**
 * Paints a show folder's data set: puppets that exist nowhere else, each photographed in different places, with a box
 * round it. The same pictures in every run.
 * @returns the number of pictures.
 */
export async function paintTroupe(
  showDir: string,
  { subjects, picturesEach, seed }: Troupe,
): Promise<number> {
  const dir = join(showDir, "dataset");
  await mkdir(dir, { recursive: true });
  const random = new SeededRandom(seed);
  const lines: string[] = [];
  for (let subject = 0; subject < subjects; subject++) {
    const name = `puppet-${String(subject + 1).padStart(2, "0")}`;
    const puppet = proposePuppet(random);
    for (let shot = 0; shot < picturesEach; shot++) {
      // Shifted, so that not everybody has been everywhere in the same order.
      const place = (subject + shot) % PLACES;
      const { jpeg, box } = await photograph(puppet, place, random);
      const fileName = `${name}-${shot + 1}.jpg`;
      await writeFile(join(dir, fileName), jpeg);
      const bbox = [[box.left, box.top, box.width, box.height]];
      lines.push(
        JSON.stringify({
          file_name: fileName,
          kind: "character",
          name,
          scene: `place-${place + 1}`,
          objects: { bbox, categories: [name] },
        }),
      );
    }
  }
  await writeFile(join(dir, "metadata.jsonl"), `${lines.join("\n")}\n`);
  return lines.length;
}

async function photograph(
  puppet: Puppet,
  place: number,
  random: SeededRandom,
): Promise<{ jpeg: Buffer; box: Box }> {
  const { width, height } = SIZE;
  const scale = random.between(0.75, 1.15);
  const at = `translate(${random.between(0.35, 0.65) * width} ${random.between(0.86, 0.94) * height}) rotate(${random.between(-14, 14)}) scale(${random.chance(0.5) ? -scale : scale} ${scale})`;
  const drawing = svg(`<g transform="${at}">${drawPuppet(puppet, random)}</g>`);
  const { data, info } = await sharp(drawing).raw().toBuffer({ resolveWithObject: true });
  const jpeg = await sharp(svg(drawPlace(place, random)))
    .composite([{ input: data, raw: { width: info.width, height: info.height, channels: 4 } }])
    .removeAlpha()
    // Another light in each place: a gain for each colour.
    .linear([random.between(0.75, 1.15), random.between(0.75, 1.1), random.between(0.7, 1.15)], [0, 0, 0])
    .jpeg({ quality: 85 })
    .toBuffer();
  return { jpeg, box: boxOf(data, info) };
}

function svg(inner: string): Buffer {
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${SIZE.width}" height="${SIZE.height}">${inner}</svg>`,
  );
}

function boxOf(
  rgba: Uint8Array,
  { width, height }: { readonly width: number; readonly height: number },
): Box {
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let y = 0, alpha = 3; y < height; y++) {
    for (let x = 0; x < width; x++, alpha += 4) {
      if ((rgba[alpha] ?? 0) < 128) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
  }
  return { left, top, width: right - left + 1, height: bottom - top + 1 };
}
