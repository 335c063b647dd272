import assert from "node:assert/strict";
import { test } from "node:test";
import { toBinary } from "@bufbuild/protobuf";
import { ModelInferRequestSchema } from "@followspot/schema/inference/grpc_service";
import fc from "fast-check";
import { type InferRequestParts, inferRequest } from "./infer-messages.ts";
import { scoresParts } from "./scores-request.ts";
import { inferBody } from "./infer-body.ts";
import { FRAME_HEAD_BYTES } from "./grpc/message-reader.ts";

test("requests are, byte for byte, what the general encoder makes of them", () => {
  const size = fc.oneof(fc.nat(300), fc.constantFrom(127, 128, 16_383, 16_384, 70_000));
  fc.assert(
    fc.property(fc.array(size, { maxLength: 4 }), fc.string(), (sizes, id) => {
      const parts: InferRequestParts = {
        model: "understudy",
        id,
        inputs: sizes.map((length, index) => ({
          name: `input ${index}`,
          datatype: "BYTES",
          shape: [1],
          raw: index % 2 ? [new Uint8Array(4), new Uint8Array(length).fill(index)] : new Uint8Array(length),
        })),
        outputs: ["score"],
        parameters: { flag: true, text: "x", number: 7n },
      };
      const request = inferRequest(parts);
      const expected = Buffer.from(toBinary(ModelInferRequestSchema, request));
      for (const sent of [parts, request]) {
        const body = Buffer.concat(inferBody(sent));
        assert.equal(body[0], 0, "not compressed");
        assert.equal(body.readUInt32BE(1), expected.length);
        assert.deepEqual(body.subarray(FRAME_HEAD_BYTES), expected);
      }
      assert.equal(request.rawInputContents.length, sizes.length);
    }),
  );
});

test("a picture is not copied", () => {
  const jpeg = new Uint8Array(100_000);
  const body = inferBody(scoresParts({ model: "m", id: "1", jpeg, labels: ["wolf"] }));
  assert.equal(body.filter((piece) => piece === jpeg).length, 1);
  assert.equal(body.length, 3, "and what stands before and behind it is in one piece each");
});
