import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { MultipartBroken, MultipartPictures } from "./multipart-pictures.ts";

function parse(stream: Uint8Array, cuts: readonly number[] = [], maxPictureBytes = 100_000): Buffer[] {
  const pictures: Buffer[] = [];
  const parser = new MultipartPictures({ maxPictureBytes, onPicture: (bytes) => pictures.push(bytes) });
  const places = [...new Set([0, ...cuts.map((cut) => cut % (stream.length + 1)), stream.length])].sort(
    (a, b) => a - b,
  );
  for (const [index, from] of places.entries()) parser.push(stream.subarray(from, places[index + 1] ?? from));
  return pictures;
}

function part(body: Uint8Array, { length = true, eol = "\r\n", type = "image/jpeg" } = {}): Buffer {
  const fields = [`--b`, `Content-Type: ${type}`, ...(length ? [`Content-Length: ${body.length}`] : [])];
  return Buffer.concat([Buffer.from(fields.join(eol) + eol + eol), body, Buffer.from(eol)]);
}

const body = fc.uint8Array({ minLength: 1, maxLength: 3_000 });
const cuts = fc.array(fc.nat(20_000), { maxLength: 30 });

test("pictures with a length come out as they went in, however the network cuts the stream", () => {
  fc.assert(
    fc.property(fc.array(body, { minLength: 1, maxLength: 8 }), cuts, (bodies, places) => {
      const stream = Buffer.concat([...bodies.map((bytes) => part(bytes)), Buffer.from("--b\r\n")]);
      assert.deepEqual(
        parse(stream, places),
        bodies.map((bytes) => Buffer.from(bytes)),
      );
    }),
  );
});

test("pictures without a length come out as they went in", () => {
  // Neither may a picture hold the delimiter, nor end in what belongs to it.
  const text = body.map((bytes) => bytes.map((byte) => (byte === 10 || byte === 13 ? 1 : byte)));
  fc.assert(
    fc.property(
      fc.array(text, { minLength: 1, maxLength: 8 }),
      cuts,
      fc.constantFrom("\r\n", "\n"),
      (bodies, places, eol) => {
        const parts = bodies.map((bytes) => part(bytes, { length: false, eol }));
        const stream = Buffer.concat([...parts, Buffer.from(`--b${eol}`)]);
        assert.deepEqual(
          parse(stream, places),
          bodies.map((bytes) => Buffer.from(bytes)),
        );
      },
    ),
  );
});

test("a picture with a length is handed over as soon as its last byte is there", () => {
  const stream = part(Buffer.from("abc"));
  assert.deepEqual(parse(stream.subarray(0, stream.length - 2)), [Buffer.from("abc")]);
});

test("a wrong length is not believed: the next delimiter ends the picture", () => {
  const lying = Buffer.from("--b\r\nContent-Type: image/jpeg\r\nContent-Length: 2\r\n\r\nabcdef\r\n");
  assert.deepEqual(parse(Buffer.concat([lying, part(Buffer.from("next"))])), [
    Buffer.from("abcdef"),
    Buffer.from("next"),
  ]);
});

test("parts that are no pictures are left out", () => {
  const stream = Buffer.concat([
    part(Buffer.from("hello"), { type: "text/plain" }),
    part(Buffer.from("abc")),
  ]);
  assert.deepEqual(parse(stream), [Buffer.from("abc")]);
});

test("whatever comes, memory is bounded and nothing but MultipartBroken is thrown", () => {
  const garbage = fc.array(
    fc.oneof(
      body,
      fc
        .constantFrom("--b\r\n", "\r\n\r\n", "Content-Length: 5\r\n", "\n\n", "--", "\n--b")
        .map((text) => Buffer.from(text)),
    ),
    { maxLength: 40 },
  );
  fc.assert(
    fc.property(garbage, cuts, (chunks, places) => {
      try {
        for (const picture of parse(Buffer.concat(chunks), places, 2_000))
          assert.ok(picture.length <= 40_000);
      } catch (error) {
        assert.ok(error instanceof MultipartBroken, String(error));
      }
    }),
    { numRuns: 300 },
  );
});

test("a picture without an end is given up at the limit", () => {
  const parser = new MultipartPictures({ maxPictureBytes: 10_000, onPicture: () => {} });
  parser.push(Buffer.from("--b\r\nContent-Type: image/jpeg\r\n\r\n"));
  assert.throws(() => {
    for (let chunk = 0; chunk < 100; chunk += 1) parser.push(Buffer.alloc(1_000, 7));
  }, MultipartBroken);
});

test("endless headers are given up", () => {
  const parser = new MultipartPictures({ maxPictureBytes: 10_000, onPicture: () => {} });
  assert.throws(() => {
    parser.push(Buffer.from("--b\r\n"));
    for (let line = 0; line < 1_000; line += 1) parser.push(Buffer.from(`X-${line}: y\r\n`));
  }, MultipartBroken);
});
