import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { TokenOfCamera } from "./newest-frame.ts";
import { type Turn, Turnstile } from "./turnstile.ts";

const NEVER = new AbortController().signal;

/** Redis as the test wants it: which of the tokens it chooses, and what it was asked. */
function scriptedFrames(choose: (cameras: readonly string[]) => number = () => 0) {
  const asked: string[][] = [];
  const takeFreshest = async (tokens: readonly TokenOfCamera[]) => {
    const cameras = tokens.map(({ cameraId }) => cameraId);
    asked.push(cameras);
    const index = choose(cameras);
    return { index, bytes: Buffer.from(cameras[index] ?? "") };
  };
  return { asked, takeFreshest };
}

async function entered(turn: Promise<Turn | string>): Promise<Turn> {
  const result = await turn;
  if (typeof result === "string") throw new Error(`there was no turn: ${result}`);
  return result;
}

test("a frame is read when there is a place, and not before", async () => {
  const frames = scriptedFrames();
  const turns = new Turnstile(frames, 1);
  const first = await entered(turns.enter({ id: "1", cameraId: "a" }, NEVER));
  assert.equal(String(first.bytes), "a");
  const second = turns.enter({ id: "2", cameraId: "b" }, NEVER);
  assert.deepEqual(frames.asked, [["a"]]);
  assert.equal(turns.waiting, 1);
  first.end();
  assert.equal(String((await entered(second)).bytes), "b");
  assert.deepEqual(frames.asked, [["a"], ["b"]]);
});

test("a place more is given to who waits", async () => {
  const turns = new Turnstile(scriptedFrames(), 1);
  await entered(turns.enter({ id: "1", cameraId: "a" }, NEVER));
  const second = turns.enter({ id: "2", cameraId: "b" }, NEVER);
  turns.places = 2;
  await entered(second);
});

test("ending a turn twice gives up one place only", async () => {
  const frames = scriptedFrames();
  const turns = new Turnstile(frames, 1);
  const first = await entered(turns.enter({ id: "1", cameraId: "a" }, NEVER));
  const second = turns.enter({ id: "2", cameraId: "b" }, NEVER);
  void turns.enter({ id: "3", cameraId: "c" }, NEVER);
  first.end();
  first.end();
  await entered(second);
  assert.equal(turns.waiting, 1);
});

test("who waits is passed over for a younger picture, but not for ever", async () => {
  const frames = scriptedFrames((cameras) => cameras.length - 1);
  const turns = new Turnstile(frames, 1);
  let current = await entered(turns.enter({ id: "0", cameraId: "first" }, NEVER));
  const order: string[] = [];
  const arrivals: Promise<Turn>[] = [];
  const arrive = (cameraId: string) =>
    arrivals.push(
      entered(turns.enter({ id: cameraId, cameraId }, NEVER)).then((turn) => {
        order.push(cameraId);
        current = turn;
        return turn;
      }),
    );
  for (const cameraId of ["a", "b", "c", "d", "e", "f", "g"]) arrive(cameraId);
  while (order.length < 7) {
    const soFar = order.length;
    current.end();
    while (order.length === soFar) await new Promise((resolve) => setImmediate(resolve));
  }
  await Promise.all(arrivals);
  assert.deepEqual(order.toSorted(), ["a", "b", "c", "d", "e", "f", "g"]);
  assert.equal(order.indexOf("a"), 4);
});

test("a fresh picture is waited for, for a small part of what a turn takes", async () => {
  const mayWait: boolean[] = [];
  const takeFreshest = async (tokens: readonly TokenOfCamera[], options?: { readonly mayWait?: boolean }) => {
    mayWait.push(options?.mayWait === true);
    const isFirstTurn = tokens.length === 1;
    return isFirstTurn || options?.mayWait !== true ? { index: 0, bytes: undefined } : undefined;
  };
  const turns = new Turnstile({ takeFreshest }, 1);
  const first = await entered(turns.enter({ id: "1", cameraId: "a" }, NEVER));
  const second = turns.enter({ id: "2", cameraId: "b" }, NEVER);
  void turns.enter({ id: "3", cameraId: "c" }, NEVER);
  await new Promise((resolve) => setTimeout(resolve, 100));
  first.end();
  await entered(second);
  // The first had nothing to choose from; the second asked whether it may wait until it might not any more.
  assert.deepEqual([mayWait[0], mayWait[1], mayWait.at(-1)], [false, true, false]);
});

test("two tokens of one camera are one turn", async () => {
  const released: string[][] = [];
  const turns = new Turnstile(
    {
      takeFreshest: async ([token]) => {
        released.push([...(token?.ids ?? [])]);
        return { index: 0, bytes: undefined };
      },
    },
    1,
  );
  const first = await entered(turns.enter({ id: "1", cameraId: "a" }, NEVER));
  const second = turns.enter({ id: "2", cameraId: "b" }, NEVER);
  assert.equal(await turns.enter({ id: "3", cameraId: "b" }, NEVER), "merged");
  first.end();
  await entered(second);
  assert.deepEqual(released, [["1"], ["2", "3"]]);
});

test("who gives up leaves the line, and a failed read costs one turn, not a place", async () => {
  let fail = false;
  const turns = new Turnstile(
    {
      takeFreshest: async () => {
        if (fail) throw new Error("redis is away");
        return { index: 0, bytes: undefined };
      },
    },
    1,
  );
  const first = await entered(turns.enter({ id: "1", cameraId: "a" }, NEVER));
  const impatient = new AbortController();
  const gone = turns.enter({ id: "2", cameraId: "b" }, impatient.signal);
  impatient.abort(new Error("stopping"));
  await assert.rejects(gone, /stopping/);
  assert.equal(turns.waiting, 0);

  fail = true;
  first.end();
  await assert.rejects(turns.enter({ id: "3", cameraId: "c" }, NEVER), /redis is away/);
  fail = false;
  await entered(turns.enter({ id: "4", cameraId: "d" }, NEVER));
});

test("closing sends away who waits, leaves their tokens alone, and admits nobody", async () => {
  const frames = scriptedFrames();
  const turns = new Turnstile(frames, 1);
  await entered(turns.enter({ id: "1", cameraId: "a" }, NEVER));
  const waiting = turns.enter({ id: "2", cameraId: "b" }, NEVER);
  turns.close();
  assert.equal(await waiting, "closed");
  assert.deepEqual(frames.asked, [["a"]]);
  assert.equal(await turns.enter({ id: "3", cameraId: "c" }, NEVER), "closed");
});

test("whatever comes, goes and is given up: never more turns than places, and everybody is answered", async () => {
  const step = fc.record({
    camera: fc.constantFrom("a", "b", "c", "d", "e"),
    after: fc.constantFrom("end", "give-up", "wait"),
    pick: fc.nat(5),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 3 }),
      fc.array(step, { maxLength: 40 }),
      async (places, steps) => {
        const picks = steps.map(({ pick }) => pick);
        const frames = scriptedFrames((cameras) => (picks.shift() ?? 0) % cameras.length);
        const turns = new Turnstile(frames, places);
        const running: Turn[] = [];
        const answers: Promise<unknown>[] = [];
        for (const [n, { camera, after }] of steps.entries()) {
          const patience = new AbortController();
          const turn = turns.enter({ id: String(n), cameraId: camera }, patience.signal);
          answers.push(
            turn.then(
              (given) => {
                if (typeof given === "object") running.push(given);
                assert.ok(running.length <= places);
              },
              () => {},
            ),
          );
          if (after === "give-up") patience.abort();
          if (after !== "wait") await new Promise((resolve) => setImmediate(resolve));
          if (after === "end") running.shift()?.end();
        }
        const all = Promise.all(answers).then(() => "answered");
        while ((await Promise.race([all, new Promise((resolve) => setImmediate(resolve))])) !== "answered") {
          running.shift()?.end();
        }
        await all;
        assert.equal(turns.waiting, 0);
      },
    ),
    { numRuns: 50 },
  );
});
