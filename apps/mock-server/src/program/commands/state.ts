import { printable } from "@auto-extend/core";
import type { Command } from "commander";
import type { OrderState, State } from "../../engine/state/world.js";
import { pluralize } from "../../lib/text.js";
import { wholeNumber } from "../arguments.js";
import {
  addConnectionOptions,
  askForJson,
  askMock,
  type ConnectionOptions,
  jsonText,
} from "../connection.js";
import type { Io } from "../io.js";

interface StateOptions extends ConnectionOptions {
  readonly limit: number;
}

const examples = `
Examples:
  auto-extend-mock state                              accounts, balances and orders
  auto-extend-mock state --account default
  auto-extend-mock state --api-key any-key            the account of an API key
  auto-extend-mock state --json > world.json          as a world file`;

/** Adds `state`: it shows the accounts and orders of a running mock. */
export function addStateCommand(program: Command, io: Pick<Io, "env" | "stdout">): void {
  addConnectionOptions(program.command("state"))
    .description("Shows the accounts and orders of a running mock.")
    .addHelpText("after", examples)
    .option("--limit <number>", "how many orders of each account", wholeNumber(1, 1_000_000), 50)
    .action(async (options: StateOptions) => {
      const state = await askForJson<State>(options, { path: "/state" }, io);
      io.stdout(options.json ? jsonText(state) : printable(stateText(state, options.limit)));
    });
}

/** Adds `reset`: it takes a running mock back to its starting world. */
export function addResetCommand(program: Command, io: Pick<Io, "env" | "stdout">): void {
  addConnectionOptions(program.command("reset"))
    .description("Resets a running mock: starting world, clock, empty request log, no faults.")
    .action(async (options: ConnectionOptions) => {
      await askMock(options, { method: "POST", path: "/reset" }, io);
      const isOne = options.account !== undefined || options.apiKey !== undefined;
      if (options.json) io.stdout(jsonText({ reset: true }));
      else io.stdout(isOne ? "The account is reset.\n" : "The mock is reset.\n");
    });
}

function stateText({ accounts }: State, limit: number): string {
  if (accounts.length === 0) return "There are no accounts.\n";
  return accounts
    .map(({ id, balance, currency, orders }) => {
      const shown = orders.slice(0, limit).map(orderText);
      const more = orders.length - shown.length;
      if (more > 0) shown.push(`  and ${pluralize(more, "more order")}: --limit ${orders.length} shows all`);
      return [
        `Account ${id}: ${balance} ${currency}, ${pluralize(orders.length, "order")}`,
        ...shown,
        "",
      ].join("\n");
    })
    .join("\n");
}

/** Values that differ between the addresses of an order are all shown. */
function orderText({ orderId, proxyType, ipAddresses }: OrderState): string {
  const all = (values: readonly (string | number)[]) => [...new Set(values)].join(" and ");
  const state = all(ipAddresses.map(({ autoExtend }) => (autoExtend ? "on" : "off")));
  const days = all(ipAddresses.map(({ rentPeriodDays }) => rentPeriodDays));
  const ends = all(ipAddresses.map(({ endsAt }) => endsAt));
  const count = pluralize(ipAddresses.length, "IP address", "es");
  return `  ${orderId}  ${proxyType}  ${count}  auto-extend ${state}, ${days} days, ends ${ends}`;
}
