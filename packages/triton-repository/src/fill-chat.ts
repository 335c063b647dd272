import type { ChatForm } from "./profile.ts";

/**
 * A finished conversation, as the vLLM backend wants it: it applies no template of its own. What people wrote must have
 * been freed of the model's marks (`<|...|>`) before.
 */
export function fillChat(
  { template }: Pick<ChatForm, "template">,
  { system, user }: { readonly system: string; readonly user: string },
): string {
  // In one pass: a text that names a placeholder is not filled in a second time.
  return template.replaceAll(/\{(system|user)\}/g, (_, which: string) =>
    which === "system" ? system : user,
  );
}
