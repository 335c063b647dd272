/**
 * Removes user names, passwords and query values from every URL in a text: cameras carry tokens in all three.
 * Everything up to the last @ counts as credentials, since a password may hold an unescaped @, / or ?: rather a path
 * too few than a password too many.
 */
export function redactUrls(text: string): string {
  return text.replace(/\b([a-z][a-z0-9+.-]*:\/\/)([^\s"'<>]+)/gi, (_whole, scheme: string, rest: string) => {
    const at = rest.lastIndexOf("@");
    const shown = rest.slice(at + 1).replace(/\?.*$/s, "?***");
    return `${scheme}${at < 0 ? "" : "***@"}${shown}`;
  });
}
