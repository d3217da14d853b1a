import { type Command, InvalidArgumentError, Option } from "commander";
import { usageError } from "../cli-error.js";
import type { SwitchOptions } from "../commands/switch.js";
import type { BulkOptions } from "../commands/switch-many.js";
import { helpWith } from "../help.js";
import type { Definition } from "./definition.js";
import { days, rate } from "./values.js";

const examples = {
  on: [
    "auto-extend on --days 30 11111 22222",
    "auto-extend on --type IPv4 --days 30 11111 --yes --no-preview --no-verify   # one call",
    "auto-extend on --type isp --days 90 --file orders.csv --yes",
    "auto-extend on --type IPv6 --days 90 33333 --dry-run",
  ],
  off: [
    "auto-extend off 11111 22222",
    "auto-extend off --type IPv4 --days 30 11111 --no-verify   # one call",
    "auto-extend off --type mobile --days 30 --file orders.txt --json",
    "grep -v keep orders.txt | auto-extend off --type IPv4 --days 30 --file -",
    "auto-extend off --file orders.csv --ledger run.jsonl --failures failed.csv",
    "auto-extend off --file failed.csv",
  ],
};

const aboutFiles = `
With --file, orders are switched in chunks, and one that is refused doesn't stop the others. A file
with a row of headings has a column orderId, and may have columns type and days: the orders are then
grouped by them, and --type and --days can be left out. What failed goes to stdout as CSV, or into
the file of --failures, and --file takes it as it is; the account goes to stderr. Ctrl-C finishes
what is under way and tells what was done; a second one ends the program at once.`;

const periods = {
  on: "the rental period in days; that of the file where left out",
  off: "the rental period in days; that of your list, or the file, where left out",
};

/** `on` and `off`. */
export const defineSwitch: Definition = (program, ask) => {
  for (const name of ["on", "off"] as const) {
    const purpose = name === "on" ? "on: it costs money at each renewal" : "off";
    const command = program
      .command(`${name} [orderId...]`)
      .description(`Switches auto-extend ${purpose}. Every IP address of the given orders is switched.`)
      .option(
        "--type <type>",
        "IPv4, IPv6, MOBILE or ISP, in any case; that of your list, or the file, where left out",
      )
      .option("--days <days>", periods[name], days)
      .option("--file <file>", "reads order ids from a file, one a line or CSV; - is stdin")
      .option("--dry-run", "tells what would be sent, without the API key, and sends nothing")
      .option("--no-verify", "does not read the state back afterwards; with --file it is not");
    if (name === "on") {
      command
        .option("--yes", "switches on without asking")
        .option("--no-preview", "asks for no prices before, nor whether the rental period is sold")
        .option("--force", "asks for a rental period that is not sold");
    } else command.addOption(new Option("--yes", "has no effect: off never asks").hideHelp());
    withBulkOptions(command)
      .addHelpText("after", aboutFiles)
      .addHelpText("after", helpWith(examples[name]))
      .action((orderIds: string[], { file, ...options }: SwitchOptions & BulkOptions & { file?: string }) =>
        ask(name, async (context) => {
          const input = { ...options, orderIds, autoExtend: name === "on" };
          if (file !== undefined) {
            refuseCareOptions(options);
            const { switchMany } = await import("../commands/switch-many.js");
            return switchMany(context, { ...input, file });
          }
          refuseBulkOptions(command, options);
          const { switchOrders } = await import("../commands/switch.js");
          return switchOrders(context, input);
        }),
      );
  }
};

/** What is done before and after a switch of order ids that were typed. */
function refuseCareOptions({ preview, verify, force }: SwitchOptions): void {
  const name = preview === false ? "--no-preview" : verify === false ? "--no-verify" : force && "--force";
  if (!name) return;
  throw usageError(
    `${name} goes with order ids that are typed.`,
    "Leave it out: with --file no price is asked for before, and the state is not read back.",
  );
}

const bulkOptions = ["ledger", "resume", "failures", "chunkSize", "concurrency", "rate"] as const;

function withBulkOptions(command: Command): Command {
  return command
    .option("--ledger <file>", "with --file: writes each outcome into a new file before going on")
    .option("--resume <file>", "with --file: goes on with the run of that ledger, without what is known")
    .option("--failures <file>", "with --file: writes what failed as CSV")
    .option("--chunk-size <count>", "with --file: order ids in a request, 100 where left out", chunkSize)
    .option("--concurrency <count>", "with --file: requests under way at most, 4 where left out", count)
    .option("--rate <count>", "with --file: requests started in a second at most", rate);
}

function refuseBulkOptions(command: Command, options: BulkOptions): void {
  const name = bulkOptions.find((known) => options[known] !== undefined);
  if (name === undefined) return;
  const option = command.options.find((known) => known.attributeName() === name);
  throw usageError(
    `${option?.long} goes with --file, and there is none.`,
    "Order ids that are typed are sent in one request: list them in a file, or pipe them in with --file -.",
  );
}

const mostInChunk = 10_000;

function chunkSize(text: string): number {
  const value = count(text);
  if (value <= mostInChunk) return value;
  throw new InvalidArgumentError(`It must be a whole number from 1 to ${mostInChunk}.`);
}

function count(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && Number.isSafeInteger(value)) return value;
  throw new InvalidArgumentError("It must be a whole number, 1 or more.");
}
