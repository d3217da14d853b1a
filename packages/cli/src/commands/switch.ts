import { createClient, type SetAutoExtendResult } from "@auto-extend/client";
import { proxyTypeInfo, type SetAutoExtendRequest } from "@auto-extend/core";
import { readApiKey } from "../api-key.js";
import { usageError } from "../cli-error.js";
import { describeEvent } from "../client-events.js";
import { connectionOf } from "../connection.js";
import { confirmSwitchingOn } from "../consent.js";
import type { Context } from "../context.js";
import { curlCommand } from "../curl.js";
import type { Outcome } from "../invocation.js";
import { switchRequest } from "../switch-request.js";
import { version } from "../version.js";
import { counted } from "../words.js";

/** The options of `on` and `off`. */
export interface SwitchOptions {
  readonly type: string;
  readonly days: number;
  readonly file?: string;
  readonly yes?: true;
  readonly dryRun?: true;
}

/** What `on` and `off` are given. */
export interface SwitchInput extends SwitchOptions {
  readonly orderIds: readonly string[];
  readonly autoExtend: boolean;
}

/** Switches auto-extend of the given orders, or shows the request that would. */
export async function switchOrders(context: Context, input: SwitchInput): Promise<Outcome> {
  if (input.file === "-" && context.options.apiKeyFile === "-") {
    throw usageError("--file and --api-key-file can't both read stdin.", "Name a file for one of them.");
  }
  const request = await switchRequest(context, input);
  const { host, transport } = await connectionOf(context);
  const { baseUrl, timeout } = transport;
  const client = createClient({
    ...transport,
    apiKey: input.dryRun ? "left-out" : await readApiKey(context),
    // As by default, all attempts together may take three times as long as one.
    ...(timeout !== undefined && { retry: { totalTimeout: 3 * timeout } }),
    userAgent: `auto-extend-cli/${version}`,
    onEvent(event) {
      if (event.type === "attempt") context.track("unknown");
      if (event.type === "failure") context.track(event.error.effect);
      if (context.options.verbose) context.talk(describeEvent(event));
    },
  });
  context.reach(host);
  if (input.dryRun) return dryRun(context, { request, baseUrl });
  if (input.autoExtend && !input.yes) await confirmSwitchingOn(context, { request, host });
  const answer = await client.setAutoExtend(request, { signal: context.io.signal });
  return switched(context, { request, answer });
}

function dryRun(
  context: Context,
  { request, baseUrl }: { request: SetAutoExtendRequest; baseUrl: string },
): Outcome {
  const curl = curlCommand(baseUrl, request);
  context.talk(
    "Dry run: nothing was sent. The command reads AUTO_EXTEND_API_KEY; an API key with special characters has to be URL-encoded there.",
  );
  return { result: { dryRun: true, request, curl }, text: () => `${curl}\n` };
}

/** How many IP address ids are listed for people; `--json` has them all. */
const mostListed = 10;

function switched(
  context: Context,
  { request, answer }: { request: SetAutoExtendRequest; answer: SetAutoExtendResult },
): Outcome {
  const orders = request.orderIds.length;
  if (answer.quantity < orders) {
    context.note(
      `The provider counts fewer IP addresses (${answer.quantity}) than orders (${orders}): look the orders up in your account.`,
    );
  }
  return {
    result: { dryRun: false, request, answer },
    text() {
      const { ipAddressIds, balance, currency } = answer;
      const state = context.paint(request.autoExtend ? "green" : "bold", request.autoExtend ? "on" : "off");
      const more = (ipAddressIds?.length ?? 0) - mostListed;
      return [
        `Auto-extend is ${state} for ${counted(answer.quantity, "IP address", "IP addresses")} of ${counted(orders, "order", "orders")} (${proxyTypeInfo[request.proxyType].name}, ${counted(request.rentPeriodDays, "day", "days")}).`,
        ...(ipAddressIds?.slice(0, mostListed).map((id) => `  ${id}`) ?? []),
        ...(more > 0 ? [`  and ${more} more; --json lists them all`] : []),
        ...(balance == null ? [] : [`Balance: ${balance} ${currency ?? ""}`.trimEnd()]),
        "",
      ].join("\n");
    },
  };
}
