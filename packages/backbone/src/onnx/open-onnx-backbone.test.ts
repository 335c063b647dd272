import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import type { Picture } from "@followspot/dataset";
import { UserError } from "@followspot/domain";
import { encodeOnnx, type OnnxModel } from "../testdata/onnx-model.ts";
import { loadOnnxRuntime, type OnnxRuntime } from "./load-onnx-runtime.ts";
import type { OnnxBackbone } from "./onnx-backbone.ts";
import { type OnnxBackboneOptions, openOnnxBackbone } from "./open-onnx-backbone.ts";

/** The library takes 290 MB and is not among the dependencies; this names a copy elsewhere. */
const SPECIFIER = process.env["FOLLOWSPOT_TEST_ONNXRUNTIME"];

const runtime: OnnxRuntime | undefined = await loadOnnxRuntime(SPECIFIER).catch(() => undefined);
const skip = runtime ? false : "onnxruntime-node is not installed: npm install onnxruntime-node";

const AS_IT_IS: OnnxModel["nodes"] = [{ kind: "Identity", inputs: ["x"], output: "y" }];

test("where the runtime is not installed, one sentence says how to install it", async () => {
  await assert.rejects(loadOnnxRuntime("followspot-no-such-library"), (error) => {
    assert.ok(error instanceof UserError);
    assert.equal(
      error.message,
      "onnxruntime-node, which runs ONNX networks, is not installed: install it with: npm install onnxruntime-node",
    );
    return true;
  });
});

test("a file that is not there is named before the runtime is looked for", async () => {
  await assert.rejects(
    openOnnxBackbone("/no/such.onnx"),
    /^UserError: \/no\/such.onnx: there is no such network/,
  );
});

suite("with the runtime", { skip }, () => {
  let folder = "";
  const opened: OnnxBackbone[] = [];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "followspot-onnx-"));
  });

  after(async () => {
    for (const backbone of opened) await backbone.close();
    await rm(folder, { recursive: true });
  });

  async function open(
    model: OnnxModel | Uint8Array,
    options: OnnxBackboneOptions = {},
  ): Promise<OnnxBackbone> {
    const path = join(folder, `${opened.length}.onnx`);
    await writeFile(path, model instanceof Uint8Array ? model : encodeOnnx(model));
    const backbone = await openOnnxBackbone(path, { ...options, ...(runtime && { runtime }) });
    opened.push(backbone);
    return backbone;
  }

  test("a map is averaged over space, whichever way its channels lie and however large the picture is", async () => {
    const picture = plain(40, 30, [255, 51, 102]);
    for (const dims of [
      [1, 3, 32, 48],
      [1, 32, 48, 3],
      ["batch", 3, "height", "width"],
    ]) {
      const backbone = await open(
        {
          inputs: [{ name: "x", dims }],
          outputs: [{ name: "y", dims: ["a", "b", "c", "d"] }],
          nodes: AS_IT_IS,
        },
        { pixels: "shares" },
      );
      assert.ok(backbone.canEmbed && !backbone.canPropose);
      assertNear(await backbone.embed(picture), unit([1, 0.2, 0.4]));
    }
  });

  test("a vector is taken as it is, and the usual pixels are less the mean of ImageNet", async () => {
    const backbone = await open({
      inputs: [{ name: "x", dims: [1, 3, 16, 16] }],
      outputs: [{ name: "y", dims: [1, 3] }],
      nodes: [
        { kind: "GlobalAveragePool", inputs: ["x"], output: "pool" },
        { kind: "Flatten", inputs: ["pool"], output: "y" },
      ],
    });
    const expected = [(1 - 0.485) / 0.229, (0 - 0.456) / 0.224, (0 - 0.406) / 0.225];
    assertNear(await backbone.embed(plain(20, 20, [255, 0, 0])), unit(expected));
  });

  test("several maps are brought to one length before they are laid side by side", async () => {
    const backbone = await open(
      {
        inputs: [{ name: "x", dims: [1, 3, 16, 16] }],
        outputs: [
          { name: "y", dims: [1, 3, 16, 16] },
          { name: "z", dims: [1, 3, 16, 16] },
        ],
        nodes: [...AS_IT_IS, { kind: "Mul", inputs: ["x", "hundred"], output: "z" }],
        constants: [{ name: "hundred", dims: [1], values: [100] }],
      },
      { pixels: "bytes" },
    );
    const half = unit([1, 2, 2]).map((value) => value * Math.SQRT1_2);
    assertNear(await backbone.embed(plain(16, 16, [60, 120, 120])), [...half, ...half]);
  });

  test("a network that takes bytes is given bytes, and only what is in the box", async () => {
    const backbone = await open({
      inputs: [{ name: "x", dims: [1, 16, 16, 3], type: "uint8" }],
      outputs: [{ name: "y", dims: [1, 16, 16, 3] }],
      nodes: [{ kind: "Cast", inputs: ["x"], output: "y", attributes: { to: 1 } }],
    });
    const picture = plain(60, 40, [0, 0, 200]);
    for (let y = 5; y < 35; y++) {
      for (let x = 20; x < 50; x++) picture.rgb.set([30, 40, 0], (y * 60 + x) * 3);
    }
    const box = { left: 25, top: 10, width: 20, height: 20 };
    assertNear(await backbone.embed(picture, box), [0.6, 0.8, 0]);
  });

  test("a detector of grids proposes by objectness, in pixels of the picture, without overlaps", async () => {
    const places = 64 + 16 + 4;
    const rows = Array.from({ length: places }, () => [0, 0, 0, 0, 0, 0, 0.9]);
    // Place 18 of the finest grid is column 2, row 2; 19 is the same box again, half a pixel to the side.
    rows[18] = [0.5, 0.5, Math.log(2), Math.log(2), 0.8, 0.1, 0.1];
    rows[19] = [-0.44, 0.5, Math.log(2), Math.log(2), 0.7, 0.1, 0.9];
    rows[64 + 10] = [0.5, 0.5, Math.log(0.5), Math.log(1), 0.6, 0.9, 0];
    const backbone = await open(gridModel(rows));
    assert.ok(backbone.canPropose && backbone.canEmbed);
    // The network's 64 x 64 pixels show 128 x 64: it is half as large, and the lower half is empty.
    const found = async (picture: Picture): Promise<number[][]> =>
      (await backbone.propose(picture)).map(({ box, score }) => [
        ...[box.left, box.top, box.width, box.height].map(Math.round),
        Number(score.toFixed(3)),
      ]);
    assert.deepEqual(await found(plain(128, 64, [10, 20, 30])), [[24, 24, 32, 32, 0.8]]);
    assert.deepEqual(await found(plain(64, 64, [10, 20, 30])), [
      [12, 12, 16, 16, 0.8],
      [36, 32, 8, 16, 0.6],
    ]);
    assert.equal((await backbone.propose(plain(64, 64, [0, 0, 0]), 1)).length, 1);
  });

  test("a detector of grids whose boxes are final says the same", async () => {
    const rows = Array.from({ length: 84 }, (_, at) => [at, at, 1, 1, 0, 0, 0]);
    rows[18] = [20, 20, 16, 16, 0.8, 0.1, 0.1];
    const backbone = await open(gridModel(rows));
    const [best] = await backbone.propose(plain(64, 64, [0, 0, 0]));
    assert.deepEqual(best?.box, { left: 12, top: 12, width: 16, height: 16 });
  });

  test("a detector of boxes and scores is understood, in pixels and in shares, with classes and without", async () => {
    const pixels = [8, 16, 40, 48, 9, 16, 40, 48, 0, 0, 16, 16];
    for (const { boxes, scores, scoreDims } of [
      { boxes: pixels, scores: [0.9, 0.8, 0.3], scoreDims: [3] },
      { boxes: pixels.map((side) => side / 64), scores: [0.9, 0.8, 0.3], scoreDims: [1, 3] },
      { boxes: pixels, scores: [0.1, 0.9, 0.8, 0, 0.3, 0.2], scoreDims: [1, 3, 2] },
      { boxes: pixels, scores: [0.1, 0.8, 0.3, 0.9, 0, 0.2], scoreDims: [1, 2, 3] },
    ]) {
      const backbone = await open({
        inputs: [{ name: "x", dims: [1, 3, 64, 64] }],
        outputs: [
          { name: "boxes", dims: [1, 3, 4] },
          { name: "scores", dims: scoreDims },
        ],
        nodes: [
          { kind: "Identity", inputs: ["b"], output: "boxes" },
          { kind: "Identity", inputs: ["s"], output: "scores" },
        ],
        constants: [
          { name: "b", dims: [1, 3, 4], values: boxes },
          { name: "s", dims: scoreDims, values: scores },
        ],
      });
      const proposals = await backbone.propose(plain(32, 32, [9, 9, 9]));
      assert.deepEqual(
        proposals.map(({ box }) => box),
        [
          { left: 4, top: 8, width: 16, height: 16 },
          { left: 0, top: 0, width: 8, height: 8 },
        ],
      );
      assert.ok(Math.abs((proposals[0]?.score ?? 0) - 0.9) < 1e-6);
      await assert.rejects(backbone.embed(plain(16, 16, [0, 0, 0])), /answers boxes only/);
    }
  });

  test("what is no such network is refused in one sentence that names the file", async () => {
    const y = [{ name: "y", dims: ["a", "b", "c", "d"] }];
    const cases: readonly (readonly [model: OnnxModel | Uint8Array, message: RegExp])[] = [
      [Buffer.from("not a network"), /this is no ONNX network that can be run/],
      [encodeOnnx({ inputs: [], outputs: [], nodes: [] }).subarray(0, 20), /this is no ONNX network/],
      [{ inputs: [{ name: "x", dims: [1, 1, 32, 32] }], outputs: y, nodes: AS_IT_IS }, /takes 1 channels/],
      [
        { inputs: [{ name: "x", dims: [4, 3, 32, 32] }], outputs: y, nodes: AS_IT_IS },
        /takes 4 pictures at a time/,
      ],
      [
        { inputs: [{ name: "x", dims: [1, 3, 8, 8] }], outputs: y, nodes: AS_IT_IS },
        /takes pictures of 8 x 8 pixels/,
      ],
      [
        { inputs: [{ name: "x", dims: [1, 3] }], outputs: [{ name: "y", dims: [1, 3] }], nodes: AS_IT_IS },
        /takes 2 dimensions/,
      ],
      [
        {
          inputs: [
            { name: "x", dims: [1, 3, 32, 32] },
            { name: "z", dims: [1, 3, 32, 32] },
          ],
          outputs: y,
          nodes: [{ kind: "Add", inputs: ["x", "z"], output: "y" }],
        },
        /has 2 inputs/,
      ],
      [
        {
          inputs: [{ name: "x", dims: [1, 3, 32, 32] }],
          outputs: [{ name: "y", dims: [4], type: "float32" }],
          nodes: [{ kind: "Identity", inputs: ["c"], output: "y" }],
          constants: [{ name: "c", dims: [4], values: [1, 2, 3, 4] }],
        },
        /answers neither features nor boxes/,
      ],
    ];
    for (const [model, message] of cases) {
      await assert.rejects(open(model), (error) => {
        assert.ok(error instanceof UserError, String(error));
        assert.match(error.message, message);
        assert.match(error.message, /^\/[^\n]*\.onnx: [^\n]+$/);
        return true;
      });
    }
  });
});

function gridModel(rows: readonly (readonly number[])[]): OnnxModel {
  const columns = rows[0]?.length ?? 0;
  return {
    inputs: [{ name: "x", dims: [1, 3, 64, 64] }],
    outputs: [
      { name: "found", dims: [1, rows.length, columns] },
      { name: "y", dims: [1, 3, 64, 64] },
    ],
    nodes: [...AS_IT_IS, { kind: "Identity", inputs: ["rows"], output: "found" }],
    constants: [{ name: "rows", dims: [1, rows.length, columns], values: rows.flat() }],
  };
}

function plain(width: number, height: number, colour: readonly [number, number, number]): Picture {
  return {
    width,
    height,
    rgb: Uint8Array.from({ length: width * height * 3 }, (_, at) => colour[at % 3] ?? 0),
  };
}

function unit(vector: readonly number[]): number[] {
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

function assertNear(actual: Float32Array, expected: readonly number[]): void {
  assert.equal(actual.length, expected.length);
  for (const [at, value] of expected.entries()) {
    assert.ok(
      Math.abs((actual[at] as number) - value) < 1e-4,
      `${[...actual].join(", ")} is not ${expected.join(", ")}`,
    );
  }
}
