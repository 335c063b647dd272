import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { until } from "@followspot/testkit";
import sharp from "sharp";
import { State } from "../camera-state.ts";
import { cameraConfig, openCameras } from "../testing/open-cameras.ts";
import { stagePicture } from "../testing/test-pictures.ts";

async function show(context: TestContext, files: Record<string, Uint8Array | string>, loop: boolean) {
  const path = await mkdtemp(join(tmpdir(), "followspot-folder-"));
  for (const [name, content] of Object.entries(files)) await writeFile(join(path, name), content);
  const opened = openCameras([
    cameraConfig("stills", { kind: "folder", path }, { loop, fps: 20, floorFps: 20 }),
  ]);
  context.after(async () => {
    await opened.cameras.close();
    await rm(path, { recursive: true });
  });
  opened.cameras.start();
  return { ...opened, status: () => opened.cameras.get("stills")?.status() ?? assert.fail() };
}

test("the pictures of a folder come in the order of their names, whatever their format", async (t) => {
  const jpeg = await stagePicture(0, { width: 160, height: 120 });
  const png = await sharp(await stagePicture(1, { width: 320, height: 240 }))
    .png()
    .toBuffer();
  const { sink, status } = await show(t, { "10.png": png, "9.jpg": jpeg, "notes.md": "no picture" }, false);
  await until("it is over", () => status().state === State.IDLE);
  await until("both are through", () => sink.published.length === 2);
  assert.match(status().detail, /were shown to the last$/);
  assert.deepEqual(
    sink.published.map(({ header }) => header.sourceWidth),
    [160, 320],
  );
});

test("a text named .jpg is named and counted, the other pictures are shown", async (t) => {
  const { sink, status } = await show(t, { "a.jpg": "hello", "b.jpg": await stagePicture(0) }, true);
  await until(
    "it is said",
    () => status().detail === "a.jpg: this is text, not a picture: send JPEG, PNG or WebP",
  );
  await until("the good one came", () => sink.published.length > 0);
  assert.ok((status().dropped["not-a-picture"] ?? 0) > 0);
});

test("a folder without pictures, or none at all, is said to be so", async (t) => {
  const { status } = await show(t, { "notes.md": "hello" }, true);
  await until("it is said", () =>
    /has no picture: put .jpg, .png or .webp files there$/.test(status().detail),
  );
  const { cameras } = openCameras([cameraConfig("gone", { kind: "folder", path: "/nowhere/at/all" })]);
  t.after(() => cameras.close());
  cameras.start();
  await until("it is said", () =>
    cameras.get("gone")?.status().detail.includes("/nowhere/at/all does not exist"),
  );
});
