import assert from "node:assert/strict";
import { test } from "node:test";
import { SeededRandom } from "@followspot/domain";
import fc from "fast-check";
import { observe, type Seen } from "../testdata/observed-frames.ts";
import { InterestWatch } from "./interest.ts";

function watch(randomShare = 0): InterestWatch {
  return new InterestWatch({ margin: 0.15, randomShare, random: new SeededRandom(1) });
}

/** The reasons for a series of frames, a tenth of a second apart. */
function reasonsFor(frames: readonly Omit<Seen, "atMs">[], of = watch()): (string | undefined)[] {
  return frames.map((seen, at) => of.judge(observe({ ...seen, atMs: 1_000 + at * 100 }))?.reason);
}

test("a frame of which the recognizer is sure is like any other", () => {
  assert.deepEqual(reasonsFor([{ scores: { wolf: 0.97, red: 0.02 } }, { scores: {} }]), [
    undefined,
    undefined,
  ]);
});

test("a score near the threshold poses the question about the label that is least sure", () => {
  const seen = watch().judge(observe({ scores: { wolf: 0.37, red: 0.52, axe: 0.99 }, atMs: 1_000 }));
  assert.deepEqual(
    [seen?.reason, seen?.guess, seen?.confidence?.toFixed(2)],
    ["near-threshold", "red", "0.52"],
  );
});

test("a label that comes and goes within moments is a flip, an entrance is not", () => {
  const [there, away] = [{ scores: { wolf: 0.9 } }, { scores: { wolf: 0.1 } }];
  assert.deepEqual(reasonsFor([away, there, away, there]).at(-1), "flip");
  assert.ok(reasonsFor([away, away, there, there, there, away]).every((reason) => reason === undefined));
  const slowly = watch();
  for (let at = 0; at < 10; at++) {
    const seen = observe({ ...(at % 2 ? there : away), atMs: 1_000 + at * 2_000 });
    assert.equal(slowly.judge(seen), undefined);
  }
});

test("votes are compared within a camera, not between cameras", () => {
  const both = watch();
  for (let at = 0; at < 20; at++) {
    const cameraId = at % 2 ? "left" : "right";
    const scores = { wolf: at % 2 ? 0.95 : 0.05 };
    assert.equal(both.judge(observe({ scores, cameraId, atMs: 1_000 + at * 50 })), undefined);
  }
});

test("a stranger counts once it stays for a second", () => {
  const reasons = reasonsFor(Array.from({ length: 12 }, () => ({ unknown: 0.9 })));
  assert.equal(reasons.indexOf("unknown"), 10);
});

test("a blackout is no disagreement, and what was before it is forgotten", () => {
  const frames = Array.from({ length: 12 }, (_, at) => ({
    scores: { wolf: at % 2 ? 0.9 : 0.1 },
    light: at % 2 ? 0.4 : 0.01,
  }));
  assert.ok(reasonsFor(frames).every((reason) => reason === undefined));
});

test("a share of all frames is kept, with the guess that nobody is there where nobody is believed to be", () => {
  const of = watch(0.1);
  const kept = Array.from({ length: 2_000 }, (_, at) => of.judge(observe({ atMs: at * 100 }))).filter(
    Boolean,
  );
  assert.ok(kept.length > 140 && kept.length < 260, String(kept.length));
  assert.deepEqual([kept[0]?.guess, kept[0]?.confidence], ["nobody", 1]);
});

test("whatever is observed, a reason comes with a guess and a share", () => {
  const score = fc.float({ min: 0, max: 1, noNaN: true });
  const seen = fc.record({ wolf: score, red: score, unknown: score, light: score });
  fc.assert(
    fc.property(fc.array(seen, { maxLength: 40 }), (frames) => {
      const of = watch(0.2);
      for (const [at, { wolf, red, unknown, light }] of frames.entries()) {
        const interest = of.judge(observe({ scores: { wolf, red }, unknown, light, atMs: at * 100 }));
        if (!interest) continue;
        assert.ok(["wolf", "red", "unknown", "nobody"].includes(interest.guess));
        assert.ok(interest.confidence >= 0 && interest.confidence <= 1);
      }
    }),
  );
});
