import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { decodeHeaders, encodeHeaders } from "./headers.ts";
import { ErrorCode, Http2Error } from "./http2-error.ts";

function decoded(hex: string): Record<string, string> {
  return Object.fromEntries(decodeHeaders(Buffer.from(hex.replaceAll(" ", ""), "hex")));
}

test("fields are those of RFC 7541, of every kind", () => {
  const customKey = { "custom-key": "custom-header" };
  assert.deepEqual(decoded("400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572"), customKey);
  assert.deepEqual(decoded("040c 2f73 616d 706c 652f 7061 7468"), { ":path": "/sample/path" });
  assert.deepEqual(decoded("1008 7061 7373 776f 7264 0673 6563 7265 74"), { password: "secret" });
  assert.deepEqual(decoded("82"), { ":method": "GET" });
  assert.deepEqual(decoded("8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff"), {
    ":method": "GET",
    ":scheme": "http",
    ":path": "/",
    ":authority": "www.example.com",
  });
  // What servers begin with once they have heard that our table has no room.
  assert.deepEqual(decoded("20 88"), { ":status": "200" });
});

test("of fields with the same name the first counts", () => {
  const block = encodeHeaders([
    ["grpc-status", "0"],
    ["grpc-status", "3"],
  ]);
  assert.deepEqual(Object.fromEntries(decodeHeaders(block)), { "grpc-status": "0" });
});

test("what is encoded is decoded to the same, however long it is", () => {
  const text = fc.string({ unit: "binary-ascii", maxLength: 400 });
  const name = text.map((one) => `x${one}`);
  fc.assert(
    fc.property(fc.uniqueArray(fc.tuple(name, text), { selector: ([one]) => one }), (fields) => {
      assert.deepEqual([...decodeHeaders(encodeHeaders(fields))], fields);
    }),
  );
  const long: [string, string][] = [["x", "y".repeat(100_000)]];
  assert.deepEqual([...decodeHeaders(encodeHeaders(long))], long);
});

test("a block that is cut off, points nowhere or asks for a table is refused", () => {
  const blocks = {
    "ends in a name": "400a 6375",
    "ends in a number": "7f80",
    "ends before the value": "4001 61",
    "field 0": "80",
    "field 62, which only a table would have": "be",
    "the name of field 62": "7f 00 01 61",
    "a table of 31 octets": "3f00",
    "a number without end": "7f 8080 8080 8080 8080 00",
    "a string of 268 million octets": "4001 61 7f80 8080 7f",
  };
  for (const [what, hex] of Object.entries(blocks)) {
    assert.throws(
      () => decoded(hex),
      (error) => error instanceof Http2Error && error.code === ErrorCode.compressionError,
      what,
    );
  }
});

test("any bytes are headers or refused, never anything else", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      try {
        decodeHeaders(Buffer.from(bytes));
      } catch (error) {
        assert.ok(error instanceof Http2Error, String(error));
      }
    }),
    { numRuns: 1_000 },
  );
});
