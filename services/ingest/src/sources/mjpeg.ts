import { redactUrls } from "@followspot/runtime";
import type { PictureLimits } from "../pictures/picture-limits.ts";
import { MultipartBroken, MultipartPictures } from "./multipart-pictures.ts";
import { type Source, SourceFailed } from "./source.ts";

/** From the request to the answer's headers. */
const ANSWER_DEADLINE_MS = 5_000;

/** Motion JPEG over HTTP: one endless multipart answer. Its pictures are JPEG already, so nothing is decoded here. */
export function mjpegSource(url: string, { limits }: { readonly limits: PictureLimits }): Source {
  const { address, authorization } = withoutCredentials(url);
  const name = redactUrls(address);
  return async ({ picture }, signal) => {
    const body = await open({ address, authorization, name }, signal);
    const pictures = new MultipartPictures({
      maxPictureBytes: limits.maxBytes,
      onPicture: (bytes) => picture({ bytes }),
    });
    try {
      for await (const chunk of body) pictures.push(chunk);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof MultipartBroken)
        throw new SourceFailed(`${name}: ${error.message}`, { cause: error });
      throw new SourceFailed(`the connection to ${name} broke and is opened again`, { cause: error });
    }
    throw new SourceFailed(`${name} ended its stream and is opened again`);
  };
}

async function open(
  camera: { readonly address: string; readonly authorization: string | undefined; readonly name: string },
  signal: AbortSignal,
): Promise<AsyncIterable<Uint8Array>> {
  const { address, authorization, name } = camera;
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), ANSWER_DEADLINE_MS);
  try {
    const response = await fetch(address, {
      headers: authorization === undefined ? {} : { authorization },
      signal: AbortSignal.any([signal, late.signal]),
    });
    const type = response.headers.get("content-type") ?? "";
    const problem = answerProblem(response, type);
    if (!problem && response.body) return response.body;
    await response.body?.cancel();
    throw new SourceFailed(`${name} ${problem ?? "answers with nothing"}`);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof SourceFailed) throw error;
    throw new SourceFailed(`${name} ${connectProblem(error, late.signal)}`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

function answerProblem({ ok, status, headers }: Response, type: string): string | undefined {
  if (status === 401 && /digest/i.test(headers.get("www-authenticate") ?? "")) {
    return "asks for digest authentication, which is not supported here: allow basic authentication, or use its RTSP address";
  }
  if (status === 401 || status === 403) return "refuses the user name or password: check them in show.yaml";
  if (status === 404) return "does not exist on that camera: check the path of the address";
  if (!ok) return `answers with status ${status}: is it the address of the camera's MJPEG stream?`;
  if (!/^multipart\//i.test(type)) {
    return `answers with ${type.split(";")[0] || "no content type"}, not with an MJPEG stream: look for the stream's address in the camera's manual`;
  }
  return undefined;
}

function connectProblem(error: unknown, late: AbortSignal): string {
  if (late.aborted)
    return `did not answer within ${ANSWER_DEADLINE_MS / 1_000} s: check the network and the address`;
  const code = ((error as Error).cause as NodeJS.ErrnoException | undefined)?.code ?? "";
  if (code === "ECONNREFUSED") return "does not answer: is the camera on, and is the address right?";
  if (code === "ENOTFOUND" || code === "EAI_AGAIN")
    return "has a host name that nobody knows: check the address";
  if (/CERT|SELF_SIGNED|SSL|TLS/.test(code))
    return "has a certificate that is not trusted: use http, or install the certificate";
  return "cannot be reached: check the network and the address";
}

/** fetch refuses addresses with a user and password in them. */
function withoutCredentials(url: string) {
  const { username, password } = new URL(url);
  const bare = new URL(url);
  bare.username = "";
  bare.password = "";
  const given = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const authorization = username || password ? `Basic ${Buffer.from(given).toString("base64")}` : undefined;
  return { address: bare.href, authorization };
}
