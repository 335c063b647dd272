import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { copyFile, mkdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { openOnnxBackbone } from "@followspot/backbone";
import { UserError } from "@followspot/domain";
import { describeLook, describeSurface } from "./describe-look.ts";
import type { Eye } from "./eye.ts";
import { proposeIn } from "./propose-boxes.ts";
import { joinLook } from "./vectors.ts";

/** An eye with a network that the user supplied. */
export interface OnnxEye extends Eye {
  /** Where the network lies. */
  readonly path: string;
}

const VERSION = /^onnx-[0-9a-f]{12}$/;

/** Where in a models folder the network of an eye lies; undefined for an eye that is no user's network. */
export function onnxFileOf(version: string): string | undefined {
  return VERSION.test(version) ? `backbone-${version.slice("onnx-".length)}.onnx` : undefined;
}

/** A network is opened once a thread. */
const opened = new Map<string, Promise<OnnxEye>>();

/**
 * Opens a network that the user supplied: where it is a detector it proposes, where it gives out features it says how
 * things look; the rest is done by our own networks, and so are colours and texture, which no network says as exactly.
 * @throws UserError one sentence, where onnxruntime-node is not installed or the file is no such network.
 */
export function openOnnxEye(path: string): Promise<OnnxEye> {
  const at = resolve(path);
  const eye = opened.get(at) ?? open(at);
  opened.set(at, eye);
  // What could not be opened may have been put right the next time.
  eye.catch(() => opened.delete(at));
  return eye;
}

async function open(path: string): Promise<OnnxEye> {
  if (!(await stat(path).catch(() => undefined))) {
    throw new UserError(
      `${path}: there is no such network file; train again with: followspot train --backbone FILE`,
    );
  }
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  const network = await openOnnxBackbone(path);
  return {
    path,
    version: `onnx-${hash.digest("hex").slice(0, 12)}`,
    propose: async (lit, limit) =>
      network.canPropose ? await network.propose(lit, limit) : proposeIn(lit, limit),
    look: async (lit, box, options) =>
      network.canEmbed
        ? withSurface(await network.embed(lit, box), describeSurface(lit, box))
        : describeLook(lit, box, options),
  };
}

function withSurface(
  embedding: Float32Array,
  { colours, texture }: ReturnType<typeof describeSurface>,
): Float32Array {
  return joinLook(embedding, colours, texture);
}

/** Puts a copy of the network beside the models that are trained with it, so that their folder is all they need. */
export async function keepOnnxNetwork({ path, version }: OnnxEye, modelsDir: string): Promise<void> {
  const kept = join(modelsDir, onnxFileOf(version) ?? "");
  if (resolve(kept) === path || (await stat(kept).catch(() => undefined))) return;
  await mkdir(modelsDir, { recursive: true });
  await copyFile(path, kept);
}
