import assert from "node:assert/strict";
import { test } from "node:test";
import { toBinary } from "@bufbuild/protobuf";
import { ModelInferRequestSchema } from "@followspot/schema/inference/grpc_service";
import fc from "fast-check";
import { inferRequest } from "./infer-messages.ts";
import { serializeInferRequest } from "./infer-request-wire.ts";

test("requests are, byte for byte, what the general encoder makes of them", () => {
  const size = fc.oneof(fc.nat(300), fc.constantFrom(127, 128, 16_383, 16_384, 70_000));
  fc.assert(
    fc.property(fc.array(size, { maxLength: 4 }), fc.string(), (sizes, id) => {
      const request = inferRequest({
        model: "understudy",
        id,
        inputs: sizes.map((length, index) => ({
          name: `input ${index}`,
          datatype: "BYTES",
          shape: [1],
          raw: new Uint8Array(length).fill(index + 1),
        })),
        outputs: ["score"],
        parameters: { flag: true, text: "x", number: 7n },
      });
      assert.deepEqual(
        serializeInferRequest(request),
        Buffer.from(toBinary(ModelInferRequestSchema, request)),
      );
      assert.equal(request.rawInputContents.length, sizes.length);
    }),
  );
});
