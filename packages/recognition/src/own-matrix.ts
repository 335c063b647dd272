import { type Matrix, type OwnNetwork, ownNetwork } from "@followspot/backbone";
import { UserError } from "@followspot/domain";

/** A matrix that came with one of Followspot's own networks. */
export function ownMatrix(network: OwnNetwork, name: string): Matrix {
  const found = ownNetwork(network).extras[name];
  if (!found) throw new UserError(`the ${network} network lacks its ${name}: install Followspot again`);
  return found;
}
