/** A thread that looks at pictures, so that the event loop stays free for the wire. */
import { parentPort } from "node:worker_threads";
import { UserError } from "@followspot/domain";
import { decodeModel, eyeOf, type Recognizer, recognizeFile, recognizePixels } from "@followspot/recognition";
import type { FromRecognizer, ModelFile, ToRecognizer } from "./recognizer-messages.ts";

const port = parentPort;
if (!port) throw new Error("recognizer-thread.ts runs in a worker thread only");

const models = new Map<string, Recognizer>();
const say = (message: FromRecognizer) => port.postMessage(message);

port.on("message", (message: ToRecognizer) => {
  if (message.kind === "load") void load(message);
  else if (message.kind === "forget") models.delete(message.version);
  else {
    recognize(message).then(say, (error: unknown) => {
      const problem = error instanceof Error ? error.message : String(error);
      say({ kind: "failed", job: message.job, problem, badPicture: error instanceof UserError });
    });
  }
});

/** Answers in any case: nobody hears of what it throws. */
async function load({ version, file, modelsDir }: ModelFile): Promise<void> {
  try {
    const model = decodeModel(file);
    const recognizer = { model, eye: await eyeOf(model, modelsDir) };
    await warmUp(recognizer);
    models.set(version, recognizer);
    say({ kind: "loaded", version });
  } catch (error) {
    say({ kind: "refused", version, problem: error instanceof Error ? error.message : String(error) });
  }
}

async function recognize({
  job,
  version,
  picture,
  labels,
}: Extract<ToRecognizer, { kind: "recognize" }>): Promise<FromRecognizer> {
  const model = models.get(version);
  if (!model) throw new Error(`the recognizer thread does not have model ${version}`);
  return { kind: "recognized", job, result: await recognizeFile(model, picture, labels) };
}

const WARM_UP_LOOKS = 6;

/** The first looks of a fresh thread are many times slower: better now than at the first cue. */
async function warmUp(recognizer: Recognizer): Promise<void> {
  const [width, height] = [640, 360];
  const rgb = new Uint8Array(width * height * 3);
  for (let at = 0; at < rgb.length; at++) rgb[at] = (Math.imul(at, 2_654_435_761) >>> 24) & 255;
  for (let look = 0; look < WARM_UP_LOOKS; look++) await recognizePixels(recognizer, { rgb, width, height });
}
