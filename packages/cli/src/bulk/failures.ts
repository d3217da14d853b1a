import type { ProxyType } from "@auto-extend/core";
import { csvLine, harmlessCell } from "../csv.js";
import type { Input } from "./input.js";
import type { Outcomes } from "./outcomes.js";

/** An order id that was not changed, or not for certain. */
export interface Failure {
  readonly proxyType: ProxyType;
  readonly rentPeriodDays: number;
  readonly orderId: string;
  readonly outcome: "refused" | "unknown" | "not-tried";
  /** The provider's error code; `null` where there is none. */
  readonly code: number | null;
  readonly message: string;
}

/** The headings of the failures as CSV; `--file` takes such a file as it is. */
export const failuresHeading = csvLine(["type", "orderId", "days", "outcome", "code", "message"]);

/**
 * Finds what failed, in the order of the input, some at a time.
 *
 * @param whyNotTried what is said of orders that were not tried.
 */
export async function* failuresOf(
  { groups }: Input,
  { outcomes, whyNotTried }: { outcomes: readonly Outcomes[]; whyNotTried: string },
): AsyncGenerator<readonly Failure[], void, undefined> {
  for (const [index, { proxyType, rentPeriodDays, ids }] of groups.entries()) {
    let place = 0;
    for await (const orderIds of ids()) {
      const failures: Failure[] = [];
      for (const orderId of orderIds) {
        const { name, code, message } = (outcomes[index] as Outcomes).at(place++);
        if (name === "changed" || name === "duplicate") continue;
        failures.push({
          ...{ proxyType, rentPeriodDays, orderId, outcome: name, code },
          message: name === "not-tried" ? whyNotTried : message,
        });
      }
      if (failures.length > 0) yield failures;
    }
  }
}

/** A failure as a line of CSV, harmless in a spreadsheet. */
export function failureLine({ proxyType, rentPeriodDays, orderId, outcome, code, message }: Failure): string {
  // One line for each, so that other programs can count and sort them.
  const oneLine = message.replace(/[\p{Cc}\s]+/gu, " ");
  const cells = [proxyType, orderId, String(rentPeriodDays), outcome, String(code ?? ""), oneLine];
  return csvLine(cells.map(harmlessCell));
}
