import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { BREAKER, type Breaker, type Happening, newBreaker, nextBreaker, warmUpAnswers } from "./breaker.ts";

const HAPPENINGS = ["good", "bad", "missed", "gone", "trial"] as const satisfies readonly Happening[];

/** Plays happenings a tenth of a second apart. */
function play(breaker: Breaker, happenings: readonly Happening[], stepMs = 100): Breaker[] {
  let atMs = breaker.sinceMs;
  const states: Breaker[] = [];
  for (const happening of happenings) {
    atMs += stepMs;
    breaker = nextBreaker(breaker, happening, { atMs });
    states.push(breaker);
  }
  return states;
}

const phases = (states: readonly Breaker[]) => states.map(({ phase }) => phase);
const goods = (count: number) => Array<Happening>(count).fill("good");
const closed = (): Breaker => play(newBreaker(0), goods(3)).at(-1) ?? assert.fail();

test("a new rung is on trial, and in force after good answers in a row", () => {
  assert.deepEqual(phases(play(newBreaker(0), goods(3))), ["warming-up", "warming-up", "closed"]);
  assert.deepEqual(phases(play(newBreaker(0), ["good", "good", "missed"])).at(-1), "open");
});

test("one answer that misses the deadline opens it, a single bad one does not, three in a row do", () => {
  assert.deepEqual(phases(play(closed(), ["missed"])), ["open"]);
  assert.deepEqual(phases(play(closed(), ["bad", "bad", "good", "bad", "bad"])).at(-1), "closed");
  assert.deepEqual(phases(play(closed(), ["bad", "bad", "bad"])).at(-1), "open");
});

test("after a fall it is tried once its pause is over, and in force again after its warm-up", () => {
  const happenings: Happening[] = ["missed", "trial", "trial", "trial", "good", "good", "good"];
  assert.deepEqual(phases(play(closed(), happenings)), [
    "open",
    "open",
    "open",
    "half-open",
    "warming-up",
    "warming-up",
    "closed",
  ]);
});

test("a server that is back is tried at once, however long it was away", () => {
  const away = play(closed(), ["missed", ...Array<Happening>(50).fill("gone")]).at(-1) ?? assert.fail();
  assert.equal(away.phase, "open");
  assert.equal(nextBreaker(away, "trial", { atMs: away.sinceMs }).phase, "open");
  assert.equal(nextBreaker(away, "trial", { atMs: away.pausedUntilMs }).phase, "half-open");
  assert.ok(away.pausedUntilMs - away.sinceMs <= 51 * 100);
});

test("each failed trial makes the pause longer, up to its bound", () => {
  let breaker = nextBreaker(closed(), "missed", { atMs: 1_000 });
  const pauses: number[] = [];
  for (let trial = 0; trial < 8; trial += 1) {
    pauses.push(breaker.pausedUntilMs - breaker.sinceMs);
    breaker = nextBreaker(breaker, "trial", { atMs: breaker.pausedUntilMs });
    breaker = nextBreaker(breaker, "missed", { atMs: breaker.sinceMs + 900 });
  }
  assert.deepEqual(pauses, [250, 500, 1_000, 2_000, 2_000, 2_000, 2_000, 2_000]);
});

test("however many trials failed, the warm-up is as long as after the fall", () => {
  const hangs: Happening[] = Array.from({ length: 200 }, (_, index) =>
    index % 30 === 29 ? "missed" : "trial",
  );
  const fallen = play(closed(), ["missed", ...hangs]).at(-1) ?? assert.fail();
  assert.equal(warmUpAnswers(fallen), BREAKER.warmUpAnswers);
});

test("a calm time in force makes it as good as new, a fall before that makes the next warm-up longer", () => {
  const back = (breaker: Breaker) =>
    play(breaker, [...Array<Happening>(30).fill("trial"), ...goods(warmUpAnswers(breaker))]).at(-1);
  const first = back(nextBreaker(closed(), "missed", { atMs: 1_000 })) ?? assert.fail();
  assert.equal(first.phase, "closed");
  const soon = nextBreaker(first, "missed", { atMs: first.sinceMs + BREAKER.calmMs - 1 });
  const late = nextBreaker(first, "missed", { atMs: first.sinceMs + BREAKER.calmMs });
  assert.deepEqual([warmUpAnswers(soon), warmUpAnswers(late)], [6, 3]);
});

const stories = fc.array(
  fc.record({ happening: fc.constantFrom(...HAPPENINGS), waitMs: fc.integer({ min: 0, max: 3_000 }) }),
  { maxLength: 200 },
);

test("whatever happens, it closes only by a whole warm-up of good answers, and opens at once by what must open it", () => {
  fc.assert(
    fc.property(stories, (story) => {
      let breaker = newBreaker(0);
      let atMs = 0;
      let goodInARow = 0;
      for (const { happening, waitMs } of story) {
        atMs += waitMs;
        const before = breaker;
        breaker = nextBreaker(before, happening, { atMs });
        if (before.phase === "open") {
          assert.ok(breaker.phase === "open" || (happening === "trial" && atMs >= before.pausedUntilMs));
          goodInARow = 0;
        } else if (happening === "good") goodInARow += 1;
        else if (happening !== "trial") goodInARow = 0;
        if (breaker.phase === "closed" && before.phase !== "closed") {
          assert.ok(goodInARow >= warmUpAnswers(before), `${goodInARow} good ones closed it`);
        }
        if (happening === "missed" || happening === "gone") assert.equal(breaker.phase, "open");
        assert.ok(breaker.pausedUntilMs - atMs <= BREAKER.mostPauseMs);
        assert.deepEqual(nextBreaker(before, happening, { atMs }), breaker, "the same again is the same");
      }
    }),
  );
});

test("a rung that fails as soon as it is in force is in force ever more seldom: it does not flap", () => {
  let breaker = newBreaker(0);
  let falls = 0;
  for (let atMs = 0; atMs < 60_000; atMs += 100) {
    const happening = breaker.phase === "open" ? "trial" : breaker.phase === "closed" ? "missed" : "good";
    if (breaker.phase === "closed") falls += 1;
    breaker = nextBreaker(breaker, happening, { atMs });
  }
  assert.ok(falls > 3 && falls <= 15, `${falls} falls in a minute`);
});
