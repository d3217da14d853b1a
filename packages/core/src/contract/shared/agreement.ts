import type { Contradiction, Show } from "../operation.js";

// How a success agrees with its request.

export interface Sent {
  readonly proxyType?: unknown;
  readonly rentPeriodDays?: unknown;
  readonly autoExtend?: unknown;
  readonly orderIds?: unknown;
  readonly ipAddressIds?: unknown;
}

/** Whatever a success repeats of the request must be the same: these fields, and the IDs. */
export function checkAgreement(
  fields: readonly (keyof Sent)[],
  { request, answer, show }: { readonly request: Sent; readonly answer: Sent; readonly show: Show },
): Contradiction[] {
  const found: Contradiction[] = [];
  for (const field of fields) {
    if (answer[field] == null || answer[field] === request[field]) continue;
    const message = `is ${show(answer[field])}, but ${show(request[field])} was requested`;
    found.push({ path: field, message, level: "accepts" });
  }
  for (const path of ["ipAddressIds", "orderIds"] as const) {
    const [sent, listed] = [request[path], answer[path]];
    if (Array.isArray(sent) && Array.isArray(listed)) found.push(...compareIds(path, { sent, listed }, show));
  }
  return found;
}

function compareIds(
  path: string,
  { sent, listed }: { readonly sent: readonly unknown[]; readonly listed: readonly unknown[] },
  show: Show,
): Contradiction[] {
  const some = (ids: readonly unknown[]) => {
    const shown = ids.slice(0, 3).map(show).join(", ");
    if (ids.length > 3) return `${shown} and ${ids.length - 3} more are`;
    return `${shown} ${ids.length === 1 ? "is" : "are"}`;
  };
  const missing = without(sent, listed);
  const extra = without(listed, sent);
  const messages = [
    ...(missing.length > 0 ? [`${some(missing)} requested but not in the answer`] : []),
    ...(extra.length > 0 ? [`${some(extra)} in the answer but not requested`] : []),
  ];
  return messages.length === 0 ? [] : [{ path, message: messages.join("; "), level: "accepts" }];
}

function without(ids: readonly unknown[], others: readonly unknown[]): unknown[] {
  const known = new Set(others);
  return [...new Set(ids)].filter((id) => !known.has(id));
}
