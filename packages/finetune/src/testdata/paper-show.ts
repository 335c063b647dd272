import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { SeededRandom } from "@followspot/domain";
import { readShow, type Show } from "@followspot/show";
import sharp from "sharp";

/** Paper puppets of one colour each: small enough a show to be learnt in seconds. */
const CAST = { fox: "#dc6e1e", bear: "#5a371e", king: "#2846c8", queen: "#96289f" } as const;
const PLACES = { hall: "#828282", garden: "#7c847c", attic: "#86827c", cellar: "#7c8086", yard: "#8a8a88" };
const [WIDTH, HEIGHT] = [224, 168];

export const PAPER_CAST = Object.keys(CAST);

export interface PaperShowOptions {
  /** Pictures of each puppet in each place. */
  readonly times: number;
  /** Of these places the pictures are golden. */
  readonly golden?: readonly string[];
  readonly framed?: boolean;
  readonly seed?: number;
}

/** Writes a show with its data set, and reads it. */
export async function writePaperShow(dir: string, options: PaperShowOptions): Promise<Show> {
  const { times, golden = [], framed = true, seed = 1 } = options;
  const random = new SeededRandom(seed);
  await mkdir(join(dir, "dataset"), { recursive: true });
  const lines: object[] = [];
  for (const [place, wall] of Object.entries(PLACES)) {
    for (const [label, paper] of [...Object.entries(CAST), ["unknown", "#f5f5f0"], [undefined, ""]] as const) {
      // Without boxes an empty place cannot be told from a stranger.
      const empties = framed ? 1 : 0;
      for (let time = 0; time < (label === undefined ? empties : times); time++) {
        const [width, height] = [110 + random.below(30), 110 + random.below(30)];
        const left = (WIDTH - width) / 2 + random.below(24) - 12;
        const top = (HEIGHT - height) / 2 + random.below(24) - 12;
        const puppet = `<rect x="${left}" y="${top}" width="${width}" height="${height}" rx="24" fill="${paper}"/>`;
        const file_name = `${label ?? "empty"}-${place}-${time}.jpg`;
        await writeFile(join(dir, "dataset", file_name), await draw(wall, label ? puppet : ""));
        lines.push({
          file_name,
          kind: label === undefined || label === "unknown" ? "unknown" : "character",
          ...(label === undefined || label === "unknown" ? {} : { name: label }),
          scene: place,
          caption: `${label ?? "Nobody"} in the ${place}.`,
          ...(golden.includes(place) ? { split: "golden" } : {}),
          ...(framed
            ? {
                objects: {
                  bbox: label ? [[left, top, width, height]] : [],
                  categories: label ? [label] : [],
                },
              }
            : {}),
        });
      }
    }
  }
  await writeFile(join(dir, "dataset/metadata.jsonl"), lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  await writeFile(join(dir, "show.yaml"), SHOW);
  return await readShow(dir);
}

async function draw(wall: string, puppet: string): Promise<Buffer> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}"><rect width="100%" height="100%" fill="${wall}"/>${puppet}</svg>`;
  return await sharp(Buffer.from(svg)).jpeg({ quality: 90 }).toBuffer();
}

const SHOW = `id: paper
name: Paper
cast:
${PAPER_CAST.map((id) => `  - { id: ${id}, kind: character, name: ${id}, aliases: [], description: "" }`).join("\n")}
scenes:
  - { id: first, name: First, cast: [fox, bear] }
cameras:
  - { id: stage, source: "sample:" }
`;
