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
export async function confirmSwitchingOn(
  context: Context,
  { request, host }: { request: SetAutoExtendRequest; host: string },
): Promise<void> {
  const { io } = context;
  if (!io.stdin.isTTY || !io.stderr.isTTY || io.stdin.readableEnded) {
    throw usageError(
      "Switching auto-extend on costs money at each renewal, so it has to be confirmed, and there is no terminal to ask on.",
      `If it is meant, run: ${commandWithYes(context.argv)}`,
    );
  }
  const orders = counted(request.orderIds.length, "order", "orders");
  const question = [
    `Switch auto-extend on at ${host} for ${orders} of type ${proxyTypeInfo[request.proxyType].name},`,
    `${counted(request.rentPeriodDays, "day", "days")} each time? Every renewal costs money.`,
  ].join(" ");
  if (!(await io.confirm(question, io.signal))) throw declined();
}

function commandWithYes(argv: readonly string[]): string {
  const end = argv.indexOf("--");
  return ["auto-extend", ...argv.toSpliced(end === -1 ? argv.length : end, 0, "--yes")]
    .map(shellWord)
    .join(" ");
}
