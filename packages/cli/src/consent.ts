import { proxyTypeInfo, type SetAutoExtendRequest } from "@auto-extend/core";
import type { OrderGroup } from "./account/order-groups.js";
import type { TotalPrice } from "./account/price-groups.js";
import { declined, usageError } from "./cli-error.js";
import type { Context } from "./context.js";
import { shellWord } from "./curl.js";
import { moneyText } from "./money.js";
import { groupText } from "./switching/preview.js";
import { counted } from "./words.js";

/**
 * Makes sure that a person wants to switch on, for it costs money: the question says how much, where that is known.
 *
 * @throws CliError where nobody can be asked, or the answer is no.
 */
export function confirmSwitchingOn(
  context: Context,
  { groups, price, host }: { groups: readonly OrderGroup[]; price: TotalPrice | null; host: string },
): Promise<void> {
  const parts = groups.map((group) => `${groupText(group)} each time`).join("; ");
  const cost = price
    ? `One renewal of all costs ${moneyText(price.price, price.currency)}${leftText(price)}.`
    : "Every renewal costs money.";
  return confirm(context, {
    why: "Switching auto-extend on costs money at each renewal",
    question: `Switch auto-extend on at ${host} for ${parts}? ${cost}`,
  });
}

function leftText({ balanceAfter, currency }: TotalPrice): string {
  return balanceAfter === null ? "" : `, which leaves ${moneyText(balanceAfter, currency)}`;
}

/** Orders that a run is to switch, of one proxy type and rental period. */
interface OrdersToSwitch extends Pick<SetAutoExtendRequest, "proxyType" | "rentPeriodDays"> {
  /** How many order ids. */
  readonly count: number;
}

/**
 * Makes sure that a person wants to switch many orders on.
 *
 * @throws CliError where nobody can be asked, or the answer is no.
 */
export function confirmSwitchingManyOn(
  context: Context,
  { groups, host }: { groups: readonly OrdersToSwitch[]; host: string },
): Promise<void> {
  const parts = groups.map(
    ({ proxyType, rentPeriodDays, count }) =>
      `${counted(count, "order id", "order ids")} of type ${proxyTypeInfo[proxyType].name}, ${counted(rentPeriodDays, "day", "days")} each time`,
  );
  return confirm(context, {
    why: "Switching auto-extend on costs money at each renewal",
    question: `Switch auto-extend on at ${host} for ${parts.join("; ")}? Every renewal costs money.`,
  });
}

/**
 * Asks a person before the contract tests send a server requests that it could act on.
 *
 * @throws CliError if nobody can be asked, or the answer is no.
 */
export function confirmChanges(
  context: Context,
  { host, namesOrders }: { host: string; namesOrders: boolean },
): Promise<void> {
  const orders =
    "Auto-extend of your orders is switched on and off several times, for moments, and restored after each test. A renewal that is due while it is on is paid.";
  return confirm(context, {
    why: "Tests that a server can act on can cost money",
    question: [
      `Run the tests at ${host} that a server can act on? A faulty server could spend money.`,
      ...(namesOrders ? [orders] : []),
    ].join(" "),
  });
}

async function confirm(
  { io, argv }: Context,
  { why, question }: { why: string; question: string },
): Promise<void> {
  if (!io.stdin.isTTY || !io.stderr.isTTY || io.stdin.readableEnded) {
    throw usageError(
      `${why}, so it has to be confirmed, and there is no terminal to ask on.`,
      `If it is meant, run: ${commandWithYes(argv)}`,
    );
  }
  if (!(await io.confirm(question, io.signal))) throw declined();
}

function commandWithYes(argv: readonly string[]): string {
  const end = argv.indexOf("--");
  return ["auto-extend", ...argv.toSpliced(end === -1 ? argv.length : end, 0, "--yes")]
    .map(shellWord)
    .join(" ");
}
