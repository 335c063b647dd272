import assert from "node:assert/strict";
import { test } from "node:test";
import { PresenceFilter } from "./presence-filter.ts";
import { LABELS, OPTIONS, observation, Scene } from "./testdata/scene.ts";

const ABSENT_FIRST = "HOLD wolf ABSENT";

test("at ten frames a second a solid appearance enters within 400 ms", () => {
  const scene = new Scene(100).play("...");
  assert.deepEqual(scene.told(), [ABSENT_FIRST]);
  const appearedMs = scene.nowMs + 100;
  scene.play("#####");
  const [enter] = scene.changes;
  assert.ok(enter);
  assert.equal(enter.happenedAtMs, appearedMs, "it happened with the first frame that shows it");
  assert.ok(enter.settledAtMs - appearedMs <= 300);
  assert.ok(Math.abs(enter.confidence - 0.9) < 1e-6);
  assert.equal(enter.frame?.cameraId, "stage");
  assert.deepEqual(scene.told(), ["ENTER wolf"]);
});

test("at two frames a second a solid appearance enters within 1.2 s", () => {
  const scene = new Scene(500).play("...###");
  const enter = scene.changes.at(-1);
  assert.equal(enter?.type, "ENTER");
  assert.equal(enter.settledAtMs - enter.happenedAtMs, 1_000);
});

test("at one frame a second it enters with the third", () => {
  assert.deepEqual(new Scene(1_000).play("..##").told(), [ABSENT_FIRST]);
  assert.deepEqual(new Scene(1_000).play("..###").told(), [ABSENT_FIRST, "ENTER wolf"]);
});

test("a solid disappearance exits, with the time of the first frame without it", () => {
  const scene = new Scene().play("..#####");
  scene.told();
  const goneMs = scene.nowMs + 100;
  scene.play("........");
  const [exit] = scene.changes;
  assert.equal(exit?.happenedAtMs, goneMs);
  assert.equal(exit.settledAtMs - goneMs, 700);
  assert.deepEqual(scene.told(), ["EXIT wolf"]);
});

test("a presence has one id from its entrance to its exit, and the next another", () => {
  const scene = new Scene().play("..#####oooo#####........#####");
  const ids = scene.changes.slice(1).map(({ presenceId }) => presenceId);
  assert.equal(
    scene.told().join(),
    `${ABSENT_FIRST},ENTER wolf,UNKNOWN wolf,HOLD wolf PRESENT,EXIT wolf,ENTER wolf`,
  );
  assert.match(ids[0] ?? "", /^wolf-/);
  assert.equal(new Set(ids.slice(0, 4)).size, 1);
  assert.notEqual(ids[4], ids[0]);
});

test("single wrong frames at any rate neither enter nor exit", () => {
  for (const everyMs of [100, 200, 333, 500, 1_000]) {
    const absent = new Scene(everyMs).play("..#..#..#..#..#..");
    assert.deepEqual(absent.told(), [ABSENT_FIRST], `${everyMs} ms apart, absent`);
    const present = new Scene(everyMs).play("..######");
    present.told();
    assert.deepEqual(present.play("##.##.##.##.##.##").told(), [], `${everyMs} ms apart, present`);
  }
});

test("a wrong frame in a solid appearance costs the time of two, and does not start it anew", () => {
  const scene = new Scene().play("..");
  const appearedMs = scene.nowMs + 100;
  scene.play("##.####");
  const enter = scene.changes.at(-1);
  assert.equal(enter?.type, "ENTER");
  assert.equal(enter.happenedAtMs, appearedMs);
  assert.equal(enter.settledAtMs, appearedMs + 500);
});

test("between the two thresholds everything stays as it is", () => {
  assert.deepEqual(new Scene().play("..??????????").told(), [ABSENT_FIRST]);
  const present = new Scene().play("..#####");
  present.told();
  assert.deepEqual(present.play("??????????????").told(), []);
});

test("a blackout makes nobody exit: unknown, then held", () => {
  const scene = new Scene().play("..#####");
  scene.told();
  const darkMs = scene.nowMs + 100;
  scene.play("oooooooooo").tick([], 60_000);
  assert.equal(scene.changes[0]?.happenedAtMs, darkMs);
  assert.equal(scene.changes[0].reason, "stage is dark");
  assert.deepEqual(scene.told(), ["UNKNOWN wolf"]);
  assert.deepEqual(scene.play("##").told(), ["HOLD wolf PRESENT"]);
});

test("who left in the blackout exits when there is light again", () => {
  const scene = new Scene().play("..#####oooooo");
  scene.told();
  assert.deepEqual(scene.play(".......").told(), []);
  assert.deepEqual(scene.play(".").told(), ["EXIT wolf"]);
});

test("who was not there is unknown in a blackout too, and enters without a hold between", () => {
  const scene = new Scene().play("....oooooo");
  assert.deepEqual(scene.told(), [ABSENT_FIRST, "UNKNOWN wolf"]);
  assert.deepEqual(scene.play("####").told(), ["ENTER wolf"]);
});

test("darkness freezes the timers", () => {
  const scene = new Scene().play("..#####");
  scene.told();
  // 400 ms of absence before the blackout and 300 ms after it are the 700 ms that an exit takes.
  scene.play(".....oooooooooo....");
  const exit = scene.changes.at(-1);
  assert.deepEqual(scene.told(), ["UNKNOWN wolf", "EXIT wolf"]);
  assert.equal(exit?.settledAtMs, scene.nowMs);
});

test("evidence from before a long blindness is forgotten", () => {
  const scene = new Scene().play("..#####");
  scene.told();
  scene.play(".....").tick([], 60_000);
  const backMs = scene.nowMs + 100;
  scene.play("........");
  const exit = scene.changes.at(-1);
  assert.deepEqual(scene.told(), ["UNKNOWN wolf", "EXIT wolf"]);
  assert.equal(exit?.happenedAtMs, backMs, "it was seen to be gone then, not a minute before");
});

test("one black frame is no blackout", () => {
  const scene = new Scene().play("..#####");
  scene.told();
  assert.deepEqual(scene.play("o####o####oo###").told(), []);
});

test("a fade to black is no exit: dim pictures prove nothing", () => {
  const scene = new Scene().play("..#####");
  scene.told();
  assert.deepEqual(scene.play("------------oooo").told(), ["UNKNOWN wolf"]);
});

test("without observations a label becomes unknown, not absent", () => {
  const scene = new Scene().play("..#####");
  scene.told();
  assert.deepEqual(scene.tick([], 1_900).told(), []);
  assert.deepEqual(scene.tick([], 200).told(), ["UNKNOWN wolf"]);
  assert.deepEqual(scene.tick([], 100_000).told(), []);
  assert.deepEqual(scene.play("##").told(), ["HOLD wolf PRESENT"]);
});

test("a slow camera is given time in proportion", () => {
  const scene = new Scene(2_000).play("..####");
  scene.told();
  assert.deepEqual(scene.tick([], 7_000).told(), []);
  assert.deepEqual(scene.tick([], 1_500).told(), ["UNKNOWN wolf"]);
});

test("an outage does not make a quick camera pass for a slow one", () => {
  const scene = new Scene().play("..#####");
  scene.tick([], 120_000).play("####");
  scene.told();
  assert.deepEqual(scene.tick([], 4_000).told(), ["UNKNOWN wolf"]);
});

test("a label that was not asked for loses no vote by it", () => {
  const scene = new Scene().play("..#####");
  scene.told();
  for (let frame = 0; frame < 10; frame += 1) {
    const asked = observation({ atMs: scene.nowMs + 100 * (frame + 1), scores: { basket: 0.05 } });
    scene.changes.push(...scene.filter.observe(asked));
  }
  assert.deepEqual(scene.told(), ["HOLD basket ABSENT"]);
});

test("a lost camera makes its labels unknown at once, and they are held when it is back", () => {
  const scene = new Scene().play("..#####");
  scene.told();
  scene.tick(["stage"], 50);
  assert.equal(scene.changes[0]?.reason, "camera stage is lost");
  assert.equal(scene.changes[0].frame, undefined);
  assert.deepEqual(scene.told(), ["UNKNOWN wolf"]);
  assert.deepEqual(scene.tick([], 5_000).play("##").told(), ["HOLD wolf PRESENT"]);
});

test("one camera that sees it is enough", () => {
  const scene = new Scene();
  for (let frame = 0; frame < 6; frame += 1) scene.frame({ left: "#", right: "." });
  assert.deepEqual(scene.told(), ["ENTER wolf"]);
  for (let frame = 0; frame < 10; frame += 1) scene.frame({ left: ".", right: "#" });
  assert.deepEqual(scene.told(), [], "it went from one camera's view into the other's");
  for (let frame = 0; frame < 10; frame += 1) scene.frame({ left: ".", right: "." });
  assert.deepEqual(scene.told(), ["EXIT wolf"]);
});

test("a camera that never saw it cannot say that it left while the one that did is blind", () => {
  const scene = new Scene();
  for (let frame = 0; frame < 6; frame += 1) scene.frame({ left: "#", right: "." });
  scene.told();
  for (let frame = 0; frame < 20; frame += 1) scene.frame({ left: "o", right: "." });
  assert.deepEqual(scene.told(), ["UNKNOWN wolf"]);
  for (let frame = 0; frame < 6; frame += 1) scene.frame({ left: "o", right: "#" });
  assert.deepEqual(scene.told(), ["HOLD wolf PRESENT"]);
});

test("a dark camera does not vote against the others", () => {
  const scene = new Scene();
  for (let frame = 0; frame < 6; frame += 1) scene.frame({ left: ".", right: "." });
  scene.told();
  for (let frame = 0; frame < 6; frame += 1) scene.frame({ left: "o", right: "#" });
  assert.deepEqual(scene.told(), ["ENTER wolf"]);
});

test("a repeated or older frame, a foreign label and a broken number change nothing", () => {
  const filter = new PresenceFilter(OPTIONS);
  const look = observation({ atMs: 1_000, scores: { wolf: 0.9 } });
  filter.observe(look);
  const before = JSON.stringify(filter);
  assert.deepEqual(filter.observe(look), []);
  assert.deepEqual(filter.observe(observation({ atMs: 900, scores: { wolf: 0.9 } })), []);
  assert.equal(JSON.stringify(filter), before);
  for (let frame = 2; frame < 10; frame += 1) {
    const scores = { dragon: 0.9, wolf: Number.NaN };
    assert.deepEqual(filter.observe(observation({ atMs: frame * 1_000, scores })), []);
  }
  assert.deepEqual(filter.observe(observation({ atMs: Number.NaN, scores: { wolf: 0.9 } })), []);
});

test("who was struck from the cast list exits", () => {
  const scene = new Scene().play("..#####");
  const filter = new PresenceFilter({ ...OPTIONS, labels: ["basket"] }, scene.filter.toJSON());
  const later = new Scene(100, filter).tick();
  assert.equal(later.changes[0]?.reason, "no longer in the cast list");
  assert.deepEqual(later.told(), ["EXIT wolf"]);
  assert.deepEqual(later.tick().told(), []);
});

test("from what subscribers were told it goes on without entrances", () => {
  const before = new Scene().play("..#####");
  const [wolf] = before.filter.standings();
  before.told();
  const after = new Scene(100, PresenceFilter.resume(OPTIONS, before.filter.standings()));
  assert.deepEqual(
    after.filter.standings().map(({ state }) => state),
    LABELS.map(() => "UNKNOWN"),
  );
  after.play("#######");
  assert.equal(after.changes[0]?.presenceId, wolf?.presenceId);
  assert.deepEqual(after.told(), ["HOLD wolf PRESENT"]);

  const gone = new Scene(100, PresenceFilter.resume(OPTIONS, before.filter.standings()));
  assert.deepEqual(gone.play("......").told(), []);
  assert.deepEqual(gone.play("..").told(), ["EXIT wolf"]);
});
