import { UserError } from "@followspot/domain";
import { redactUrls } from "@followspot/runtime";

/** What a server of the `grpcs://` kind is checked against, and what we show it. PEM. */
export interface TlsOptions {
  readonly rootCerts?: Buffer;
  readonly privateKey?: Buffer;
  readonly certChain?: Buffer;
}

export interface ServerAddress {
  /** host:port, as grpc-js wants it. */
  readonly target: string;
  readonly secure: boolean;
}

/** @throws UserError for anything but `grpc://host:port`, `grpcs://host:port` or `host:port` */
export function parseServerAddress(address: string): ServerAddress {
  const match = /^(?:(grpcs?):\/\/)?(\[[0-9a-f:.%]+\]|[a-z0-9._-]+):(\d{1,5})\/?$/i.exec(address);
  const port = Number(match?.[3]);
  if (!match || port < 1 || port > 65_535) {
    throw new UserError(
      `"${redactUrls(address)}" is not the address of a model server: write grpc://host:port, or grpcs://host:port for TLS`,
    );
  }
  return { target: `${match[2]}:${port}`, secure: match[1]?.toLowerCase() === "grpcs" };
}
