/** Shows what a run would send. It sends nothing itself, except for a list of IP addresses that is needed. */
import { RequestError } from "@auto-extend/client";
import { issuesOf, type SetAutoExtendRequest, setAutoExtend } from "@auto-extend/core";
import type { Outcome } from "../app/command.js";
import { connectionOf, openClient } from "../app/connection.js";
import type { Context } from "../app/context.js";
import { exitCodes } from "../app/errors.js";
import { cliError } from "../app/failure.js";
import { pluralize, shellWord } from "../app/format.js";
import { type Input, isGiven } from "../orders/input.js";
import { groupName, notePeriods, noteUnsent, type Plan, planOrders, readList } from "../orders/plan.js";
import { unsentError } from "../orders/unsent.js";
import type { SwitchResult } from "./types.js";

export async function dryRun(
  context: Context,
  { input, autoExtend, chunkSize }: { input: Input; autoExtend: boolean; chunkSize: number },
): Promise<Outcome<SwitchResult>> {
  const server = isGiven(input) ? null : await openClient(context);
  const { host, transport } = server?.connection ?? (await connectionOf(context));
  if (server === null) context.reach(host);
  const list = server && (await readList(context, server));
  const plan = await planOrders(input, { autoExtend, list });
  try {
    const { reasons } = plan.unsent;
    if (plan.groups.length === 0 && reasons.length > 0) {
      throw unsentError(reasons, "sent");
    }
    notePeriods(context, plan);
    noteUnsent(context, plan, "sent");
    return await showPlan(context, plan, { autoExtend, chunkSize, baseUrl: transport.baseUrl });
  } finally {
    await plan.close();
  }
}

async function showPlan(
  context: Context,
  plan: Plan,
  { autoExtend, chunkSize, baseUrl }: { autoExtend: boolean; chunkSize: number; baseUrl: string },
): Promise<Outcome<SwitchResult>> {
  const groups = plan.groups.map(({ proxyType, rentPeriodDays, ids }) => ({
    ...{ proxyType, rentPeriodDays, autoExtend },
    ...{ orders: ids.count, chunks: Math.ceil(ids.count / chunkSize) },
  }));
  const orders = groups.reduce((sum, group) => sum + group.orders, 0);
  const chunks = groups.reduce((sum, group) => sum + group.chunks, 0);
  const [group] = plan.groups;
  const request = chunks === 1 && group ? await requestOf(group) : null;
  const curl = request && curlCommand(baseUrl, request);
  const reads =
    "The command reads AUTO_EXTEND_API_KEY; an API key with special characters has to be URL-encoded there.";
  context.talk(`Dry run: nothing was changed, and no file was written.${curl === null ? "" : ` ${reads}`}`);
  const text = () =>
    curl === null
      ? [
          `Auto-extend would be switched ${autoExtend ? "on" : "off"} for ${pluralize(orders, "order", "orders")}, in ${pluralize(chunks, "request", "requests")}.`,
          ...groups.map(
            (each) =>
              `  ${groupName(each)}: ${pluralize(each.orders, "order", "orders")}, ${pluralize(each.chunks, "request", "requests")}`,
          ),
          "",
        ].join("\n")
      : `${curl}\n`;
  const result = { dryRun: true as const, groups, notSent: plan.unsent.count, chunkSize, request, curl };
  // As the run would end.
  const { reasons } = plan.unsent;
  return reasons.length === 0
    ? { result, text }
    : { exitCode: exitCodes.mixed, result, error: cliError(unsentError(reasons, "sent")), text };

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
