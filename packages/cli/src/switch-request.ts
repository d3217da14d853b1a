import { RequestError } from "@auto-extend/client";
import { issuesOf, requestBodyLimit, type SetAutoExtendRequest, setAutoExtend } from "@auto-extend/core";
import type { OrderGroup } from "./account/order-groups.js";
import { usageError } from "./cli-error.js";
import { counted } from "./words.js";

/**
 * Makes the request that switches a group of orders.
 *
 * @throws CliError, a usage error, or RequestError, where that makes none.
 */
export function switchRequest(
  { proxyType, orderIds, rentPeriodDays }: OrderGroup,
  autoExtend: boolean,
): SetAutoExtendRequest {
  const parsed = setAutoExtend.request.safeParse({ proxyType, orderIds, rentPeriodDays, autoExtend });
  if (!parsed.success) throw new RequestError(issuesOf(parsed.error));
  if (Buffer.byteLength(JSON.stringify(parsed.data)) > requestBodyLimit) {
    throw usageError(
      `${counted(orderIds.length, "order id makes", "order ids make")} a request of more than ${requestBodyLimit / 1024 ** 2} MiB, which would be refused.`,
      "List them in a file and name it with --file: it is sent in chunks.",
    );
  }
  return parsed.data;
}
