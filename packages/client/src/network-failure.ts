/** What can be told of a request that ended without an answer. */
interface Diagnosis {
  /** The platform's code; `null` where it tells none, as in browsers. */
  readonly code: string | null;
  /** The platform's own words, which may hold the URL. */
  readonly reason: string;
  /** Whether it is certain that no part of the request went out. */
  readonly neverSent: boolean;
}

/** The platform's error, or one of its causes. */
interface Failure {
  readonly message?: unknown;
  readonly code?: unknown;
  readonly syscall?: unknown;
  readonly cause?: unknown;
  /** One error for each address that was tried. */
  readonly errors?: unknown;
}

/** Codes of connections that never stood. */
const unconnected = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EAI_NODATA",
  "ENETUNREACH",
  "EHOSTUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/** Codes of certificates that were refused; all those that begin with CERT_ as well. */
const refusedCertificate = new Set([
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "ERR_TLS_CERT_ALTNAME_INVALID",
]);

/** The words of Node's fetch for a proxy that opened no tunnel: it has no code for that alone. */
const refusedTunnel = /^Proxy response \(\d+\) !== 200 when HTTP Tunneling$/;

/** The words of Node's fetch for a port that is other protocols': it has no code for that. */
const refusedPort = "bad port";

/** How far causes are followed. */
const deepest = 8;

/** Finds out what can be told of what `fetch` threw. */
export function diagnose(thrown: unknown): Diagnosis {
  const roots = rootsOf(thrown, 0);
  const code = roots.map(codeOf).find((found) => found !== null) ?? null;
  const reason = roots.map(({ message }) => message).find((text) => typeof text === "string" && text !== "");
  return {
    code,
    reason:
      typeof reason === "string" ? reason.replace(/[\s.]+$/, "") : (code ?? "the platform gives no reason"),
    neverSent: roots.every(isNeverSent),
  };
}

/** Whether a code tells of a failure that repeating does not mend: a host name or a certificate that is wrong. */
export function isLasting(code: string | null): boolean {
  return code === "ENOTFOUND" || (code !== null && isRefusedCertificate(code));
}

/** The errors at the ends of all causes: each with a code, where the platform gives any. */
function rootsOf(thrown: unknown, depth: number): Failure[] {
  if (typeof thrown !== "object" || thrown === null) return [{ message: thrown }];
  const failure: Failure = thrown;
  if (depth < deepest) {
    if (Array.isArray(failure.errors) && failure.errors.length > 0) {
      return failure.errors.flatMap((error) => rootsOf(error, depth + 1));
    }
    if (codeOf(failure) === null && failure.cause) return rootsOf(failure.cause, depth + 1);
  }
  return [failure];
}

function isNeverSent(failure: Failure): boolean {
  // A host may also be found unreachable in the middle of an exchange.
  if (failure.syscall === "read" || failure.syscall === "write") return false;
  const code = codeOf(failure);
  if (code === null) return failure.message === refusedPort;
  if (code === "UND_ERR_ABORTED") return refusedTunnel.test(String(failure.message));
  return failure.syscall === "connect" || unconnected.has(code) || isRefusedCertificate(code);
}

function isRefusedCertificate(code: string): boolean {
  return code.startsWith("CERT_") || refusedCertificate.has(code);
}

function codeOf({ code }: Failure): string | null {
  return typeof code === "string" && code !== "" ? code : null;
}
