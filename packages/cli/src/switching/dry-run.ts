/** Shows what a run would send, and sends nothing. */
import { RequestError } from "@auto-extend/client";
import { issuesOf, type SetAutoExtendRequest, setAutoExtend } from "@auto-extend/core";
import type { Outcome } from "../app/command.js";
import { connectionOf } from "../app/connection.js";
import type { Context } from "../app/context.js";
import { usageError } from "../app/errors.js";
import { counted, shellWord } from "../app/format.js";
import type { Input } from "../orders/input.js";
import { groupName, planOrders } from "../orders/plan.js";
import type { SwitchResult } from "./types.js";

export async function dryRun(
  context: Context,
  { input, autoExtend, chunkSize }: { input: Input; autoExtend: boolean; chunkSize: number },
): Promise<Outcome<SwitchResult>> {
  const missing = [
    ...(input.batches.some(({ proxyType }) => proxyType === null) ? ["--type"] : []),
    ...(input.batches.some(({ rentPeriodDays }) => rentPeriodDays === null) ? ["--days"] : []),
  ].join(" and ");
  if (missing !== "") {
    throw usageError(
      `A dry run needs ${missing} for orders whose row does not say: it sends nothing, so it looks nothing up.`,
      `Add ${missing}.`,
    );
  }
  const plan = await planOrders(context, input, { autoExtend, list: null });
  const groups = plan.groups.map(({ proxyType, rentPeriodDays, ids }) => ({
    ...{ proxyType, rentPeriodDays, autoExtend },
    ...{ orders: ids.count, chunks: Math.ceil(ids.count / chunkSize) },
  }));
  const orders = groups.reduce((sum, group) => sum + group.orders, 0);
  const chunks = groups.reduce((sum, group) => sum + group.chunks, 0);
  const { host, transport } = await connectionOf(context);
  context.reach(host);
  const [group] = plan.groups;
  const request = chunks === 1 && group ? await requestOf(group) : null;
  const curl = request && curlCommand(transport.baseUrl, request);
  const reads =
    "The command reads AUTO_EXTEND_API_KEY; an API key with special characters has to be URL-encoded there.";
  context.talk(`Dry run: nothing was sent.${curl === null ? "" : ` ${reads}`}`);
  const text = () =>
    curl === null
      ? [
          `Auto-extend would be switched ${autoExtend ? "on" : "off"} for ${counted(orders, "order", "orders")}, in ${counted(chunks, "request", "requests")}.`,
          ...groups.map(
            (each) =>
              `  ${groupName(each)}: ${counted(each.orders, "order", "orders")}, ${counted(each.chunks, "request", "requests")}`,
          ),
          "",
        ].join("\n")
      : `${curl}\n`;
  return { result: { dryRun: true, groups, chunkSize, request, curl }, text };

  async function requestOf({ proxyType, rentPeriodDays, ids }: (typeof plan.groups)[number]) {
    const orderIds: string[] = [];
    for await (const some of ids.read()) orderIds.push(...some);
    const parsed = setAutoExtend.request.safeParse({ proxyType, rentPeriodDays, orderIds, autoExtend });
    if (!parsed.success) throw new RequestError(issuesOf(parsed.error));
    return parsed.data;
  }
}

/**
 * The request as a curl command for a shell in which `AUTO_EXTEND_API_KEY` is set; it fails otherwise. It does not have
 * the API key itself.
 *
 * @param baseUrl without a slash at its end.
 */
function curlCommand(baseUrl: string, request: SetAutoExtendRequest): string {
  const [before, after] = setAutoExtend.path.split("{apiKey}");
  const url = `${shellWord(`${baseUrl}${before}`)}"\${AUTO_EXTEND_API_KEY:?set it first}"${after}`;
  return [
    `curl -X ${setAutoExtend.method} ${url}`,
    "-H 'Content-Type: application/json'",
    `--data-raw ${shellWord(JSON.stringify(request))}`,
  ].join(" \\\n  ");
}
