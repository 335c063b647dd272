export {
  compareVersions,
  manifestFile,
  readManifest,
  type VersionChanges,
  writeManifest,
} from "./version-manifest.ts";
