import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { framed } from "./message-frame.ts";
import { GrpcStatusError } from "./grpc-status-error.ts";
import { MessageReader } from "./message-reader.ts";

test("messages are the same however the stream was cut", () => {
  const message = fc.uint8Array({ maxLength: 40 });
  fc.assert(
    fc.property(
      fc.array(message, { maxLength: 5 }),
      fc.array(fc.integer({ min: 1, max: 60 })),
      (sent, cuts) => {
        const stream = Buffer.concat(sent.flatMap(framed));
        const reader = new MessageReader(1_000);
        const received: Buffer[] = [];
        let at = 0;
        for (const cut of [...cuts, stream.length]) {
          received.push(...reader.push(stream.subarray(at, at + cut)));
          at = Math.min(stream.length, at + cut);
        }
        assert.deepEqual(
          received.map((one) => [...one]),
          sent.map((one) => [...one]),
        );
        assert.equal(reader.pending, false);
      },
    ),
  );
});

test("a message over the limit is refused by its head, before it came", () => {
  const [head = Buffer.alloc(0)] = framed(new Uint8Array(1_001));
  assert.throws(() => new MessageReader(1_000).push(head), {
    name: "GrpcStatusError",
    message: /Received message larger than max \(1001 vs 1000\)/,
  });
});

test("a compressed message is refused, and half a message is pending", () => {
  assert.throws(() => new MessageReader(10).push(Buffer.from([1, 0, 0, 0, 0])), GrpcStatusError);
  const reader = new MessageReader(10);
  assert.deepEqual(reader.push(Buffer.from([0, 0, 0, 0, 4, 1, 2])), []);
  assert.equal(reader.pending, true);
});
