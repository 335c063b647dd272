import assert from "node:assert/strict";
import { test } from "node:test";
import { UserError } from "@followspot/domain";
import sharp from "sharp";
import { thumbnail } from "./thumbnail.ts";

/** Left half red, right half blue. */
function halves(width = 400, height = 200) {
  const rgb = new Uint8Array(width * height * 3);
  for (let at = 0; at < width * height; at++) rgb[at * 3 + (at % width < width / 2 ? 0 : 2)] = 255;
  return { rgb, width, height };
}

async function shown(uri: string) {
  assert.match(uri, /^data:image\/jpeg;base64,[A-Za-z0-9+/]+=*$/);
  const jpeg = Buffer.from(uri.slice(uri.indexOf(",") + 1), "base64");
  const metadata = await sharp(jpeg).metadata();
  const { data } = await sharp(jpeg).raw().toBuffer({ resolveWithObject: true });
  const pixel = (x: number, y: number) =>
    Array.from(data.subarray((y * metadata.width + x) * 3, (y * metadata.width + x) * 3 + 3));
  return { ...metadata, pixel };
}

test("a picture is shown whole, at most 160 pixels a side, without its metadata", async () => {
  const { rgb, width, height } = halves();
  const file = await sharp(rgb, { raw: { width, height, channels: 3 } })
    .withExif({ IFD0: { Copyright: "secret" } })
    .jpeg()
    .toBuffer();
  for (const picture of [{ rgb, width, height }, file]) {
    const small = await shown(await thumbnail(picture, { side: 1_000 }));
    assert.deepEqual([small.width, small.height, small.exif], [160, 80, undefined]);
    assert.ok((small.pixel(20, 40)[0] ?? 0) > 200 && (small.pixel(140, 40)[2] ?? 0) > 200);
  }
});

test("a small picture is not blown up", async () => {
  const small = await shown(await thumbnail(halves(40, 20)));
  assert.deepEqual([small.width, small.height], [40, 20]);
});

test("a picture that its camera held sideways is shown upright", async () => {
  const { rgb, width, height } = halves();
  const file = await sharp(rgb, { raw: { width, height, channels: 3 } })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer();
  const small = await shown(await thumbnail(file));
  assert.deepEqual([small.width, small.height], [80, 160]);
  assert.ok((small.pixel(40, 20)[0] ?? 0) > 200, "the left half is above now");
});

test("a crop is cut out of the pixels of the upright picture, even where it reaches beyond", async () => {
  const { rgb, width, height } = halves();
  const file = await sharp(rgb, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
  for (const picture of [{ rgb, width, height }, file]) {
    const crop = { left: 300, top: -50, width: 500, height: 150 };
    const small = await shown(await thumbnail(picture, { crop }));
    assert.deepEqual([small.width, small.height], [100, 100]);
    assert.ok((small.pixel(50, 50)[2] ?? 0) > 200);
  }
});

test("a box is framed where it is, in the file's pixels and in the crop's", async () => {
  const { rgb, width, height } = halves();
  const file = await sharp(rgb, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
  const box = { left: 250, top: 50, width: 100, height: 100 };
  for (const picture of [{ rgb, width, height }, file]) {
    const whole = await shown(await thumbnail(picture, { box }));
    assert.ok((whole.pixel(100, 40)[1] ?? 0) > 90, `on the line: ${whole.pixel(100, 40).join()}`);
    assert.ok((whole.pixel(120, 40)[1] ?? 0) < 60, `inside: ${whole.pixel(120, 40).join()}`);
    const cut = await shown(
      await thumbnail(picture, { box, crop: { left: 200, top: 0, width: 200, height: 200 } }),
    );
    assert.ok((cut.pixel(40, 80)[1] ?? 0) > 90, `on the line of the crop: ${cut.pixel(40, 80).join()}`);
  }
});

test("grey and transparent pictures are shown too", async () => {
  const grey = await sharp({ create: { width: 50, height: 40, channels: 3, background: "#777" } })
    .toColourspace("b-w")
    .png()
    .toBuffer();
  assert.equal((await shown(await thumbnail(grey))).width, 50);
  const clear = await sharp({
    create: { width: 50, height: 40, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } },
  })
    .png()
    .toBuffer();
  assert.ok(Math.abs(((await shown(await thumbnail(clear))).pixel(9, 9)[0] ?? 0) - 128) < 4);
});

test("what is no picture is refused in a sentence", async () => {
  await assert.rejects(thumbnail(Buffer.from("no picture")), (error) => {
    assert.ok(error instanceof UserError);
    assert.match(error.message, /^the picture cannot be shown small/);
    return true;
  });
});
