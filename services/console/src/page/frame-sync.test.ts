import assert from "node:assert/strict";
import { test } from "node:test";
import { FrameSync } from "../../page/frame-sync.ts";

function setUp() {
  const discarded: string[] = [];
  const sync = new FrameSync<{ key: string; capturedAtMs: number }, { key: string; capturedAtMs: number }>(
    ({ key }) => discarded.push(key),
  );
  return { sync, discarded };
}

test("the first picture is shown at once, before anything is known of the recognizer", () => {
  const { sync } = setUp();
  sync.addPicture({ key: "1-1", capturedAtMs: 1_000 }, 0);
  assert.equal(sync.take(0)?.key, "1-1");
  assert.equal(sync.labelsFor({ key: "1-1", capturedAtMs: 1_000 }), undefined);
});

test("while the recognizer is fast, a picture waits for its own labels", () => {
  const { sync } = setUp();
  sync.addPicture({ key: "1-1", capturedAtMs: 1_000 }, 0);
  sync.take(0);
  sync.addLabels({ key: "1-1", capturedAtMs: 1_000 }, 40);
  sync.addPicture({ key: "1-2", capturedAtMs: 1_100 }, 100);
  assert.equal(sync.take(110), undefined);
  sync.addLabels({ key: "1-2", capturedAtMs: 1_100 }, 140);
  assert.equal(sync.take(140)?.key, "1-2");
  assert.equal(sync.labelsFor({ key: "1-2", capturedAtMs: 1_100 })?.exact, true);
});

test("a picture whose labels do not come is shown all the same, and says when to look again", () => {
  const { sync } = setUp();
  sync.addPicture({ key: "1-1", capturedAtMs: 1_000 }, 0);
  sync.addLabels({ key: "1-1", capturedAtMs: 1_000 }, 40);
  sync.take(40);
  sync.addPicture({ key: "1-2", capturedAtMs: 1_100 }, 100);
  const lookAtMs = sync.nextLookMs();
  assert.ok(lookAtMs !== undefined);
  assert.equal(sync.take(lookAtMs)?.key, "1-2");
  assert.deepEqual(sync.labelsFor({ key: "1-2", capturedAtMs: 1_100 }), {
    labels: { key: "1-1", capturedAtMs: 1_000 },
    exact: false,
  });
});

test("a slow recognizer is not waited for", () => {
  const { sync } = setUp();
  sync.addPicture({ key: "1-1", capturedAtMs: 1_000 }, 0);
  sync.take(0);
  sync.addLabels({ key: "1-1", capturedAtMs: 1_000 }, 450);
  sync.addPicture({ key: "1-5", capturedAtMs: 1_500 }, 500);
  assert.equal(sync.take(500)?.key, "1-5");
});

test("pictures that were passed over are given back, and never are more than a few kept", () => {
  const { sync, discarded } = setUp();
  sync.addPicture({ key: "1-0", capturedAtMs: 0 }, 0);
  sync.addLabels({ key: "1-0", capturedAtMs: 0 }, 10);
  for (let sequence = 1; sequence <= 9; sequence += 1) {
    sync.addPicture({ key: `1-${sequence}`, capturedAtMs: sequence }, 20);
  }
  sync.addLabels({ key: "1-9", capturedAtMs: 9 }, 30);
  assert.equal(sync.take(30)?.key, "1-9");
  assert.equal(discarded.length, 9);
});

test("labels of a frame from long before are not drawn on a picture", () => {
  const { sync } = setUp();
  sync.addLabels({ key: "1-1", capturedAtMs: 1_000 }, 0);
  assert.equal(sync.labelsFor({ key: "1-90", capturedAtMs: 9_000 }), undefined);
});
