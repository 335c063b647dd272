import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Http2Error } from "./http2-error.ts";
import { decodeHuffman } from "./huffman.ts";

test("strings are those of RFC 7541", () => {
  const examples = {
    "www.example.com": "f1e3c2e5f23a6ba0ab90f4ff",
    "no-cache": "a8eb10649cbf",
    "custom-value": "25a849e95bb8e8b4bf",
    private: "aec3771a4b",
    "Mon, 21 Oct 2013 20:13:22 GMT": "d07abe941054d444a8200595040b8166e084a62d1bff",
    "foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1":
      "94e7821dd7f2e6c7b335dfdfcd5b3960d5af27087f3672c1ab270fb5291f9587316065c003ed4ee5b1063d5007",
  };
  for (const [text, hex] of Object.entries(examples))
    assert.equal(decodeHuffman(Buffer.from(hex, "hex")), text);
  // The longest codes: octets 0, 10, 255 with what fills up the last octet.
  assert.equal(decodeHuffman(Buffer.from("ffc7", "hex")), "\0");
  assert.equal(decodeHuffman(Buffer.from("fffffff3", "hex")), "\n");
  assert.equal(decodeHuffman(Buffer.from("fffffbbf", "hex")), "\xff");
});

test("a string that ends in the middle of a code, or with too much after the last one, is refused", () => {
  assert.equal(decodeHuffman(Buffer.from("1f", "hex")), "a");
  for (const hex of ["00", "1c", "ff", "ffffff", "fffffffc", "f1e3c2e5f23a6ba0ab90f4ffff"]) {
    assert.throws(() => decodeHuffman(Buffer.from(hex, "hex")), Http2Error, hex);
  }
  assert.throws(() => decodeHuffman(Buffer.from("ffffffff", "hex")), /its own end/);
});

test("any bytes are a string or refused, never anything else", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      try {
        assert.equal(typeof decodeHuffman(bytes), "string");
      } catch (error) {
        assert.ok(error instanceof Http2Error);
      }
    }),
  );
});
