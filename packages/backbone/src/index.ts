export { Backbone, type FeatureMap, type FeatureMaps, MAX_SIDE, MIN_SIDE, openBackbone } from "./backbone.ts";
export {
  decodeNetwork,
  type Matrix,
  type Network,
  type NetworkHeader,
  type NetworkLayer,
} from "./network-file.ts";
export { OnnxBackbone } from "./onnx/onnx-backbone.ts";
export { type OnnxBackboneOptions, openOnnxBackbone } from "./onnx/open-onnx-backbone.ts";
export { type Proposal, suppressOverlaps } from "./onnx/suppress-overlaps.ts";
export { type OwnNetwork, ownNetwork, ownNetworksVersion } from "./own-networks.ts";
