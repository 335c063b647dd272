import assert from "node:assert/strict";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { SeededRandom } from "@followspot/domain";
import fc from "fast-check";
import { compareOnGolden, isRight } from "./judge-golden.ts";
import { appendHistory, readHistory, versionsInForce } from "./model-history.ts";
import { loadCurrentModel, storeModel, writeModel } from "./model-store.ts";
import { promoteModel } from "./promote-model.ts";
import { listModels, rollBack } from "./roll-back.ts";
import { chanceOfLosing } from "./sign-test.ts";
import { drawStage } from "./testdata/painted-samples.ts";
import { smallModel } from "./testdata/small-model.ts";
import type { TrainingSample } from "./training-sample.ts";

async function folder(context: TestContext): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "followspot-models-"));
  context.after(() => rm(dir, { recursive: true }));
  return dir;
}

/** An axe: whoever claims "red" here is wrong. */
function emptyPicture(): TrainingSample {
  const { picture } = drawStage(["axe"], new SeededRandom(5));
  return { picture, label: "unknown", scene: "golden", objects: [] };
}

/** Sure of "red", whatever it sees. */
function claimant(seed: number) {
  const model = smallModel();
  return {
    ...model,
    seed,
    calibration: model.calibration.map(() => ({ slope: 0, leadSlope: 0, offset: 5 })),
  };
}

/** Claims nobody. */
function modest(seed: number) {
  const model = smallModel();
  return {
    ...model,
    seed,
    calibration: model.calibration.map(() => ({ slope: 0, leadSlope: 0, offset: -5 })),
  };
}

test("a model that does worse on the golden set is kept aside, and comes into force only by force", async (context) => {
  const dir = await folder(context);
  const golden = [emptyPicture(), emptyPicture()];
  const first = await promoteModel(dir, modest(1), { golden });
  assert.equal(first.promotion.promoted, true);
  assert.match(first.promotion.reason, /first model/);

  const worse = await promoteModel(dir, claimant(2), { golden });
  assert.equal(worse.promotion.promoted, false);
  assert.deepEqual(
    [worse.promotion.golden?.lost, worse.promotion.golden?.won, worse.promotion.replaced],
    [2, 0, first.version],
  );
  assert.match(worse.promotion.reason, /NOT in force.*2 -> 0 of 2 golden/);
  assert.equal((await loadCurrentModel(dir)).version, first.version);
  assert.ok((await readdir(dir)).includes(`understudy-${worse.version}.fsm`));

  const forced = await promoteModel(dir, claimant(2), { golden, force: true });
  assert.match(forced.promotion.reason, /--force/);
  assert.equal((await loadCurrentModel(dir)).version, worse.version);
  assert.deepEqual(
    (await readHistory(dir)).map(({ why }) => why),
    ["trained", "forced"],
  );
});

test("without golden pictures a new model is promoted, and that is said", async (context) => {
  const dir = await folder(context);
  await promoteModel(dir, modest(1), { golden: [] });
  const second = await promoteModel(dir, claimant(2), { golden: [] });
  assert.equal(second.promotion.promoted, true);
  assert.match(second.promotion.reason, /no golden pictures/);
});

test("a model in force that cannot be read is replaced", async (context) => {
  const dir = await folder(context);
  const { path } = await storeModel(dir, modest(1));
  await writeFile(path, "nothing");
  const next = await promoteModel(dir, claimant(2), { golden: [emptyPicture()] });
  assert.equal(next.promotion.promoted, true);
  assert.match(next.promotion.reason, /cannot be used/);
});

test("rolling back goes one model further each time, and names what it cannot find", async (context) => {
  const dir = await folder(context);
  await assert.rejects(rollBack(dir), /no model to go back to/);
  const versions: string[] = [];
  for (const seed of [1, 2, 3]) versions.push((await storeModel(dir, modest(seed))).version);
  const [a = "", b = "", c = ""] = versions;
  assert.deepEqual([(await rollBack(dir)).version, (await rollBack(dir)).version], [b, a]);
  await assert.rejects(rollBack(dir), /no model to go back to/);
  assert.equal((await rollBack(dir, c.slice(0, 8))).from, a);
  assert.equal((await loadCurrentModel(dir)).version, c);
  await assert.rejects(rollBack(dir, "zz"), /names no model/);
  assert.equal((await listModels(dir)).find(({ inForce }) => inForce)?.version, c);
});

test("a model from before there was a history can be gone back to", async (context) => {
  const dir = await folder(context);
  const old = await storeModel(dir, modest(1));
  await rm(join(dir, "history.jsonl"));
  await storeModel(dir, modest(2));
  assert.equal((await rollBack(dir)).version, old.version);
});

test("a model that was refused can be named", async (context) => {
  const dir = await folder(context);
  await storeModel(dir, modest(1));
  const refused = await writeModel(dir, claimant(2));
  assert.equal((await rollBack(dir, refused.version)).version, refused.version);
});

test("a line of the history that a crash cut off is left out", async (context) => {
  const dir = await folder(context);
  await appendHistory(dir, { at: "2026-01-01T00:00:00Z", version: "0123456789ab", why: "trained" });
  await writeFile(join(dir, "history.jsonl"), '{"at":"2026-01-', { flag: "a" });
  assert.equal((await readHistory(dir)).length, 1);
});

test("after any history, going back never ends at the model in force", () => {
  const version = fc.constantFrom("a", "b", "c", "d");
  const why = fc.constantFrom("trained" as const, "rolled-back" as const, "forced" as const);
  fc.assert(
    fc.property(fc.array(fc.record({ version, why })), version, (history, current) => {
      const versions = versionsInForce(history, current);
      assert.equal(versions.at(-1), current);
      assert.ok(versions.every((one, at) => one !== versions[at + 1]));
    }),
  );
});

test("the chance of losing is what counting all outcomes says", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 7 }), fc.integer({ min: 0, max: 7 }), (lost, won) => {
      const changed = lost + won;
      let atLeast = 0;
      for (let outcome = 0; outcome < 2 ** changed; outcome++) {
        if (outcome.toString(2).replaceAll("0", "").length >= lost) atLeast += 1;
      }
      assert.ok(Math.abs(chanceOfLosing(lost, won) - atLeast / 2 ** changed) < 1e-9);
    }),
  );
  assert.ok(Math.abs(chanceOfLosing(1_000, 1_000) - 0.509) < 0.01);
});

test("worse is a loss that no gain outweighs, beyond what a large golden set bears", () => {
  const answers = (right: number, of: number) => Array.from({ length: of }, (_, at) => at < right);
  assert.equal(compareOnGolden(answers(10, 10), answers(9, 10)).worse, true);
  assert.equal(compareOnGolden(answers(10, 10), answers(10, 10)).worse, false);
  assert.equal(compareOnGolden(answers(9, 10), answers(10, 10)).worse, false);
  assert.equal(compareOnGolden(answers(100, 100), answers(98, 100)).worse, false);
  assert.equal(compareOnGolden(answers(100, 100), answers(97, 100)).worse, true);
});

test("a picture is right when its k best labels are those in it, an empty one when nobody is claimed", () => {
  const seen = (scores: Record<string, number>) => ({
    labels: Object.entries(scores).map(([label, score]) => ({ label, score, raw: 0, box: undefined })),
    unknown: 0,
  });
  const box = { left: 0, top: 0, width: 1, height: 1 };
  const both = {
    label: "red",
    objects: [
      { label: "red", box },
      { label: "wolf", box },
    ],
  };
  assert.equal(isRight(seen({ wolf: 0.9, red: 0.8, axe: 0.7 }), both), true);
  assert.equal(isRight(seen({ wolf: 0.9, axe: 0.8, red: 0.7 }), both), false);
  assert.equal(isRight(seen({ wolf: 0.3 }), { label: "unknown", objects: undefined }), true);
  assert.equal(isRight(seen({ wolf: 0.6 }), { label: "unknown", objects: undefined }), false);
});
