import assert from "node:assert/strict";
import { test } from "node:test";
import { create } from "@bufbuild/protobuf";
import { CameraStatus_State, CameraStatusSchema } from "@followspot/schema/followspot/v1/frame";
import { type CameraFacts, describeCamera } from "../../page/camera-state.ts";

const LIVE: CameraFacts = {
  linked: true,
  status: create(CameraStatusSchema, { state: CameraStatus_State.LIVE }),
  pictureAgeMs: 120,
  light: 0.4,
  darkBelow: 0.03,
  takesPushes: false,
};

test("a fresh, lit picture is live and needs no sentence", () => {
  assert.deepEqual(describeCamera(LIVE), { word: "live", title: "Live", sentence: "" });
});

test("the gravest thing is said first", () => {
  assert.equal(describeCamera({ ...LIVE, light: 0.01 }).word, "dark");
  assert.equal(describeCamera({ ...LIVE, pictureAgeMs: 9_000 }).word, "stale");
  assert.equal(describeCamera({ ...LIVE, linked: false, light: 0.01 }).word, "disconnected");
  assert.equal(describeCamera({ ...LIVE, pictureAgeMs: undefined }).word, "connecting");
});

test("an old dark picture is old, not dark", () => {
  assert.equal(describeCamera({ ...LIVE, light: 0, pictureAgeMs: 9_000 }).word, "stale");
});

test("a lost camera says what ingest says about it", () => {
  const status = create(CameraStatusSchema, {
    state: CameraStatus_State.LOST,
    detail: "No route to the camera.",
  });
  assert.deepEqual(describeCamera({ ...LIVE, status, pictureAgeMs: 9_000 }), {
    word: "lost",
    title: "Camera lost",
    sentence: "No route to the camera.",
  });
});

test("a camera that takes pushes waits for a device", () => {
  const view = describeCamera({ ...LIVE, status: undefined, pictureAgeMs: undefined, takesPushes: true });
  assert.equal(view.sentence, "Waits for a device to send pictures.");
});
