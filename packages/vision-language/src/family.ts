import type { ModelFamily } from "@followspot/show";

/** How a family of models takes pictures and gives boxes: all that differs between them for us. */
export interface FamilyProfile {
  readonly family: ModelFamily;
  /** Side of the square of pixels that becomes one token of the language model. */
  readonly pxPerToken: number;
  /** What the checkpoints' own preprocessor allows; a server may be set to less. */
  readonly minPixels: number;
  readonly maxPixels: number;
  /** Boxes in thousandths of the picture's sides, or in pixels of the picture at the size that the model sees. */
  readonly boxes: "thousandths" | "resized";
  /** What stands before a conversation that says nothing of its own. */
  readonly defaultSystem: string;
}

const HELPFUL = "You are a helpful assistant.";

/** From the checkpoints' preprocessor files and READMEs of QwenLM/Qwen2-VL, Qwen2.5-VL and Qwen3-VL. */
export const FAMILIES: Readonly<Record<ModelFamily, FamilyProfile>> = {
  "qwen2-vl": {
    family: "qwen2-vl",
    pxPerToken: 28,
    minPixels: 3_136,
    maxPixels: 12_845_056,
    boxes: "thousandths",
    defaultSystem: HELPFUL,
  },
  "qwen2.5-vl": {
    family: "qwen2.5-vl",
    pxPerToken: 28,
    minPixels: 3_136,
    maxPixels: 12_845_056,
    boxes: "resized",
    defaultSystem: HELPFUL,
  },
  "qwen3-vl": {
    family: "qwen3-vl",
    pxPerToken: 32,
    minPixels: 65_536,
    maxPixels: 16_777_216,
    boxes: "thousandths",
    defaultSystem: HELPFUL,
  },
};
