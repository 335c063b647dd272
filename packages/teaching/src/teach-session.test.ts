import assert from "node:assert/strict";
import { test } from "node:test";
import type { Box, Picture } from "@followspot/dataset";
import type { Refusal } from "./refusal.ts";
import { TeachSession } from "./teach-session.ts";
import { boxOf, drawStage, HEIGHT, type Newcomer, WIDTH } from "./testdata/newcomer.ts";

let seed = 0;

function frame(picture: Picture) {
  return { jpeg: new Uint8Array(), picture, takenAtMs: 0 };
}

function look(session: TeachSession, newcomers: readonly Newcomer[], light = 1) {
  return session.offer(frame(drawStage(newcomers, { light, seed: ++seed })));
}

function ready(options: ConstructorParameters<typeof TeachSession>[0] = {}): TeachSession {
  const session = new TeachSession({ emptyFrames: 2, ...options });
  look(session, []);
  look(session, []);
  assert.equal(session.state.phase, "collecting");
  return session;
}

function overlap(a: Box, b: Box): number {
  const width = Math.min(a.left + a.width, b.left + b.width) - Math.max(a.left, b.left);
  const height = Math.min(a.top + a.height, b.top + b.height) - Math.max(a.top, b.top);
  const shared = Math.max(0, width) * Math.max(0, height);
  return shared / (a.width * a.height + b.width * b.height - shared);
}

const PUPPET: Newcomer = { x: WIDTH / 2, y: HEIGHT * 0.9, tall: 110, turned: 0 };

test("a puppet that is turned is kept from all sides, in its box, until there is enough", () => {
  const session = ready({ pictures: 5 });
  for (let step = 0; session.state.phase === "collecting"; step++) {
    assert.ok(step < 30, JSON.stringify(session.state));
    const turned = { ...PUPPET, turned: step * 0.4, x: 130 + step * 4 };
    const offered = look(session, [turned]);
    if (offered.kept) assert.ok(overlap(offered.box, boxOf(turned)) > 0.75, `frame ${step}`);
  }
  const { pictures, empty } = session.finish();
  assert.equal(pictures.length, 5);
  assert.ok(empty);
  const after = look(session, [PUPPET]);
  assert.deepEqual([after.kept, session.state.kept], [false, 5]);
});

test("a puppet that stands still is kept once, and the person is told to turn it", () => {
  const session = ready();
  assert.equal(look(session, [PUPPET]).kept, true);
  for (let again = 0; again < 5; again++) assert.equal(refusal(look(session, [PUPPET])), "alike");
  assert.deepEqual([session.state.kept, session.state.refused.alike], [1, 5]);
});

test("also where it trembles in the hand, it is the same picture", () => {
  const session = ready();
  look(session, [PUPPET]);
  for (let again = 1; again <= 6; again++) {
    const trembling = { ...PUPPET, x: PUPPET.x + (again % 3) * 2, tall: PUPPET.tall + (again % 4) };
    assert.equal(refusal(look(session, [trembling])), "alike", `time ${again}`);
  }
});

test("each sixth of a turn is another picture; so are nearby, far off, and another light", () => {
  const session = ready({ pictures: 20 });
  for (let turned = 0; turned < 6; turned++) {
    assert.equal(look(session, [{ ...PUPPET, turned }]).kept, true, `turned by ${turned}`);
  }
  assert.equal(look(session, [{ ...PUPPET, tall: 70 }]).kept, true, "far off");
  assert.equal(look(session, [PUPPET], 0.6).kept, true, "in another light");
  assert.equal(refusal(look(session, [PUPPET], 0.6)), "alike");
});

const REFUSED: readonly [Refusal, readonly Newcomer[], number?][] = [
  ["empty", []],
  ["dark", [PUPPET], 0.01],
  ["too-small", [{ ...PUPPET, tall: 44 }]],
  ["too-large", [{ ...PUPPET, tall: 330, y: HEIGHT + 60 }]],
  ["half-outside", [{ ...PUPPET, x: 20 }]],
  ["half-outside", [{ ...PUPPET, y: 60 }]],
  [
    "several",
    [
      { ...PUPPET, x: 80 },
      { ...PUPPET, x: 240, turned: 2 },
    ],
  ],
];

for (const [reason, newcomers, light] of REFUSED) {
  test(`a frame that is ${reason} is refused, with what to do`, () => {
    const session = ready();
    const offered = look(session, newcomers, light);
    assert.equal(refusal(offered), reason);
    assert.ok(!offered.kept && offered.detail.length > 10);
    assert.equal(session.state.refused[reason], 1);
  });
}

test("a blurred picture is refused once a sharp one was seen, also if it came first", () => {
  const session = ready();
  assert.equal(look(session, [{ ...PUPPET, blur: 5 }]).kept, true);
  assert.equal(look(session, [{ ...PUPPET, turned: 1 }]).kept, true);
  assert.equal(session.state.kept, 1, "the blurred one is not kept any more");
  assert.equal(refusal(look(session, [{ ...PUPPET, turned: 2.5, blur: 5 }])), "blurred");
  assert.equal(session.state.refused.blurred, 2);
});

test("a cue of the light is no puppet, and the puppet is kept in the new light", () => {
  const session = ready();
  assert.equal(refusal(look(session, [], 0.5)), "light-changed");
  assert.equal(refusal(look(session, [], 0.5)), "empty");
  assert.equal(look(session, [PUPPET], 0.5).kept, true);
});

test("while somebody still moves about, the stage does not count as empty", () => {
  const session = new TeachSession({ emptyFrames: 2 });
  look(session, [PUPPET]);
  assert.equal(refusal(look(session, [{ ...PUPPET, x: 70 }])), "not-empty");
  look(session, []);
  look(session, []);
  look(session, []);
  assert.equal(session.state.phase, "collecting");
  assert.equal(look(session, [PUPPET]).kept, true);
});

test("starting over looks at the empty stage again and keeps what was kept", () => {
  const session = ready();
  look(session, [PUPPET]);
  session.start();
  assert.deepEqual([session.state.phase, session.state.kept], ["empty-stage", 1]);
});

function refusal(offered: ReturnType<TeachSession["offer"]>): Refusal | "kept" | undefined {
  return offered.kept ? "kept" : offered.reason;
}
