import { UserError } from "@followspot/domain";
import { redactUrls } from "@followspot/runtime";
import { type ChannelCredentials, type ChannelOptions, credentials } from "@grpc/grpc-js";
import { CHANNEL_RETRIED_STATUSES } from "./inference-error.ts";

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

const INT32_MAX = 2 ** 31 - 1;

/**
 * Answers hold scores, boxes and texts. Past this a server is not ours; 4 MiB, the library's default, would refuse
 * the log probabilities of a long text.
 */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

/** A request larger than this buffer is silently never retried; the library's 1 MiB is less than a large picture. */
const RETRY_BUFFER_PER_CALL_BYTES = 8 * 1024 * 1024;
const RETRY_BUFFER_BYTES = 64 * 1024 * 1024;

/** Attempts of the channel itself, the first included. The call's deadline ends them too. */
const MAX_ATTEMPTS = 4;

const SERVICE_CONFIG = {
  loadBalancingConfig: [],
  methodConfig: [
    {
      name: [{ service: "inference.GRPCInferenceService" }],
      retryPolicy: {
        maxAttempts: MAX_ATTEMPTS,
        initialBackoff: "0.02s",
        maxBackoff: "0.2s",
        backoffMultiplier: 2,
        retryableStatusCodes: CHANNEL_RETRIED_STATUSES,
      },
    },
  ],
};

/** Keepalive stays off: Triton answers pings more often than every 5 minutes with GOAWAY. */
export const CHANNEL_OPTIONS: ChannelOptions = {
  "grpc.max_receive_message_length": MAX_ANSWER_BYTES,
  "grpc.max_send_message_length": INT32_MAX,
  "grpc.per_rpc_retry_buffer_size": RETRY_BUFFER_PER_CALL_BYTES,
  "grpc.retry_buffer_size": RETRY_BUFFER_BYTES,
  "grpc.service_config": JSON.stringify(SERVICE_CONFIG),
  "grpc.service_config_disable_resolution": 1,
  // A server that comes back is noticed within a second, not after the library's two minutes.
  "grpc.initial_reconnect_backoff_ms": 50,
  "grpc.max_reconnect_backoff_ms": 1_000,
  // A channel that replaces a dead one must not inherit its connection from the pool that all channels share.
  "grpc.use_local_subchannel_pool": 1,
  "grpc-node.flow_control_window": 4 * 1024 * 1024,
  "grpc.enable_channelz": 0,
};

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

export function channelCredentials({ secure }: ServerAddress, tls: TlsOptions = {}): ChannelCredentials {
  if (!secure) return credentials.createInsecure();
  return credentials.createSsl(tls.rootCerts ?? null, tls.privateKey ?? null, tls.certChain ?? null);
}
