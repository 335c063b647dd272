import assert from "node:assert/strict";
import { test } from "node:test";
import { Closer } from "./closer.ts";

function setUp() {
  const closed: string[] = [];
  const resource = (name: string, failure?: Error) => ({
    close: async () => {
      closed.push(name);
      if (failure) throw failure;
    },
  });
  return { closer: new Closer(), closed, resource };
}

test("what was opened last is closed first", async () => {
  const { closer, closed, resource } = setUp();
  closer.add("store", resource("store"));
  closer.add("consumer", resource("consumer"));
  await closer.close();
  assert.deepEqual(closed, ["consumer", "store"]);
});

test("a failure does not keep the others open, and all failures are told", async () => {
  const { closer, closed, resource } = setUp();
  closer.add("store", resource("store"));
  closer.add("broken", resource("broken", new Error("stuck")));
  await assert.rejects(closer.close(), (error) => {
    assert.ok(error instanceof AggregateError);
    assert.match(String(error.errors[0]), /could not close the broken/);
    return true;
  });
  assert.deepEqual(closed, ["broken", "store"]);
});

test("closing twice closes once", async () => {
  const { closer, closed, resource } = setUp();
  closer.add("store", resource("store"));
  await Promise.all([closer.close(), closer.close()]);
  assert.deepEqual(closed, ["store"]);
});

test("what is opened while closing is closed and refused", async () => {
  const { closer, closed, resource } = setUp();
  await closer.close();
  assert.throws(() => closer.add("late", resource("late", new Error("never mind"))), /opened the late while/);
  assert.deepEqual(closed, ["late"]);
});
