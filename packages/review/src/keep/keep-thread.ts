/** A thread that decodes and writes frames worth keeping, so that the live path waits for neither. */
import { parentPort, workerData } from "node:worker_threads";
import type { FrameStore } from "./keep-frame.ts";
import type { FromKeeper, KeeperData, ToKeeper } from "./keep-messages.ts";

const port = parentPort;
if (!port) throw new Error("keep-thread.ts runs in a worker thread only");

/** Loaded with the first frame: the decoder is large, and most minutes of a show need none. */
let store: Promise<FrameStore> | undefined;
let last: Promise<unknown> = Promise.resolve();

port.on("message", (message: ToKeeper) => {
  store ??= import("./keep-frame.ts").then(({ FrameStore }) => new FrameStore(workerData as KeeperData));
  const ready = store;
  const answer = last.then(async () => await (await ready).keep(message));
  last = answer.then((outcome: FromKeeper) => port.postMessage(outcome));
});
