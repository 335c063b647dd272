import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { SeededRandom } from "@followspot/domain";
import sharp from "sharp";

type Colour = readonly [number, number, number];

/** Stripes of two colours, and the two colours of a place: told apart at a glance. */
const SUBJECTS: Record<string, readonly [Colour, Colour]> = {
  red: [[200, 30, 40], [240, 210, 180]],
  wolf: [[90, 90, 110], [240, 220, 60]],
  axe: [[60, 170, 80], [30, 60, 160]],
  stranger: [[230, 120, 220], [20, 20, 20]],
};
const PLACES: Record<string, readonly [Colour, Colour]> = {
  wall: [[180, 170, 150], [165, 155, 140]],
  table: [[140, 95, 60], [120, 80, 50]],
  garden: [[110, 160, 90], [150, 190, 230]],
};

const WIDTH = 200;
const HEIGHT = 150;

export interface PaintedLine {
  readonly file_name: string;
  readonly kind: string;
  readonly name?: string;
  readonly scene: string;
  readonly caption: string;
  readonly split?: string;
  readonly objects?: { readonly bbox: readonly (readonly number[])[]; readonly categories: readonly string[] };
}

/** Writes a data set of painted pictures: every subject `each` times in each of three places, framed. */
export async function paintDataset(
  dir: string,
  { each = 1, subjects = ["red", "wolf", "axe", "stranger"], change = (line) => line }: {
    readonly each?: number;
    readonly subjects?: readonly string[];
    readonly change?: (line: PaintedLine) => PaintedLine;
  } = {},
): Promise<readonly PaintedLine[]> {
  await mkdir(dir, { recursive: true });
  const random = new SeededRandom(5);
  const lines: PaintedLine[] = [];
  for (const scene of Object.keys(PLACES)) {
    for (const subject of subjects) {
      for (let turn = 0; turn < each; turn++) {
        const file_name = `${subject}-${scene}-${turn}.png`;
        const { rgb, box } = paint(subject, scene, random);
        await sharp(rgb, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } }).png().toFile(join(dir, file_name));
        const stranger = subject === "stranger";
        lines.push(
          change({
            file_name,
            kind: stranger ? "unknown" : "character",
            ...(stranger ? {} : { name: subject }),
            scene,
            caption: `${subject} in ${scene}`,
            objects: { bbox: [box], categories: [stranger ? "unknown" : subject] },
          }),
        );
      }
    }
  }
  await writeFile(join(dir, "metadata.jsonl"), `${lines.map((line) => JSON.stringify(line)).join("\n")}\n`);
  return lines;
}

function paint(subject: string, scene: string, random: SeededRandom) {
  const rgb = new Uint8Array(WIDTH * HEIGHT * 3);
  const [upper, lower] = PLACES[scene] as readonly [Colour, Colour];
  const [one, other] = SUBJECTS[subject] as readonly [Colour, Colour];
  const wide = 50 + random.below(30);
  const tall = 60 + random.below(40);
  const left = random.below(WIDTH - wide);
  const top = random.below(HEIGHT - tall);
  for (let y = 0, at = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++, at += 3) {
      const inside = x >= left && x < left + wide && y >= top && y < top + tall;
      const ground = y < HEIGHT * 0.6 ? upper : lower;
      const colour = !inside ? ground : (Math.floor((y - top) / 12) + Math.floor((x - left) / 16)) % 2 ? one : other;
      for (let channel = 0; channel < 3; channel++) rgb[at + channel] = (colour[channel] as number) + random.below(9) - 4;
    }
  }
  return { rgb, box: [left, top, wide, tall] };
}
