import { printable } from "@auto-extend/core";
import type { Command } from "commander";
import { defaultAccountId } from "../../engine/state/accounts.js";
import type { AccountState, OrderState, State } from "../../engine/state/world.js";
import { pluralize } from "../../lib/text.js";
import {
  addConnectionOptions,
  type CallMock,
  type ConnectionOptions,
  type ControlApiError,
  isAccountScoped,
  onEach,
} from "../connection.js";
import { columns, examplesHelp, type Io, wholeNumber } from "../usage.js";

const examples = [
  ["state", "accounts, balances and orders"],
  ["state --api-key any-key", "the account of an API key"],
  ["state --json > world.json", "as a world file"],
] as const;

const notes = `
The account "${defaultAccountId}" is the template that new API keys get a copy of.`;

export function addStateCommand(program: Command, io: Io): void {
  addConnectionOptions(program.command("state"))
    .description("Show the accounts and orders of a running mock.")
    .addHelpText("after", `${examplesHelp(io, examples)}${notes}`)
    .option("--limit <number>", "maximum number of orders per account", wholeNumber(1, 1_000_000), 50)
    .action(
      onEach(io, async (call, { limit }: ConnectionOptions & { readonly limit: number }) => {
        const state = await call<State>({ path: "/state" });
        const { now } = await call<{ now: string }>({ path: "/clock" });
        return { json: state, text: printable(stateText(state, { now, limit })) };
      }),
    );
}

export function addResetCommand(program: Command, io: Io): void {
  addConnectionOptions(program.command("reset"))
    .description("Reset a running mock: starting state, empty request log, no queued faults.")
    .action(
      onEach(io, async (call, options) => {
        await call({ method: "POST", path: "/reset" });
        return { json: { reset: true }, text: `${await resetText(call, options)}\n` };
      }),
    );
}

async function resetText(call: CallMock, options: ConnectionOptions): Promise<string> {
  if (isAccountScoped(options)) return "Reset the account.";
  try {
    await call({ path: "/clock" });
    return "Reset the mock: starting state, empty log, no queued faults.";
  } catch (error) {
    // The orders behind a mock that forwards requests stay as they are.
    if ((error as ControlApiError).problemId !== "mock/stateless") throw error;
    return "Emptied the request log and removed all queued faults. The upstream server was not reset.";
  }
}

interface Shown {
  /** The present by the mock's clock, in ISO 8601. */
  readonly now: string;
  /** The maximum number of orders per account. */
  readonly limit: number;
}

function stateText({ accounts }: State, shown: Shown): string {
  if (accounts.length === 0) return "There are no accounts.\n";
  return accounts.map((account) => describeAccount(account, shown)).join("\n");
}

function describeAccount({ id, balance, currency, orders }: AccountState, { now, limit }: Shown): string {
  const title =
    id === defaultAccountId ? `Template account ${id}, copied for each new API key` : `Account ${id}`;
  const more = orders.length - limit;
  return [
    `${title}: ${balance} ${currency}, ${pluralize(orders.length, "order")}\n`,
    columns(orders.slice(0, limit).map((order) => orderCells(order, now))),
    more > 0 ? `  and ${pluralize(more, "more order")}: --limit ${orders.length} shows all\n` : "",
  ].join("");
}

/** Values that differ between the addresses of an order are all shown. */
function orderCells({ orderId, proxyType, ipAddresses }: OrderState, now: string): string[] {
  const all = (values: readonly (string | number)[]) => [...new Set(values)].join(" and ");
  const state = all(ipAddresses.map(({ autoExtend }) => (autoExtend ? "on" : "off")));
  const days = all(ipAddresses.map(({ rentPeriodDays }) => rentPeriodDays));
  const ends = all(
    ipAddresses.map(({ endsAt }) => `${endsAt > now ? "ends" : "expired"} ${endsAt.slice(0, 16)}Z`),
  );
  const addresses = pluralize(ipAddresses.length, "address", "es");
  return [orderId, proxyType, addresses, state, `${days} days`, ends];
}
