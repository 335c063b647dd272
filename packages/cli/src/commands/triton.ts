import type { Command } from "commander";
import { addTritonCheck } from "./triton-check.ts";
import { addTritonModels } from "./triton-models.ts";
import { addTritonProfiles } from "./triton-profiles.ts";
import { addTritonRender } from "./triton-render.ts";

/** `followspot triton COMMAND`: the model repository of a Triton server. */
export function addTriton(program: Command): void {
  const triton = program.command("triton").description("prepare a Triton server's model repository");
  for (const add of [addTritonProfiles, addTritonModels, addTritonRender, addTritonCheck]) add(triton);
}
