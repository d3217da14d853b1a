import { timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { isLoopback } from "@auto-extend/core";

/** Who may use the control API. */
export interface GuardOptions {
  /** Origins of pages that may, besides the mock's own. */
  readonly origins: ReadonlySet<string>;
  /** A token that every request must bear; `null` where being on this machine is enough. */
  readonly token: string | null;
}

/**
 * Why a request may not use the control API; nothing where it may. Without a token only names of this machine are
 * taken for `Host`, so that no foreign name that was pointed here (DNS rebinding) gets in; and pages must come from the
 * mock itself or from a named origin.
 */
export function controlRefusal(
  request: IncomingMessage,
  { origins, token }: GuardOptions,
): string | undefined {
  const { host = "", origin, authorization = "" } = request.headers;
  const [, given = ""] = /^bearer +(.*)$/i.exec(authorization) ?? [];
  if (token !== null && !sameText(given, token)) {
    return "The control API of a mock that listens beyond this machine requires its token: Authorization: Bearer TOKEN, as printed at its start.";
  }
  if (token === null && !isLoopback(host.replace(/:\d+$/, ""))) {
    return `The control API answers only under a name of this machine, not under "${host}": use 127.0.0.1 or localhost.`;
  }
  if (origin !== undefined && origin !== `http://${host}` && !origins.has(origin)) {
    return `The control API takes nothing from pages of ${origin}: start the mock with --cors ${origin} to let them in.`;
  }
  return undefined;
}

function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
