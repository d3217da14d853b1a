import { type FetchFailure, foreignLine, foreignText, type Redactor } from "@auto-extend/core";
import { NetworkError } from "../errors.js";
import type { Failure } from "./retry.js";

/** The failure of an attempt without an answer. Only errors of `fetch` and of the answer's stream may be retried. */
export function networkFailure({ failed, thrown }: FetchFailure, redact: Redactor): Failure {
  const roots = rootsOf(thrown, 0);
  const code = roots.map(codeOf).find((found) => found !== null) ?? null;
  const isUnreached = failed === "sending" && roots.every(isNeverSent);
  const what = isUnreached ? "The server was not reached" : events[failed];
  const reason = foreignLine(reasonOf(roots, code), redact);
  const cause = redactedCopy(thrown, redact);
  const shownCode = code === null ? null : foreignLine(code, redact, maxCodeLength);
  const mayPass = failed === "sending" || failed === "reading";
  const advice = isUnreached
    ? " Check the base URL and the connection."
    : mayPass
      ? ""
      : " Check the client's options.";
  return {
    effect: isUnreached || failed === "unsent" ? "none" : "unknown",
    // A request without a usable response may have been carried out, and would be again. After a wrong host name, or a
    // refused certificate, a retry fails as well.
    isRetryable: mayPass && code !== "ENOTFOUND" && !refusedCertificate.test(code ?? ""),
    retryAfterMs: null,
    toError: (context) =>
      new NetworkError(shownCode, { problem: `${what}: ${reason}.`, advice }, context, cause),
  };
}

const events: Readonly<Record<FetchFailure["failed"], string>> = {
  unsent: "The platform's fetch refused to send the request",
  sending: "No answer was received",
  reading: "The answer was cut off",
  unreadable: "The answer could not be read",
};

/** How much of a platform's error code is kept, in characters. */
const maxCodeLength = 100;

interface ErrorLike {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly stack?: unknown;
  readonly code?: unknown;
  readonly syscall?: unknown;
  readonly cause?: unknown;
  /** One error for each address that was tried. */
  readonly errors?: unknown;
}

/** Codes of connections that were never established. */
const unconnected =
  /^(ECONNREFUSED|ENOTFOUND|EAI_(AGAIN|NODATA)|E(NET|HOST)UNREACH|UND_ERR_CONNECT_TIMEOUT)$/;

const refusedCertificate =
  /^(CERT_|(DEPTH_ZERO_)?SELF_SIGNED_CERT|UNABLE_TO_(GET_ISSUER_CERT|VERIFY_LEAF)|ERR_TLS_CERT_ALTNAME)/;

/** Node's fetch has no code of its own for a proxy that opened no tunnel. */
const refusedTunnel = /^Proxy response \(\d+\) !== 200 when HTTP Tunneling$/;

/** Node's fetch has no code for a port that is reserved for another protocol. */
const refusedPort = "bad port";

const maxDepth = 8;
/** In characters, as is the length of a stack. */
const maxReasonLength = 5_000;
const maxStackLength = 20_000;

/** The platform's own words. They may hold the URL. */
function reasonOf(roots: readonly ErrorLike[], code: string | null): string {
  const reason = roots.map(({ message }) => message).find((text) => typeof text === "string" && text !== "");
  if (typeof reason !== "string") return code ?? "the platform gives no reason";
  return reason.slice(0, maxReasonLength).replace(/[\s.]+$/, "");
}

/** The errors without a further cause. They have the codes, if the platform gives any: browsers do not. */
function rootsOf(thrown: unknown, depth: number): ErrorLike[] {
  if (typeof thrown !== "object" || thrown === null) return [{ message: thrown }];
  const failure: ErrorLike = thrown;
  if (depth < maxDepth) {
    if (Array.isArray(failure.errors) && failure.errors.length > 0) {
      return failure.errors.flatMap((error) => rootsOf(error, depth + 1));
    }
    if (codeOf(failure) === null && failure.cause) return rootsOf(failure.cause, depth + 1);
  }
  return [failure];
}

/** Whether it is certain that no part of the request was sent. */
function isNeverSent(failure: ErrorLike): boolean {
  // A host may also be found unreachable in the middle of an exchange.
  if (failure.syscall === "read" || failure.syscall === "write") return false;
  const code = codeOf(failure);
  if (code === null) return failure.message === refusedPort;
  if (code === "UND_ERR_ABORTED") return refusedTunnel.test(String(failure.message));
  return failure.syscall === "connect" || unconnected.test(code) || refusedCertificate.test(code);
}

function codeOf({ code }: ErrorLike): string | null {
  return typeof code === "string" && code !== "" ? code : null;
}

/** Copies name, message, code and stack of an error and its causes, without the API key, and bounded. Of several causes it keeps the first. */
function redactedCopy(thrown: unknown, redact: Redactor, depth = 0): Error {
  if (typeof thrown !== "object" || thrown === null) return new Error(foreignLine(String(thrown), redact));
  // By its fields, not its class: in programs with several realms an error need not be an instance of ours.
  const { name, message, stack, code, errors, cause = Object(errors)[0] }: ErrorLike = thrown;
  const text = typeof message === "string" ? foreignLine(message, redact) : "";
  const inner = cause !== undefined && depth < maxDepth && { cause: redactedCopy(cause, redact, depth + 1) };
  const copy = new Error(text, inner || undefined);
  // Not enumerable, as the platform has it.
  if (typeof name === "string")
    Object.defineProperty(copy, "name", {
      value: foreignLine(name, redact),
      configurable: true,
      writable: true,
    });
  if (typeof stack === "string") copy.stack = foreignText(stack, redact, maxStackLength);
  if (typeof code === "string") Object.assign(copy, { code: foreignLine(code, redact) });
  if (typeof code === "number") Object.assign(copy, { code });
  return copy;
}
