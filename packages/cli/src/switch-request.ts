import { RequestError } from "@auto-extend/client";
import {
  findProxyType,
  issuesOf,
  proxyTypes,
  requestBodyLimit,
  type SetAutoExtendRequest,
  setAutoExtend,
} from "@auto-extend/core";
import { usageError } from "./cli-error.js";
import type { SwitchInput } from "./commands/switch.js";
import type { Context } from "./context.js";
import { readOrderIds } from "./order-ids.js";
import { counted } from "./words.js";

/**
 * Makes the request out of what was typed, read and piped in.
 *
 * @throws CliError, a usage error, or RequestError, where that makes none.
 */
export async function switchRequest(context: Context, input: SwitchInput): Promise<SetAutoExtendRequest> {
  const proxyType = findProxyType(input.type);
  if (!proxyType) {
    throw usageError(
      `There is no proxy type "${input.type}".`,
      `Give --type one of ${proxyTypes.join(", ")}, in any case.`,
    );
  }
  const parsed = setAutoExtend.request.safeParse({
    proxyType,
    orderIds: await readOrderIds(context, input),
    rentPeriodDays: input.days,
    autoExtend: input.autoExtend,
  });
  if (!parsed.success) throw new RequestError(issuesOf(parsed.error));
  if (Buffer.byteLength(JSON.stringify(parsed.data)) > requestBodyLimit) {
    throw usageError(
      `${counted(parsed.data.orderIds.length, "order id makes", "order ids make")} a request of more than ${requestBodyLimit / 1024 ** 2} MiB, which would be refused.`,
      "Split the list, and run the command once for each part.",
    );
  }
  return parsed.data;
}
