/** Removes user names, passwords and query values from every URL in a text: cameras carry tokens in all three. */
export function redactUrls(text: string): string {
  return text.replace(/\b([a-z][a-z0-9+.-]*:\/\/)([^\s"'<>]+)/gi, (_whole, scheme: string, rest: string) => {
    const end = rest.search(/[/?#]/);
    // The last @ before the path ends the credentials; a password may itself hold an unescaped @ or even a slash.
    const at = rest.lastIndexOf("@");
    const hostAndOn =
      at >= 0 && (end < 0 || at < end || !rest.slice(0, end).includes(".")) ? rest.slice(at + 1) : rest;
    const credentials = hostAndOn === rest ? "" : "***@";
    const query = hostAndOn.indexOf("?");
    const shown = query < 0 ? hostAndOn : `${hostAndOn.slice(0, query)}?***`;
    return `${scheme}${credentials}${shown}`;
  });
}
