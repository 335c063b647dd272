import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { until } from "@followspot/testkit";
import { FakeMjpegCamera, type FakeMjpegCameraOptions } from "@followspot/testkit/fake-cameras";
import { State } from "../camera-state.ts";
import { cameraConfig, openCameras } from "../testing/open-cameras.ts";
import { walkingPictures } from "../testing/test-pictures.ts";

const pictures = await walkingPictures(20);

async function watch(
  context: TestContext,
  options: Partial<FakeMjpegCameraOptions> = {},
  address?: (url: string) => string,
) {
  const camera = await FakeMjpegCamera.listen({ pictures, ...options });
  const url = address?.(camera.url) ?? camera.url;
  const { cameras, sink } = openCameras([cameraConfig("net", { kind: "mjpeg", url })]);
  context.after(async () => {
    await cameras.close();
    await camera.close();
  });
  cameras.start();
  const status = () => cameras.get("net")?.status() ?? assert.fail();
  const sees = (state: State) => until(`it is ${State[state]}`, () => status().state === state);
  const says = (sentence: RegExp) => until(`it says ${sentence}`, () => sentence.test(status().detail));
  return { camera, sink, status, sees, says };
}

for (const contentLength of [true, false]) {
  test(`pictures come untouched from a camera that ${contentLength ? "gives" : "does not give"} their length`, async (t) => {
    const { sink } = await watch(t, { contentLength });
    await until("three frames came", () => sink.published.length >= 3);
    for (const { jpeg } of sink.published) assert.ok(pictures.some((picture) => picture.equals(jpeg)));
  });
}

test("a dead network is noticed within a second, and the camera taken up again when it is back", async (t) => {
  const { camera, sees, status } = await watch(t);
  await sees(State.LIVE);
  camera.stall();
  await sees(State.LOST);
  const { sinceMs, newestFrameAtMs } = status();
  assert.ok(sinceMs - newestFrameAtMs > 500, "it was not called lost at once");
  camera.resume();
  await sees(State.LIVE);
});

test("a camera that restarts is opened again", async (t) => {
  const { camera, sees, status } = await watch(t);
  await sees(State.LIVE);
  camera.cut();
  await sees(State.LOST);
  await sees(State.LIVE);
  assert.ok(status().attempts >= 2);
});

test("truncated pictures and garbage are counted and said, and good pictures go on", async (t) => {
  const { camera, sees, says, status, sink } = await watch(t);
  await sees(State.LIVE);
  // The length is true to the whole, so what follows is taken for the rest: a damaged picture.
  camera.spoil((part) => part.subarray(0, part.length - 1_000));
  await until("a damaged picture was counted", () => (status().dropped.truncated ?? 0) > 0);
  await says(/damaged|every picture is refused/);
  camera.resume();
  const before = sink.published.length;
  await until("frames go on", () => sink.published.length > before);
  await sees(State.LIVE);
  camera.spoil(() => Buffer.from("complete nonsense ".repeat(2_000)));
  await sees(State.LOST);
  camera.resume();
  await sees(State.LIVE);
});

test("credentials in the address are used and never shown", async (t) => {
  const credentials = { user: "stage", password: "s3cret-pass" };
  const { sees, sink } = await watch(t, { credentials }, (url) => url.replace("//", "//stage:s3cret-pass@"));
  await sees(State.LIVE);
  assert.doesNotMatch(JSON.stringify(sink.reports), /s3cret-pass/);
});

test("a wrong password, a page that is no stream, a camera that is off: each has its sentence", async (t) => {
  const wrong = await watch(t, { credentials: { user: "a", password: "b" } });
  await wrong.says(/refuses the user name or password/);
  const off = await watch(t, {}, () => "http://127.0.0.1:1/stream");
  await off.says(/^http:\/\/127\.0\.0\.1:1\/stream (does not answer|cannot be reached)/);
});
