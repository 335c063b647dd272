import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, type TestContext, test } from "node:test";
import { until } from "@followspot/testkit";
import { FakeMjpegCamera, FakeRtspCamera } from "@followspot/testkit/fake-cameras";
import { State } from "../camera-state.ts";
import { makeClip, withoutFfmpeg } from "../testing/ffmpeg.ts";
import { cameraConfig, openCameras } from "../testing/open-cameras.ts";
import { walkingPictures } from "../testing/test-pictures.ts";
import { FFMPEG_MISSING } from "./ffmpeg-pictures.ts";

const folder = await mkdtemp(join(tmpdir(), "followspot-ingest-"));
after(() => rm(folder, { recursive: true, force: true }));

const needsFfmpeg = { skip: withoutFfmpeg };
/** Starting a decoder on a loaded machine takes its time. */
const WITHIN_MS = 30_000;

function open(context: TestContext, ...args: Parameters<typeof openCameras>) {
  const opened = openCameras(...args);
  context.after(() => opened.cameras.close());
  opened.cameras.start();
  const status = (id: string) => opened.cameras.get(id)?.status() ?? assert.fail(`no camera ${id}`);
  const sees = (id: string, state: State) =>
    until(`${id} is ${State[state]}`, () => status(id).state === state, WITHIN_MS);
  const says = (id: string, sentence: string | RegExp) =>
    until(
      `${id} says ${sentence}, not ${status(id).detail}`,
      () =>
        status(id).detail === sentence || (sentence instanceof RegExp && sentence.test(status(id).detail)),
      WITHIN_MS,
    );
  const frames = (id: string, count: number) =>
    until(
      `${count} frames of ${id}`,
      () => opened.sink.published.filter(({ header }) => header.stamp?.cameraId === id).length >= count,
      WITHIN_MS,
    );
  return { ...opened, status, sees, says, frames };
}

const clip = (name: string, args: readonly string[]) => makeClip(args, join(folder, name));
const movingClip = () =>
  clip("moving.mp4", [
    "-f",
    "lavfi",
    "-i",
    "testsrc2=size=640x360:rate=25:duration=2",
    "-pix_fmt",
    "yuv420p",
  ]);

/** The decoder processes that play `path`. */
function decodersOf(path: string): number[] {
  const lines = execFileSync("ps", ["-eo", "pid,args"]).toString().split("\n");
  return lines
    .filter((line) => line.includes("ffmpeg") && line.includes(path))
    .map((line) => Number.parseInt(line, 10));
}

test(
  "a video file is played again and again, scaled and thinned to the camera's rate",
  needsFfmpeg,
  async (t) => {
    const { frames, sink, sees } = open(t, [
      cameraConfig("clip", { kind: "file", path: movingClip() }, { width: 320 }),
    ]);
    await sees("clip", State.LIVE);
    // More than one round of the clip has.
    await frames("clip", 25);
    const { header, jpeg } = sink.published[0] ?? assert.fail();
    assert.deepEqual(
      [header.width, header.height, header.sourceWidth, header.sourceHeight],
      [320, 180, 640, 360],
    );
    assert.deepEqual([...jpeg.subarray(0, 2)], [0xff, 0xd8]);
    const times = sink.published.map((frame) => frame.header.stamp?.capturedAtMs ?? 0);
    assert.ok((times.at(-1) ?? 0) - (times[0] ?? 0) > 1_500, "25 frames at 10 a second take their time");
  },
);

test("a video that is not to be repeated leaves the camera idle at its end", needsFfmpeg, async (t) => {
  const path = clip("short.mp4", ["-f", "lavfi", "-i", "testsrc2=size=320x240:rate=10:duration=0.5"]);
  const { says, status } = open(t, [cameraConfig("clip", { kind: "file", path }, { loop: false })]);
  await says("clip", "short.mp4 was played to its end");
  assert.equal(status("clip").state, State.IDLE);
});

test(
  "videos that cannot be played are each named with what is wrong, and tried again",
  needsFfmpeg,
  async (t) => {
    const sound = clip("sound.mp4", ["-f", "lavfi", "-i", "sine=duration=1"]);
    const text = join(folder, "text.mp4");
    await writeFile(text, "this is not a video\n".repeat(100));
    const { says, status } = open(t, [
      cameraConfig("sound", { kind: "file", path: sound }),
      cameraConfig("text", { kind: "file", path: text }),
      cameraConfig("gone", { kind: "file", path: join(folder, "gone.mp4") }),
      cameraConfig("webcam", { kind: "webcam", device: "/dev/video-that-is-not-there" }),
    ]);
    await says("sound", "sound.mp4 has no video stream: choose a file or address with video");
    await says("text", "text.mp4 is not a video that can be read: is the file whole and really a video?");
    await says("gone", "gone.mp4 does not exist: check the path in show.yaml");
    await says("webcam", /^there is no webcam at .*: plug it in|^webcam: reads V4L2/);
    assert.equal(status("sound").state, State.LOST);
    await until("it was tried again", () => status("sound").attempts >= 2, WITHIN_MS);
  },
);

test("without ffmpeg the camera says what to install, and the others go on", async (t) => {
  const camera = await FakeMjpegCamera.listen({ pictures: await walkingPictures(10) });
  t.after(() => camera.close());
  const { says, sees } = open(
    t,
    [
      cameraConfig("clip", { kind: "file", path: join(folder, "any.mp4") }),
      cameraConfig("net", { kind: "mjpeg", url: camera.url }),
    ],
    { ffmpeg: join(folder, "no-such-ffmpeg") },
  );
  await says("clip", FFMPEG_MISSING);
  await sees("net", State.LIVE);
});

test("a decoder that hangs is noticed within a second and replaced", needsFfmpeg, async (t) => {
  const path = movingClip();
  const { sees, status, cameras } = open(t, [cameraConfig("clip", { kind: "file", path })]);
  await sees("clip", State.LIVE);
  const [decoder] = decodersOf(path);
  assert.ok(decoder);
  process.kill(decoder, "SIGSTOP");
  await sees("clip", State.LOST);
  assert.match(status("clip").detail, /^no picture has come for 0\.[89] s$|^no picture has come for/);
  await sees("clip", State.LIVE);
  await until("the hung decoder is gone", () => !decodersOf(path).includes(decoder), WITHIN_MS);
  await cameras.close();
  assert.deepEqual(decodersOf(path), []);
});

test("a decoder that is killed is replaced", needsFfmpeg, async (t) => {
  const path = movingClip();
  const { sees, says, status } = open(t, [cameraConfig("clip", { kind: "file", path })]);
  await sees("clip", State.LIVE);
  const [decoder] = decodersOf(path);
  assert.ok(decoder);
  process.kill(decoder, "SIGKILL");
  await says("clip", /^the decoder of moving\.mp4 was ended by SIGKILL/);
  await sees("clip", State.LIVE);
  assert.equal(status("clip").attempts, 2);
});

test(
  "an RTSP camera is watched, its password stays out of the process list and of every report",
  needsFfmpeg,
  async (t) => {
    const credentials = { user: "stage", password: "s3cret-pass" };
    const camera = await FakeRtspCamera.listen({ pictures: await walkingPictures(20), credentials });
    t.after(() => camera.close());
    const { sees, status, frames, sink } = open(t, [cameraConfig("net", { kind: "rtsp", url: camera.url })]);
    await sees("net", State.LIVE);
    await frames("net", 3);
    assert.deepEqual([sink.published[0]?.header.width, sink.published[0]?.header.height], [320, 240]);
    assert.doesNotMatch(execFileSync("ps", ["-eo", "args"]).toString(), /s3cret-pass/);
    camera.stall();
    await sees("net", State.LOST);
    camera.resume();
    await sees("net", State.LIVE);
    camera.cut();
    await sees("net", State.LOST);
    await sees("net", State.LIVE);
    assert.doesNotMatch(JSON.stringify(sink.reports), /s3cret-pass/);
    assert.match(status("net").source, /^rtsp:\/\/\*\*\*@127\.0\.0\.1:/);
  },
);

test("an RTSP camera that refuses the password, or is not there, is said to", needsFfmpeg, async (t) => {
  const camera = await FakeRtspCamera.listen({
    pictures: await walkingPictures(2),
    credentials: { user: "stage", password: "right" },
  });
  t.after(() => camera.close());
  const { says } = open(t, [
    cameraConfig("wrong", { kind: "rtsp", url: `rtsp://stage:wrong@127.0.0.1:${camera.port}/live` }),
    cameraConfig("gone", { kind: "rtsp", url: "rtsp://127.0.0.1:1/live" }),
  ]);
  await says("wrong", /refuses the user name or password/);
  await says("gone", "rtsp://127.0.0.1:1/live does not answer: is the camera on, and is the address right?");
});
