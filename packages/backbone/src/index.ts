export { Backbone, type FeatureMap, type FeatureMaps, MAX_SIDE, MIN_SIDE, openBackbone } from "./backbone.ts";
export {
  decodeNetwork,
  type Matrix,
  type Network,
  type NetworkHeader,
  type NetworkLayer,
} from "./network-file.ts";
