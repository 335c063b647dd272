import { ID_PATTERN, ID_RULE, RUNGS } from "@followspot/domain";
import { z } from "zod";
import { MODEL_FAMILIES, WAYS_TO_ASK } from "./show.ts";

/** The shape of show.yaml. Every object is strict: a key that we do not know is a mistake, not a wish. */

const id = z.string().regex(ID_PATTERN, ID_RULE);
const text = z.string().trim().min(1);
const probability = z.number().min(0).max(1);
const milliseconds = z.number().int().min(0).max(60_000);

const Member = z.strictObject({
  id,
  kind: z.enum(["character", "prop"]),
  name: text,
  aliases: z.array(text).max(50).default([]),
  description: z.string().trim().max(2_000).default(""),
});

const SceneEntry = z.strictObject({ id, name: text, cast: z.array(id).default([]) });

const Camera = z.strictObject({
  id,
  source: text,
  fps: z.number().positive().max(60).default(10),
  floorFps: z.number().positive().max(60).default(2),
  width: z.number().int().min(160).max(1_920).default(640),
  loop: z.boolean().default(true),
});

const Recognizer = z.strictObject({
  /** Left out: all below the understudy, and with the address of a Triton all. */
  ladder: z.array(z.enum(RUNGS)).min(1).optional(),
  triton: z
    .string()
    .regex(
      /^(grpcs?:\/\/[^/\s@]+:\d+|openai:https?:\/\/[^\s?#@]+)$/,
      "grpc://HOST:PORT, grpcs://HOST:PORT, or openai:http://HOST:PORT for llama.cpp",
    )
    .optional(),
  /** Left out: the understudy, or where the ladder names qwen2-vl our own server for it. */
  model: text.optional(),
  family: z.enum(MODEL_FAMILIES).default("qwen2-vl"),
  ask: z.enum(WAYS_TO_ASK).default("score"),
  maxPixels: z.number().int().min(3_136).max(12_845_056).default(301_056),
  adapter: text.max(100).optional(),
  deadlineMs: z.number().int().min(20).max(60_000).default(900),
  manualAfterMs: z.number().int().min(0).max(3_600_000).default(10_000),
  cascade: z
    .strictObject({
      unsureBelow: z.number().min(0.5).max(1).default(0.8),
      floorMs: milliseconds.default(2_000),
    })
    .optional(),
});

const PresenceEntry = z.strictObject({
  enterScore: probability.default(0.6),
  enterMs: milliseconds.default(250),
  exitScore: probability.default(0.4),
  exitMs: milliseconds.default(700),
  darkBelow: probability.default(0.03),
  blindAfterMs: milliseconds.default(2_000),
});

export const ShowFile = z.strictObject({
  id,
  name: text,
  cast: z.array(Member).min(1).max(500),
  scenes: z.array(SceneEntry).max(500).default([]),
  cameras: z.array(Camera).max(200).default([]),
  recognizer: Recognizer.prefault({}),
  rules: z.array(text.max(500)).max(50).default([]),
  presence: PresenceEntry.prefault({}),
});

export type ShowFile = z.infer<typeof ShowFile>;
