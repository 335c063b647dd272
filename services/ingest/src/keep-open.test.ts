import assert from "node:assert/strict";
import { once } from "node:events";
import { test, type TestContext } from "node:test";
import { until } from "@followspot/testkit";
import { BackOff } from "./back-off.ts";
import { keepOpen } from "./keep-open.ts";
import { Patience } from "./patience.ts";
import { type Source, SourceFailed } from "./sources/source.ts";

function keep(context: TestContext, source: Source, firstPictureWithinMs = 10_000) {
  const told: string[] = [];
  const stop = new AbortController();
  const note = (what: string) => (why?: unknown) =>
    void told.push(
      why === undefined
        ? what
        : `${what}: ${why instanceof Error ? `${why.name}: ${why.message}` : (why as string)}`,
    );
  const kept = keepOpen(
    {
      source,
      patience: new Patience(10),
      backOff: new BackOff({ firstMs: 1, mostMs: 5 }),
      firstPictureWithinMs,
      events: {
        opening: note("opening"),
        picture: () => {},
        live: note("live"),
        lost: note("lost"),
        ended: note("ended"),
        unexpected: note("unexpected"),
      },
    },
    stop.signal,
  );
  const close = async () => {
    stop.abort();
    await kept;
  };
  context.after(close);
  return { told, kept, close };
}

const picture = { bytes: new Uint8Array(1) };

/** Until the keeper has had enough. */
async function aborted(signal: AbortSignal): Promise<never> {
  if (!signal.aborted) await once(signal, "abort");
  throw signal.reason;
}

test("a camera that fails is tried again for ever, and said to be lost with the reason", async (t) => {
  const { told } = keep(t, async () => {
    throw new SourceFailed("the plug is out");
  });
  await until("it was tried five times", () => told.filter((what) => what === "opening").length >= 5);
  assert.deepEqual(told.slice(0, 3), ["opening", "lost: the plug is out", "opening"]);
});

test("a camera that falls silent is lost within a second, then opened again", async (t) => {
  let opened = 0;
  const { told } = keep(t, async (events, signal) => {
    opened += 1;
    events.picture(picture);
    if (opened === 1) return aborted(signal);
    const timer = setInterval(() => events.picture(picture), 50);
    return await aborted(signal).finally(() => clearInterval(timer));
  });
  await until("it was lost", () => told.some((what) => what.startsWith("lost: no picture has come for 0.")));
  await until("it is live again", () => told.filter((what) => what === "live").length === 2);
  assert.equal(opened, 2);
});

test("a camera that only hesitates is live again without being opened again", async (t) => {
  let send = () => {};
  let opened = 0;
  const { told } = keep(t, async (events, signal) => {
    opened += 1;
    send = () => events.picture(picture);
    send();
    return aborted(signal);
  });
  await until("it was lost", () => told.some((what) => what.startsWith("lost")));
  send();
  await until("it is live", () => told.at(-1) === "live");
  assert.equal(opened, 1);
});

test("a camera that never gives a first picture is opened again", async (t) => {
  const { told } = keep(t, (_events, signal) => aborted(signal), 30);
  await until("it was opened twice", () => told.filter((what) => what === "opening").length >= 2);
  assert.match(told[1] ?? "", /^lost: no picture came within 0.03 s/);
});

test("a source that came to its end is not opened again", async (t) => {
  const { told, kept } = keep(t, async (events) => {
    events.picture(picture);
    return "the video was played";
  });
  await kept;
  assert.deepEqual(told, ["opening", "live", "ended: the video was played"]);
});

test("an unexpected fault is told as one, and the camera goes on", async (t) => {
  const { told } = keep(t, async () => {
    throw new TypeError("a bug");
  });
  await until("it was tried again", () => told.filter((what) => what === "opening").length >= 2);
  assert.equal(told[1], "unexpected: TypeError: a bug");
  assert.match(told[2] ?? "", /^lost: the camera failed in a way that we did not expect/);
});

test("closing ends an open camera, one that waits, and says nothing more", async (t) => {
  const { told, close } = keep(t, (_events, signal) => aborted(signal));
  await close();
  assert.deepEqual(told, ["opening"]);
});
