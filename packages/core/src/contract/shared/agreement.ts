import type { Contradiction, Show } from "../operation.js";

// How a success agrees with its request.

export interface Sent {
  readonly proxyType?: unknown;
  readonly rentPeriodDays?: unknown;
  readonly autoExtend?: unknown;
  readonly orderIds?: unknown;
  readonly ipAddressIds?: unknown;
}

export interface Answered extends Sent {
  readonly success: boolean;
  readonly quantity?: unknown;
}

/** Whatever a success repeats of the request must be the same: these fields, and the IDs in any order. */
export function checkAgreement(
  fields: readonly (keyof Sent)[],
  { request, answer, show }: { readonly request: Sent; readonly answer: Sent; readonly show: Show },
): Contradiction[] {
  const found: Contradiction[] = [];
  for (const field of fields) {
    const sent = request[field];
    const repeated = answer[field];
    if (field === "orderIds" || field === "ipAddressIds") {
      if (!Array.isArray(sent) || !Array.isArray(repeated)) continue;
      found.push(...compareIds(field, { sent, listed: repeated }, show));
    } else if (repeated != null && repeated !== sent) {
      const message = `is ${show(repeated)}, but ${show(sent)} was requested`;
      found.push({ path: field, message, level: "accepts" });
    }
  }
  return found;
}

function compareIds(
  path: string,
  { sent, listed }: { readonly sent: readonly unknown[]; readonly listed: readonly unknown[] },
  show: Show,
): Contradiction[] {
  const some = (ids: readonly unknown[], problem: string) =>
    ids.length === 0 ? [] : [`${problem}: ${show(ids)}`];
  const messages = [
    ...some(without(sent, listed), "requested but not in the answer"),
    ...some(without(listed, sent), "in the answer but not requested"),
  ];
  return messages.length === 0 ? [] : [{ path, message: messages.join("; "), level: "accepts" }];
}

function without(ids: readonly unknown[], others: readonly unknown[]): unknown[] {
  const known = new Set(others);
  return [...new Set(ids)].filter((id) => !known.has(id));
}
