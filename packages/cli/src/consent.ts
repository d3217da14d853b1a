import { proxyTypeInfo, type SetAutoExtendRequest } from "@auto-extend/core";
import { declined, usageError } from "./cli-error.js";
import type { Context } from "./context.js";
import { shellWord } from "./curl.js";
import { counted } from "./words.js";

/**
 * Makes sure that a person wants to switch on, for it costs money.
 *
 * @throws CliError where nobody can be asked, or the answer is no.
 */
export function confirmSwitchingOn(
  context: Context,
  { request, host }: { request: SetAutoExtendRequest; host: string },
): Promise<void> {
  const orders = counted(request.orderIds.length, "order", "orders");
  return confirm(context, {
    why: "Switching auto-extend on costs money at each renewal",
    question: [
      `Switch auto-extend on at ${host} for ${orders} of type ${proxyTypeInfo[request.proxyType].name},`,
      `${counted(request.rentPeriodDays, "day", "days")} each time? Every renewal costs money.`,
    ].join(" "),
  });
}

/**
 * Makes sure that a person wants to run the cases of the contract tests that a server of others could act on.
 *
 * @throws CliError where nobody can be asked, or the answer is no.
 */
export function confirmChanges(
  context: Context,
  { host, namesOrders }: { host: string; namesOrders: boolean },
): Promise<void> {
  const orders =
    "Your orders are switched on and then off, whatever they were before: a renewal that was on is lost.";
  return confirm(context, {
    why: "Running the cases that change orders can cost money",
    question: [
      `Run the cases at ${host} that a server can act on? That can cost money.`,
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
