/** Where a figure comes from: a page, a paper, or a measurement of ours. */
export interface Sourced<Value> {
  readonly value: Value;
  /** URL, or the command that measured it. */
  readonly source: string;
  /** Whether we have read it there ourselves, or in the copy that the note names; the others are to be checked. */
  readonly read: boolean;
  /** What must be known to read it: card, length, batch. */
  readonly note?: string;
}

/** GPU memory of one way to store the weights. */
export interface MemoryFigure {
  readonly format: "BF16" | "FP8" | "GPTQ-Int8" | "GPTQ-Int4" | "AWQ" | "GGUF-Q4_K_M";
  readonly gigabytes: Sourced<number>;
}

/** Points of 4, one for each that holds. */
export interface Openness {
  readonly weights: boolean;
  readonly code: boolean;
  readonly trainingData: boolean;
  readonly offline: boolean;
}

/** What is known of a model that the project names. docs/models.md is made from these. */
export interface ModelSheet {
  /** Stable, lower case: what `evaluate` and the profiles know it by. */
  readonly id: string;
  /** As its makers publish it. */
  readonly name: string;
  readonly kind: "vision-language" | "text";
  readonly parametersBillion: Sourced<number>;
  readonly licence: Sourced<string>;
  /** Tokens. */
  readonly contextTokens: Sourced<number>;
  readonly memory: readonly MemoryFigure[];
  readonly openness: Sourced<Openness>;
  /** What the model is for here, and what it is known to be bad at. */
  readonly notes: readonly string[];
}

const QWEN2_VL_README = "https://github.com/QwenLM/Qwen2-VL (README)";
const QWEN2_SPEED = "https://qwen.readthedocs.io/en/v2.0/benchmark/speed_benchmark.html";
const CARD = "https://huggingface.co";

function read<Value>(value: Value, source: string, note?: string): Sourced<Value> {
  return { value, source, read: true, ...(note && { note }) };
}

function unchecked<Value>(value: Value, source: string, note?: string): Sourced<Value> {
  return { value, source, read: false, ...(note && { note }) };
}

/** Of all numbers of the network that transformers builds from the dimensions in its configuration. */
function counted(numbers: number, source: string, note?: string): Sourced<number> {
  const how = `${numbers.toLocaleString("en")}, counted in the network that transformers 5.24 builds from its dimensions`;
  return read(Math.round(numbers / 1e7) / 100, source, note ? `${how}; ${note}` : how);
}

const OPEN_WEIGHTS = { weights: true, code: true, trainingData: false, offline: true };

/** No dataset of these families is published; weights and code are, and none of them needs a network. */
function openWeights(source: string): Sourced<Openness> {
  return read(OPEN_WEIGHTS, source);
}

function openWeightsUnchecked(source: string): Sourced<Openness> {
  return unchecked(OPEN_WEIGHTS, source);
}

// The 7B's weights alone are 16.58 x 10^9 bytes, more than the 16.07 "GB" of the page.
const MEASURED =
  "A100 80 GB, transformers, batch 1, 2,048 new tokens, text of 1 token: a picture adds its own; the page says GB and means GiB, 7 % more";

/** What nobody has published is computed: the weights alone, without cache and activations. */
function weightsAlone(parametersBillion: number, format: "BF16" | "FP8"): MemoryFigure {
  const bytes = format === "BF16" ? 2 : 1;
  const gigabytes = Math.round(parametersBillion * bytes * 10) / 10;
  return {
    format,
    gigabytes: {
      value: gigabytes,
      source: `${parametersBillion} billion parameters of ${bytes} byte${bytes > 1 ? "s" : ""}`,
      read: true,
      note: "computed: the weights alone",
    },
  };
}

function measured(format: MemoryFigure["format"], gigabytes: number, source: string): MemoryFigure {
  return { format, gigabytes: read(gigabytes, source, MEASURED) };
}

/** Every model that has a profile in deploy/triton/profiles, and those that they are compared with. */
export const MODEL_SHEETS: readonly ModelSheet[] = [
  {
    id: "qwen2-vl-2b",
    name: "Qwen2-VL-2B-Instruct",
    kind: "vision-language",
    parametersBillion: counted(2_208_985_600, `${CARD}/Qwen/Qwen2-VL-2B-Instruct-AWQ/blob/main/config.json`),
    licence: read("Apache-2.0", QWEN2_VL_README),
    contextTokens: read(32_768, `${CARD}/Qwen/Qwen2-VL-2B-Instruct-AWQ/blob/main/config.json`),
    memory: [
      measured("BF16", 4.68, QWEN2_VL_README),
      measured("GPTQ-Int8", 3.55, QWEN2_VL_README),
      measured("GPTQ-Int4", 2.91, QWEN2_VL_README),
      measured("AWQ", 2.88, QWEN2_VL_README),
    ],
    openness: openWeights(QWEN2_VL_README),
    notes: [
      "The recognizer for one small card. It loses more at 4 bits than the 7B does.",
      "Weak at counting and at telling particular individuals apart: puppets of one's own need fine-tuning or reference pictures.",
    ],
  },
  {
    id: "qwen2-vl-7b",
    name: "Qwen2-VL-7B-Instruct",
    kind: "vision-language",
    parametersBillion: counted(
      8_291_375_616,
      `${CARD}/Qwen/Qwen2-VL-7B-Instruct-GPTQ-Int8/blob/main/config.json`,
    ),
    licence: read("Apache-2.0", QWEN2_VL_README),
    contextTokens: read(32_768, `${CARD}/Qwen/Qwen2-VL-7B-Instruct-GPTQ-Int8/blob/main/config.json`),
    memory: [
      measured("BF16", 16.07, QWEN2_VL_README),
      measured("GPTQ-Int8", 10.11, QWEN2_VL_README),
      measured("GPTQ-Int4", 7.2, QWEN2_VL_README),
      measured("AWQ", 7.07, QWEN2_VL_README),
    ],
    openness: openWeights(QWEN2_VL_README),
    notes: ["The first recognizer where a card of 16 GB (AWQ, GPTQ) or 24 GB (BF16) is at hand."],
  },
  {
    id: "qwen2-vl-72b",
    name: "Qwen2-VL-72B-Instruct",
    kind: "vision-language",
    parametersBillion: counted(
      73_405_560_320,
      `${CARD}/Qwen/Qwen2-VL-72B-Instruct/blob/main/config.json`,
      "read in the copy of OPEA/Qwen2-VL-72B-Instruct-int4-sym-inc",
    ),
    licence: read("Qwen licence", QWEN2_VL_README),
    contextTokens: read(
      32_768,
      `${CARD}/Qwen/Qwen2-VL-72B-Instruct/blob/main/config.json`,
      "read in the copy of OPEA/Qwen2-VL-72B-Instruct-int4-sym-inc",
    ),
    memory: [
      {
        format: "BF16",
        gigabytes: read(138.74, QWEN2_VL_README, `${MEASURED}; two cards`),
      },
      measured("GPTQ-Int8", 75.17, QWEN2_VL_README),
      measured("GPTQ-Int4", 42.46, QWEN2_VL_README),
      measured("AWQ", 41.98, QWEN2_VL_README),
    ],
    openness: openWeights(QWEN2_VL_README),
    notes: ["For captions overnight; far too slow for live frames."],
  },
  {
    id: "qwen2.5-vl-3b",
    name: "Qwen2.5-VL-3B-Instruct",
    kind: "vision-language",
    parametersBillion: counted(
      3_754_622_976,
      `${CARD}/Qwen/Qwen2.5-VL-3B-Instruct/blob/main/config.json`,
      "read in the copy of zyoNoob/Qwen2.5-VL-3B-Instruct-AWQ",
    ),
    licence: read(
      "Qwen research licence",
      `${CARD}/Qwen/Qwen2.5-VL-3B-Instruct/blob/main/README.md`,
      "not for commercial use; the card was read in a copy, the text of the licence was not",
    ),
    contextTokens: read(
      128_000,
      `${CARD}/Qwen/Qwen2.5-VL-3B-Instruct/blob/main/config.json`,
      "read in the copy of zyoNoob/Qwen2.5-VL-3B-Instruct-AWQ",
    ),
    memory: [weightsAlone(3.75, "BF16")],
    openness: openWeights(`${CARD}/Qwen/Qwen2.5-VL-3B-Instruct`),
    notes: ["Boxes are pixels of the resized picture."],
  },
  {
    id: "qwen2.5-vl-7b",
    name: "Qwen2.5-VL-7B-Instruct",
    kind: "vision-language",
    parametersBillion: counted(
      8_292_166_656,
      `${CARD}/Qwen/Qwen2.5-VL-7B-Instruct-AWQ/blob/main/config.json`,
    ),
    licence: unchecked(
      "Apache-2.0",
      `${CARD}/Qwen/Qwen2.5-VL-7B-Instruct`,
      "by discussion 31 on that page, which quotes its card",
    ),
    contextTokens: read(128_000, `${CARD}/Qwen/Qwen2.5-VL-7B-Instruct-AWQ/blob/main/config.json`),
    memory: [weightsAlone(8.29, "BF16")],
    openness: openWeightsUnchecked(`${CARD}/Qwen/Qwen2.5-VL-7B-Instruct`),
    notes: ["Boxes are pixels of the resized picture."],
  },
  ...(
    [
      // The 2B's configuration was not at hand.
      ["qwen3-vl-2b", "Qwen3-VL-2B-Instruct", 2_127_532_032, undefined],
      ["qwen3-vl-4b", "Qwen3-VL-4B-Instruct", 4_437_815_808, "TechCarbasa/MyModels"],
      ["qwen3-vl-8b", "Qwen3-VL-8B-Instruct", 8_767_123_696, "Steinate/Cortex, which is made from it"],
    ] as const
  ).map(([id, name, numbers, copy]): ModelSheet => {
    const page = `${CARD}/Qwen/${name}/blob/main/config.json`;
    const parametersBillion = counted(numbers, page, copy && `read in the copy of ${copy}`);
    return {
      id,
      name,
      kind: "vision-language",
      parametersBillion: { ...parametersBillion, read: copy !== undefined },
      licence:
        id === "qwen3-vl-4b"
          ? read(
              "Apache-2.0",
              `${CARD}/Qwen/${name}`,
              "the card was read in the copy of HyHorX/AlphaGen-v1-preview-max",
            )
          : unchecked("Apache-2.0", `${CARD}/Qwen/${name}`, "as the card of the 4B says"),
      contextTokens: read(262_144, "https://github.com/QwenLM/Qwen3-VL (README)", "native"),
      memory: [weightsAlone(parametersBillion.value, "BF16"), weightsAlone(parametersBillion.value, "FP8")],
      openness: openWeightsUnchecked(`${CARD}/Qwen/${name}`),
      notes: ["One token is 32 x 32 pixels. FP8 weights are published by its makers."],
    };
  }),
  {
    id: "qwen2-7b-instruct",
    name: "Qwen2-7B-Instruct",
    kind: "text",
    parametersBillion: counted(
      7_615_616_512,
      `${CARD}/Qwen/Qwen2-VL-7B-Instruct-GPTQ-Int8/blob/main/config.json`,
      "the language model of Qwen2-VL-7B, which is this one's form",
    ),
    licence: read("Apache-2.0", `${CARD}/Qwen/Qwen2-7B-Instruct-GPTQ-Int4`),
    contextTokens: read(
      131_072,
      `${CARD}/Qwen/Qwen2-7B-Instruct-GPTQ-Int4`,
      "with YaRN; 32,768 as its configuration stands",
    ),
    memory: [
      measured("BF16", 14.92, QWEN2_SPEED),
      measured("GPTQ-Int8", 8.97, QWEN2_SPEED),
      measured("GPTQ-Int4", 6.06, QWEN2_SPEED),
      measured("AWQ", 5.93, QWEN2_SPEED),
    ],
    openness: openWeightsUnchecked(`${CARD}/Qwen/Qwen2-7B-Instruct`),
    notes: ["Tidies captions. 80 tokens a second in BF16, 143 in GPTQ-Int4, with vLLM on an A100."],
  },
  {
    id: "qwen1.5-7b-chat",
    name: "Qwen1.5-7B-Chat",
    kind: "text",
    parametersBillion: unchecked(7.72, `${CARD}/Qwen/Qwen1.5-7B-Chat`),
    licence: read(
      "Tongyi Qianwen licence",
      `${CARD}/Qwen/Qwen1.5-7B-Chat/blob/main/LICENSE`,
      "named so by the card of raincandy-u/Rain-7B-v0.1, which is made from it; the text was not read",
    ),
    contextTokens: unchecked(32_768, `${CARD}/Qwen/Qwen1.5-7B-Chat`),
    memory: [weightsAlone(7.72, "BF16")],
    openness: openWeightsUnchecked(`${CARD}/Qwen/Qwen1.5-7B-Chat`),
    notes: ["Without grouped heads: its cache takes several times that of Qwen2-7B."],
  },
  {
    id: "llama-3-8b-instruct",
    name: "Meta-Llama-3-8B-Instruct",
    kind: "text",
    parametersBillion: counted(
      8_030_261_248,
      "https://github.com/meta-llama/llama3/blob/main/Meta-Llama-3-8B-Instruct/params.json",
    ),
    licence: read(
      "Meta Llama 3 Community License",
      "https://github.com/meta-llama/llama3/blob/main/MODEL_CARD.md",
      "a licence of its own, with rules of use; the weights are given out on request",
    ),
    contextTokens: read(8_192, "https://github.com/meta-llama/llama3/blob/main/MODEL_CARD.md"),
    memory: [weightsAlone(8.03, "BF16")],
    openness: openWeights("https://github.com/meta-llama/llama3/blob/main/MODEL_CARD.md"),
    notes: ["Meant for English. A long show bible does not fit into its context."],
  },
  {
    id: "yi-1.5-9b-chat",
    name: "Yi-1.5-9B-Chat",
    kind: "text",
    parametersBillion: counted(8_829_407_232, `${CARD}/01-ai/Yi-1.5-9B/blob/main/config.json`),
    licence: read("Apache-2.0", "https://github.com/01-ai/Yi-1.5 (README)"),
    contextTokens: read(
      4_096,
      `${CARD}/01-ai/Yi-1.5-9B/blob/main/config.json`,
      "and in two copies of the Chat model's; Yi-1.5-9B-Chat-16K has 16,384",
    ),
    memory: [weightsAlone(8.83, "BF16")],
    openness: openWeights("https://github.com/01-ai/Yi-1.5 (README)"),
    notes: ["The shortest context of all: a cast of more than a few dozen does not fit."],
  },
  {
    id: "glm-4-9b-chat",
    name: "GLM-4-9B-Chat",
    kind: "text",
    parametersBillion: counted(
      9_399_951_360,
      "https://github.com/huggingface/transformers/blob/main/src/transformers/models/glm/configuration_glm.py",
      "whose defaults are this model",
    ),
    licence: read(
      "GLM-4 licence",
      `${CARD}/THUDM/glm-4-9b-chat/blob/main/LICENSE`,
      'free for research; commercial use wants a registration; products must say "Built with glm-4"',
    ),
    contextTokens: read(131_072, "https://github.com/THUDM/GLM-4/blob/main/README_en.md"),
    memory: [
      {
        format: "BF16",
        gigabytes: read(
          20,
          "https://github.com/THUDM/GLM-4/blob/main/basic_demo/README_en.md",
          "19,047 MiB, A100 80 GB, 1,000 tokens in",
        ),
      },
    ],
    openness: openWeights("https://github.com/THUDM/GLM-4 (README)"),
    notes: ["8,251 MiB with 4-bit weights at 1,000 tokens in, by the same table."],
  },
];

/** The sheet of a model, by its id or by the name of a checkpoint of it, quantized or not. Undefined where none is known. */
export function findSheet(name: string): ModelSheet | undefined {
  const wanted = plain(name);
  return (
    MODEL_SHEETS.find(({ id }) => plain(id) === wanted) ??
    MODEL_SHEETS.find(({ name: own }) => wanted.includes(plain(own)))
  );
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
}
