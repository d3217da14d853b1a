import { printable, proxyTypes } from "@auto-extend/core";
import { type Command, Option } from "commander";
import type { LogEntry } from "../../engine/log/request-log.js";
import { requestText } from "../announcer.js";
import { wholeNumber } from "../arguments.js";
import {
  addConnectionOptions,
  askForJson,
  askMock,
  type ConnectionOptions,
  jsonText,
} from "../connection.js";
import type { Io } from "../io.js";

interface RequestsOptions extends ConnectionOptions {
  readonly outcome?: string;
  readonly operation?: string;
  readonly code?: number;
  readonly status?: number;
  readonly fault?: string;
  readonly order?: string;
  readonly type?: string;
  readonly drift?: string;
  readonly limit?: number;
}

const examples = `
Examples:
  auto-extend-mock requests                         the last 20
  auto-extend-mock requests --outcome refused       those that were refused
  auto-extend-mock requests --order 11111 --json    what was sent and answered, for programs
  auto-extend-mock requests clear                   empties the log

auto-extend-mock explain ID explains one of them.`;

/** Adds `requests`: it lists the request log of a running mock, or empties it. */
export function addRequestsCommand(program: Command, io: Pick<Io, "env" | "stdout">): void {
  const requests = addConnectionOptions(program.command("requests"))
    .description("Lists the requests that a running mock has answered.")
    .addHelpText("after", examples)
    .addOption(
      new Option("--outcome <outcome>", "only those with this outcome").choices([
        "done",
        "refused",
        "problem",
        "faulted",
        "forwarded",
      ]),
    )
    .option("--operation <name>", "only this operation, such as setAutoExtend")
    .option("--code <number>", "only refusals with this error code", wholeNumber(0, 999_999))
    .option("--status <number>", "only answers with this HTTP status", wholeNumber(100, 999))
    .option("--fault <name>", "only those that this fault struck")
    .option("--order <id>", "only those that name this order")
    .addOption(new Option("--type <type>", "only this proxy type").choices(proxyTypes))
    .addOption(
      new Option("--drift <level>", "only those that differ from the contract, or not").choices([
        "accepts",
        "lawful",
        "emits",
        "any",
        "none",
      ]),
    )
    .option("--limit <number>", "how many, the last ones", wholeNumber(1, 1_000_000), 20)
    .action(async (options: RequestsOptions) => {
      const {
        outcome,
        operation,
        code,
        status,
        fault,
        order: orderId,
        type: proxyType,
        drift,
        limit,
      } = options;
      const query = { outcome, operation, code, status, fault, orderId, proxyType, drift, limit };
      const { requests: found } = await askForJson<{ requests: LogEntry[] }>(
        options,
        { path: "/requests", query },
        io,
      );
      if (options.json) io.stdout(jsonText(found));
      else io.stdout(found.length === 0 ? "No such request is in the log.\n" : lines(found));
    });

  addConnectionOptions(requests.command("clear"))
    .description("Empties the request log.")
    .action(async (options: ConnectionOptions) => {
      await askMock(options, { method: "DELETE", path: "/requests" }, io);
      io.stdout(options.json ? jsonText({ cleared: true }) : "The request log is empty.\n");
    });
}

function lines(found: readonly LogEntry[]): string {
  return found.map((entry) => `${printable(requestText(entry))}\n`).join("");
}
