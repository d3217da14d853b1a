import type { SetAutoExtendRequest } from "@auto-extend/core";
import type { Context } from "../context.js";
import { curlCommand } from "../curl.js";
import type { Outcome } from "../invocation.js";
import { counted } from "../words.js";
import { nameOfGroup } from "./groups.js";
import type { Input, InputGroup } from "./input.js";
import { pendingOf } from "./pending.js";
import type { RunState } from "./state.js";

/** What a dry run tells of. */
interface Plan {
  readonly input: Input;
  readonly state: RunState;
  readonly chunkSize: number;
  readonly autoExtend: boolean;
  /** Without a slash at its end. */
  readonly baseUrl: string;
}

/** Tells what a run would send. */
export async function dryRunMany(context: Context, plan: Plan): Promise<Outcome> {
  const { input, state, chunkSize, autoExtend, baseUrl } = plan;
  const groups = input.groups.map(({ proxyType, rentPeriodDays }, index) => {
    const orders = state.outcomes[index]?.open() ?? 0;
    return { proxyType, rentPeriodDays, orders, chunks: Math.ceil(orders / chunkSize) };
  });
  const pending = groups.reduce((sum, { orders }) => sum + orders, 0);
  const chunks = groups.reduce((sum, group) => sum + group.chunks, 0);
  const only = groups.findIndex((group) => group.chunks === 1);
  const request = chunks === 1 ? await requestOf(only, plan) : null;
  const curl = request && curlCommand(baseUrl, request);
  const reads =
    "The command reads AUTO_EXTEND_API_KEY; an API key with special characters has to be URL-encoded there.";
  context.talk(`Dry run: nothing was sent.${curl === null ? "" : ` ${reads}`}`);
  return {
    result: {
      ...{ dryRun: true, autoExtend, chunkSize, groups },
      ...{ settledBefore: input.given - pending, request, curl },
    },
    text: () =>
      curl === null
        ? [
            `Auto-extend would be switched ${autoExtend ? "on" : "off"} for ${counted(pending, "order id", "order ids")}, in ${counted(chunks, "chunk", "chunks")}.`,
            ...groups.map(
              (group) =>
                `  ${nameOfGroup(group)}: ${counted(group.orders, "order id", "order ids")}, ${counted(group.chunks, "chunk", "chunks")}`,
            ),
            "",
          ].join("\n")
        : `${curl}\n`,
  };
}

async function requestOf(
  index: number,
  { input, state, chunkSize, autoExtend }: Plan,
): Promise<SetAutoExtendRequest> {
  const group = input.groups[index] as InputGroup;
  const outcomes = state.outcomes[index] as RunState["outcomes"][number];
  const orderIds = new Set<string>();
  for await (const id of pendingOf(group, { outcomes, chunkSize }).ids()) orderIds.add(id);
  const { proxyType, rentPeriodDays } = group;
  return { proxyType, orderIds: [...orderIds], rentPeriodDays, autoExtend };
}
