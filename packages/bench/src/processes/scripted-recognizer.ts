/** A model server that takes as long as it is told and knows nothing: the scripted Triton in a process of its own. */
import { ScriptedTriton } from "@followspot/testkit/scripted-triton";
import { serveParent } from "./serve-parent.ts";

/** Sums since the start. */
export interface RecognizerCounts {
  readonly answered: number;
  readonly serviceMs: number;
  readonly queueMs: number;
}

const { MODEL: name = "understudy", RUNG: rung = "understudy", SLOTS = "1", PORT = "0" } = process.env;
const triton = await ScriptedTriton.start({
  port: Number(PORT),
  models: [{ name, rung, slots: Number(SLOTS) }],
});
const { model } = triton;
model.serviceMs = Number(process.env.SERVICE_MS ?? 0);

serveParent("scripted recognizer", {
  address: () => triton.address,
  serviceMs: ({ ms }: { ms: number }) => {
    model.serviceMs = ms;
  },
  counts: (): RecognizerCounts => ({
    answered: model.counts.answered,
    serviceMs: model.times.service,
    queueMs: model.times.queue,
  }),
});
