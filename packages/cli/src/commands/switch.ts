import { defineCommand } from "../app/command.js";
import type { Context } from "../app/context.js";
import { emptyValue } from "../app/errors.js";
import { offOptions, onOptions, undoOptions } from "../switching/options.js";
import type { SwitchRequest } from "../switching/switch-orders.js";

const help = `Type and rental period are looked up in your list of IP addresses, unless the options or the file give them. A file lists one order ID a line; with headings, it has a column orderId and may have columns type and days, which win over the options. The failures go to stdout as CSV, or to the file of --failures; --file takes them as they are. Ctrl-C finishes the requests under way and reports; a second one ends at once.`;

export const on = defineCommand({
  name: "on",
  group: "Orders",
  description: "Switch auto-extend on for every IP address of these orders. Each renewal costs money.",
  argument: "[orderId...]",
  options: onOptions,
  help,
  examples: [
    "auto-extend on 11111 22222 --days 30",
    "auto-extend on --file orders.csv --max-price 500 --ledger run.jsonl",
    "auto-extend on --resume run.jsonl",
    "auto-extend on 33333 --type IPv6 --days 90 --dry-run",
  ],
  run: (context, { args, options }) => start(context, { command: "on", orderIds: args, options }),
});

export const off = defineCommand({
  name: "off",
  group: "Orders",
  description: "Switch auto-extend off for every IP address of these orders.",
  argument: "[orderId...]",
  options: offOptions,
  help,
  examples: [
    "auto-extend off 11111 22222",
    "auto-extend off --file orders.csv --ledger run.jsonl",
    "auto-extend off --file orders.csv --failures failed.csv",
    "auto-extend off --file failed.csv",
    "grep -v keep orders.txt | auto-extend off --file -",
  ],
  run: (context, { args, options }) => start(context, { command: "off", orderIds: args, options }),
});

export const undo = defineCommand({
  name: "undo",
  group: "Orders",
  description: "Undo the run recorded in a ledger: restore the state before it.",
  argument: "<ledger>",
  argumentValues: "file",
  options: undoOptions,
  help: "Only orders that the run changed are restored, and only if nothing changed them since; the others are listed. It asks before it switches anything on.",
  examples: ["auto-extend undo run.jsonl", "auto-extend undo run.jsonl --yes --json"],
  async run(context, { args: [ledger = ""], options }) {
    if (ledger.trim() === "") throw emptyValue("The ledger");
    return start(context, { command: "undo", orderIds: [], ledger, options });
  },
});

async function start(context: Context, request: SwitchRequest) {
  const { switchOrders } = await import("../switching/switch-orders.js");
  return switchOrders(context, request);
}
