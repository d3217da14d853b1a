import { operations, printable, proxyTypes } from "@auto-extend/core";
import { type Command, Option } from "commander";
import { type LogEntry, outcomes } from "../../engine/log/schemas.js";
import { driftFilters } from "../../engine/log/verify.js";
import { requestText } from "../announcer.js";
import {
  addConnectionOptions,
  askForJson,
  askMock,
  type ConnectionOptions,
  type ControlRequest,
  isNarrowed,
} from "../connection.js";
import { examplesHelp, type Io, jsonText, wholeNumber } from "../usage.js";

const examples = [
  ["requests", "the last 20"],
  ["requests --outcome refused", "those that were refused"],
  ["requests --order 11111 --json", "requests and answers about an order, as JSON for programs"],
  ["requests clear", "empty the log"],
  ["explain request-7", "why one of them was answered the way it was"],
] as const;

/** Adds `requests`: it lists the request log of a running mock, or empties it. */
export function addRequestsCommand(program: Command, io: Io): void {
  const requests = addFilterOptions(addConnectionOptions(program.command("requests")))
    .description("Lists the requests that a running mock has answered.")
    .addHelpText("after", examplesHelp(io, examples))
    .option(
      "--limit <number>",
      "maximum number of requests; the most recent ones are shown",
      wholeNumber(1, 1_000_000),
      20,
    )
    .action(async (options: FilterOptions & { readonly limit: number }) => {
      const query = { ...filterOf(options), limit: options.limit };
      const { requests: found } = await askForJson<{ requests: LogEntry[] }>(
        options,
        { path: "/requests", query },
        io,
      );
      if (options.json) io.stdout(jsonText(found));
      else if (found.length === 0) io.stdout(`${noSuchRequest}\n`);
      else io.stdout(found.map((entry) => `${printable(requestText(entry))}\n`).join(""));
    });

  addConnectionOptions(requests.command("clear"))
    .description("Empties the request log.")
    .action(async (options: ConnectionOptions) => {
      await askMock(options, { method: "DELETE", path: "/requests" }, io);
      const what = isNarrowed(options)
        ? "The requests of this account are removed from the log."
        : "The request log is empty.";
      io.stdout(options.json ? jsonText({ cleared: true }) : `${what}\n`);
    });
}

export const noSuchRequest = "The log has no matching request.";

/** The options that select requests of the log. */
export interface FilterOptions extends ConnectionOptions {
  readonly change?: true;
  readonly outcome?: string;
  readonly operation?: string;
  readonly code?: number;
  readonly status?: number;
  readonly fault?: string;
  readonly order?: string;
  readonly type?: string;
  readonly drift?: string;
}

/** Adds the options that select requests of the log. */
export function addFilterOptions(command: Command): Command {
  return command
    .option("--change", "only requests that switch auto-extend, or try to")
    .addOption(
      new Option("--operation <name>", "only this operation").choices(operations.map(({ id }) => id)),
    )
    .addOption(new Option("--outcome <outcome>", "only this outcome").choices(Object.keys(outcomes)))
    .option("--code <number>", "only refusals with this error code", wholeNumber(0, 999_999))
    .option("--status <number>", "only answers with this HTTP status", wholeNumber(100, 999))
    .option("--fault <name>", "only requests that this fault was injected into")
    .option("--order <id>", "only requests that name this order")
    .addOption(new Option("--type <type>", "only this proxy type").choices(proxyTypes))
    .addOption(
      new Option("--drift <level>", "only requests that differ from the contract at this level").choices(
        driftFilters,
      ),
    );
}

/** The query of the control API for these options. */
export function filterOf(options: FilterOptions): NonNullable<ControlRequest["query"]> {
  const { change: changes, outcome, operation, code, status, fault, order: orderId, type, drift } = options;
  return { changes, outcome, operation, code, status, fault, orderId, proxyType: type, drift };
}
