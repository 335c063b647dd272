/** Writes small ONNX networks: just as much of the format as the tests need. Fields are numbered as in onnx.proto. */

export interface TensorShape {
  readonly name: string;
  /** A word leaves the side open. */
  readonly dims: readonly (number | string)[];
  readonly type?: "float32" | "uint8";
}

export interface Constant {
  readonly name: string;
  readonly dims: readonly number[];
  readonly values: readonly number[];
}

export interface Node {
  readonly kind: string;
  readonly inputs: readonly string[];
  readonly output: string;
  /** Attributes that are whole numbers, or lists of them. */
  readonly attributes?: Readonly<Record<string, number | readonly number[]>>;
}

export interface OnnxModel {
  readonly inputs: readonly TensorShape[];
  readonly outputs: readonly TensorShape[];
  readonly nodes: readonly Node[];
  readonly constants?: readonly Constant[];
}

const FLOAT = 1;
const UINT8 = 2;
const ATTRIBUTE_INT = 2;
const ATTRIBUTE_INTS = 7;

export function encodeOnnx({ inputs, outputs, nodes, constants = [] }: OnnxModel): Uint8Array {
  const graph = [
    ...nodes.map((node) => field(1, encodeNode(node))),
    field(2, text("test")),
    ...constants.map((constant) => field(5, encodeConstant(constant))),
    ...inputs.map((value) => field(11, encodeValue(value))),
    ...outputs.map((value) => field(12, encodeValue(value))),
  ];
  return Buffer.concat([
    number(1, 8),
    field(7, Buffer.concat(graph)),
    field(8, Buffer.concat([field(1, text("")), number(2, 13)])),
  ]);
}

function encodeNode({ kind, inputs, output, attributes = {} }: Node): Buffer {
  return Buffer.concat([
    ...inputs.map((input) => field(1, text(input))),
    field(2, text(output)),
    field(4, text(kind)),
    ...Object.entries(attributes).map(([name, value]) =>
      field(
        5,
        typeof value === "number"
          ? Buffer.concat([field(1, text(name)), number(3, value), number(20, ATTRIBUTE_INT)])
          : Buffer.concat([
              field(1, text(name)),
              ...value.map((item) => number(8, item)),
              number(20, ATTRIBUTE_INTS),
            ]),
      ),
    ),
  ]);
}

function encodeConstant({ name, dims, values }: Constant): Buffer {
  const floats = Buffer.from(Float32Array.from(values).buffer);
  return Buffer.concat([
    ...dims.map((side) => number(1, side)),
    number(2, FLOAT),
    field(8, text(name)),
    field(9, floats),
  ]);
}

function encodeValue({ name, dims, type = "float32" }: TensorShape): Buffer {
  const sides = dims.map((side) => field(1, typeof side === "number" ? number(1, side) : field(2, text(side))));
  const tensor = Buffer.concat([number(1, type === "uint8" ? UINT8 : FLOAT), field(2, Buffer.concat(sides))]);
  return Buffer.concat([field(1, text(name)), field(2, field(1, tensor))]);
}

function field(at: number, content: Buffer): Buffer {
  return Buffer.concat([varint(at * 8 + 2), varint(content.length), content]);
}

function number(at: number, value: number): Buffer {
  return Buffer.concat([varint(at * 8), varint(value)]);
}

function text(value: string): Buffer {
  return Buffer.from(value);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest & 127) | 128);
    rest = Math.floor(rest / 128);
  }
  return Buffer.from([...bytes, rest]);
}
