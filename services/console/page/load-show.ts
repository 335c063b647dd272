import { retryDelayMs } from "./retry-delay.ts";
import type { ShowDocument } from "./show-document.ts";

const DEADLINE_MS = 5_000;

/** Asks for the show until there is an answer. `tell` gets one sentence for each failure, and undefined at the end. */
export async function loadShow(
  token: string | undefined,
  tell: (problem: string | undefined) => void,
): Promise<ShowDocument> {
  for (let attempt = 0; ; attempt += 1) {
    const answer = await ask(token);
    if ("show" in answer) {
      tell(undefined);
      return answer.show;
    }
    tell(answer.problem);
    await new Promise((resolve) => setTimeout(resolve, retryDelayMs(attempt)));
  }
}

async function ask(
  token: string | undefined,
): Promise<{ readonly show: ShowDocument } | { readonly problem: string }> {
  try {
    const response = await fetch("/show.json", {
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(DEADLINE_MS),
    });
    if (response.ok) return { show: (await response.json()) as ShowDocument };
    const reason = (await response.text()).trim();
    return response.status === 401 || response.status === 403
      ? {
          problem: `No access: ${reason}. Open this page with the address you were given; it ends in #token=…`,
        }
      : { problem: `The console answers with an error (${response.status}). Trying again.` };
  } catch {
    return { problem: "The console does not answer. Trying again." };
  }
}
