/**
 * A recognizer thread that has accidents: it speaks the real one's messages, and a picture or model that consists of
 * the word "exit", "throw" or "hang" makes it do that. Everything else is recognized as nobody. It decodes nothing.
 */
import { parentPort } from "node:worker_threads";
import type { FromRecognizer, ToRecognizer } from "../recognizer-messages.ts";

const models = new Set<string>();
const say = (message: FromRecognizer) => parentPort?.postMessage(message);

parentPort?.on("message", (message: ToRecognizer) => {
  switch (message.kind) {
    case "load":
      haveAccident(message.file);
      models.add(message.version);
      return say({ kind: "loaded", version: message.version });
    case "forget":
      models.delete(message.version);
      return;
    case "recognize": {
      haveAccident(message.picture);
      const { job, version } = message;
      if (!models.has(version)) {
        return say({ kind: "failed", job, problem: `model ${version} is not here`, badPicture: false });
      }
      return say({
        kind: "recognized",
        job,
        result: { labels: [], unknown: 0, width: 1, height: 1, modelMs: 0 },
      });
    }
  }
});

function haveAccident(bytes: Uint8Array): void {
  switch (Buffer.from(bytes).toString()) {
    case "exit":
      return process.exit(3);
    case "throw":
      throw new Error("a bug in the recognizer");
    case "hang":
      for (;;);
  }
}
