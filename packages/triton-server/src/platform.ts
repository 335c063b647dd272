/** The oldest C library that PyTriton's tritonserver runs with. */
const OLDEST_GLIBC = [2, 35] as const;

export interface Platform {
  /** As Node names them. */
  readonly system: string;
  readonly processor: string;
  /** "2.36"; undefined where the C library is another one. */
  readonly glibc: string | undefined;
}

export function thisPlatform(): Platform {
  return {
    system: process.platform,
    processor: process.arch,
    glibc: process.platform === "linux" ? glibcVersion() : undefined,
  };
}

function glibcVersion(): string | undefined {
  const report = process.report as unknown as Report;
  const { excludeNetwork } = report;
  // Otherwise the report asks for the name of everybody we are connected to.
  report.excludeNetwork = true;
  try {
    return report.getReport().header.glibcVersionRuntime;
  } finally {
    report.excludeNetwork = excludeNetwork;
  }
}

/** What the types of Node do not tell of its report. */
interface Report {
  excludeNetwork: boolean;
  getReport(): { readonly header: { readonly glibcVersionRuntime?: string } };
}

/** Why no tritonserver of ours runs on such a machine, in one sentence, or undefined where one does. */
export function unavailableReason({ system, processor, glibc } = thisPlatform()): string | undefined {
  if (system !== "linux") return `NVIDIA's Triton server runs on Linux only, and this is ${nameOf(system)}`;
  if (processor !== "x64" && processor !== "arm64") {
    return `NVIDIA's Triton server runs on x86_64 and aarch64 only, and this is ${processor}`;
  }
  const oldest = OLDEST_GLIBC.join(".");
  if (!glibc) {
    return `NVIDIA's Triton server needs the GNU C library ${oldest} or later, and this system has another (musl?)`;
  }
  const [major = 0, minor = 0] = glibc.split(".").map(Number);
  if (major < OLDEST_GLIBC[0] || (major === OLDEST_GLIBC[0] && minor < OLDEST_GLIBC[1])) {
    return `NVIDIA's Triton server needs the GNU C library ${oldest} or later, and this system has ${glibc}`;
  }
  return undefined;
}

function nameOf(system: string): string {
  return { darwin: "macOS", win32: "Windows", freebsd: "FreeBSD" }[system] ?? system;
}
