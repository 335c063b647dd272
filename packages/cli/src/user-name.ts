import { userInfo } from "node:os";

/** Who is at the terminal. A container's user may have no name. */
export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return "somebody";
  }
}
