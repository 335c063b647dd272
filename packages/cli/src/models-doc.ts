import type { Profile } from "@followspot/triton-repository";
import type { ModelSheet, Sourced } from "@followspot/vision-language/model-sheets";

/** A figure that nobody here has read at its source. */
const UNREAD = "°";

const HEAD = `# The models

Every model that Followspot names, with what is known of it. This page is written by \`npx followspot triton models\` from [the model sheets](../packages/vision-language/src/model-sheets.ts) and [the value files](../deploy/triton/profiles); a test holds them equal.

A figure with ${UNREAD} is quoted from general knowledge or from pages about the page that is named: check it there before you rely on it. All the others were read at their source or in the copy of it that is named, or are computed as it is said.

How good a model is at your puppets, no table says: \`npx followspot evaluate\` does ([evaluate.md](evaluate.md)). How to serve one: [triton.md](triton.md).
`;

/** Figures of recognition.md's table: all of one paper, on one set of pictures. */
const PEERS = `## What others do

For comparison: how surely methods that personalise a vision-language model say yes or no to "is this one in the picture?", on Yo'LLaVA's set of 40 subjects (weighted mean of the right yes and the right no; tables 3 to 5 and 7 of [RAP, CVPR 2025](https://arxiv.org/abs/2410.13360)). None of them is used here, and none was measured by us.

${table(
  ["method", "pictures of each subject", "right yes", "right no", "weighted"],
  [
    ["LLaVA-13B", "none", "0.000", "1.000", "0.500"],
    ["LLaVA with LoRA", "5, without negatives", "0.997", "0.444", "0.721"],
    ["MyVLM on LLaVA (code not for commercial use °)", "5 and negatives", "0.994", "0.845", "0.919"],
    ["Yo'LLaVA (code without a licence)", "5 and 200 negatives", "0.949", "0.898", "0.924"],
    ["GPT-4V, pictures in the prompt", "5", "0.851", "0.998", "0.925"],
    ["RAP on Phi-3-V, 3.8 billion", "1", "0.922", "0.988", "0.955"],
    ["RAP on LLaVA, 13 billion", "1", "0.979", "0.982", "0.980"],
  ],
)}

What it teaches: LoRA without negatives learns to say yes, which is why half of our training questions deserve a no. NVIDIA's DeepStream sample vlm_self_checkout offers Qwen2-VL-2B-Instruct for the job of naming what is in view.`;

/** docs/models.md */
export function modelsDoc(sheets: readonly ModelSheet[], profiles: readonly Profile[]): string {
  const kinds = [
    ["vision-language", "Who is in the picture"],
    ["text", "Tidying captions"],
  ] as const;
  const chapters = kinds.map(([kind, title]) => {
    const ours = sheets.filter((sheet) => sheet.kind === kind);
    return [`## ${title}`, overview(ours), ...ours.map((sheet) => sheetText(sheet, profiles))].join("\n\n");
  });
  return `${[HEAD, ...chapters, PEERS].join("\n\n")}\n`;
}

function overview(sheets: readonly ModelSheet[]): string {
  return table(
    ["model", "parameters", "licence", "context", "least memory"],
    sheets.map((sheet) => [
      `[${sheet.name}](#${anchor(sheet.name)})`,
      said(sheet.parametersBillion, " billion"),
      said(sheet.licence),
      said(sheet.contextTokens, " tokens"),
      leastMemory(sheet),
    ]),
  );
}

function leastMemory({ memory }: ModelSheet): string {
  const least = memory.toSorted((a, b) => a.gigabytes.value - b.gigabytes.value)[0];
  return least ? said(least.gigabytes, ` GB (${least.format})`) : "not known";
}

function sheetText(sheet: ModelSheet, profiles: readonly Profile[]): string {
  const { name, id, parametersBillion, licence, contextTokens, memory, openness, notes } = sheet;
  const rows = [
    ["parameters", said(parametersBillion, " billion"), source(parametersBillion)],
    ["licence", said(licence), source(licence)],
    ["context", said(contextTokens, " tokens"), source(contextTokens)],
    ...memoryRows(memory),
    ["openness", opennessText(openness), source(openness)],
  ];
  const own = profiles.filter((profile) => profile.sheet === id).map((profile) => `\`${profile.name}\``);
  return [
    `### ${name}`,
    notes.join(" "),
    table(["", "", "source"], rows),
    own.length > 0 ? `Profiles: ${own.join(", ")}.` : "No profile: named for comparison.",
  ].join("\n\n");
}

function opennessText({ value, read }: ModelSheet["openness"]): string {
  const { weights, code, trainingData, offline } = value;
  const points = [
    weights && "weights",
    code && "code",
    trainingData && "training data",
    offline && "works offline",
  ];
  const had = points.filter((point) => point !== false);
  return `${had.length} of 4: ${had.join(", ")}${read ? "" : ` ${UNREAD}`}`;
}

/** One row for all figures of one source: they differ by the format alone. */
function memoryRows(memory: ModelSheet["memory"]): readonly (readonly string[])[] {
  const rows = Map.groupBy(memory, ({ gigabytes }) => source(gigabytes));
  return [...rows].map(([from, figures]) => [
    "memory",
    figures.map(({ format, gigabytes }) => said(gigabytes, ` GB (${format})`)).join(", "),
    from,
  ]);
}

function said({ value, read }: Sourced<string | number>, unit = ""): string {
  const text = `${typeof value === "number" ? value.toLocaleString("en") : value}${unit}`;
  return read ? text : `${text} ${UNREAD}`;
}

function source({ source: place, note }: Sourced<unknown>): string {
  const where = /^(https:\/\/\S+)( \((.+)\))?$/.exec(place);
  const link = where
    ? `[${where[3] ? `${label(where[1])}, ${where[3]}` : label(where[1])}](${where[1]})`
    : place;
  return note ? `${link}; ${note}` : link;
}

function label(url = ""): string {
  return url
    .replace("https://", "")
    .replace(/^(www\.)?(github\.com|huggingface\.co)\//, "")
    .replace(/\/blob\/main/, "");
}

/** As GitHub makes it of a heading. */
function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^a-z0-9 -]/g, "")
    .replaceAll(" ", "-");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), `|${"---|".repeat(head.length)}`, ...rows.map(line)].join("\n");
}
