import { operations, printable } from "@auto-extend/core";
import { type Command, Option } from "commander";
import { type Explanation, type LogEntry, outcomes } from "../../engine/log/schemas.js";
import { driftFilters, requestFilterSchema } from "../../engine/log/verify.js";
import { requestText } from "../announcer.js";
import {
  addConnectionOptions,
  type CallMock,
  type ConnectionOptions,
  ControlApiError,
  type ControlRequest,
  isAccountScoped,
  onEach,
} from "../connection.js";
import { examplesHelp, type Io, proxyTypeOf, UsageError, valueBy, wholeNumber } from "../usage.js";

const examples = [
  ["requests", "the last 20"],
  ["requests --outcome refused", "those that were refused"],
  ["requests --order 11111 --json", "requests and answers about an order, as JSON for programs"],
  ["requests clear", "empty the log"],
  ["explain request-7", "why one of them was answered the way it was"],
] as const;

export function addRequestsCommand(program: Command, io: Io): void {
  const requests = addFilterOptions(addConnectionOptions(program.command("requests")))
    .description("List the requests that a running mock has answered (requests clear empties the list).")
    .addHelpText("after", examplesHelp(io, examples))
    .option(
      "--limit <number>",
      "maximum number of requests; the most recent ones are shown",
      wholeNumber(1, 1_000_000),
      20,
    )
    .action(
      onEach(io, async (call, options: FilterOptions & { readonly limit: number }) => {
        const found = await listRequests(call, options, options.limit);
        const lines = found.map((entry) => `${printable(requestText(entry))}\n`);
        return { json: found, text: found.length === 0 ? `${noneText(options)}\n` : lines.join("") };
      }),
    );

  addConnectionOptions(requests.command("clear"))
    .description("Empty the request log.")
    .action(
      onEach(io, async (call, options) => {
        await call({ method: "DELETE", path: "/requests" });
        const what = isAccountScoped(options)
          ? "Removed the requests of this account from the log."
          : "Emptied the request log.";
        return { json: { cleared: true }, text: `${what}\n` };
      }),
    );
}

function isFiltered(options: FilterOptions): boolean {
  return Object.values(filterOf(options)).some((value) => value !== undefined);
}

function noneText(options: FilterOptions): string {
  return isFiltered(options) || isAccountScoped(options)
    ? "The log has no matching request."
    : "The log has no request yet. Send one first.";
}

type FilterName =
  | "change"
  | "outcome"
  | "operation"
  | "code"
  | "status"
  | "fault"
  | "order"
  | "type"
  | "drift";
type FilterOptions = ConnectionOptions & Readonly<Partial<Record<FilterName, string | number | boolean>>>;

function addFilterOptions(command: Command): Command {
  return command
    .option("--change", "only requests that switch auto-extend, or try to")
    .addOption(
      new Option("--operation <name>", "only this operation").choices(operations.map(({ id }) => id)),
    )
    .addOption(new Option("--outcome <outcome>", "only this outcome").choices(Object.keys(outcomes)))
    .option("--code <number>", "only refusals with this error code", wholeNumber(-999_999, 999_999))
    .option("--status <number>", "only answers with this HTTP status", wholeNumber(100, 999))
    .option(
      "--fault <name>",
      "only requests that this preset, or the queued fault with this ID, was injected into",
      valueBy(requestFilterSchema.shape.fault),
    )
    .option("--order <id>", "only requests that name this order")
    .option("--type <type>", "only this proxy type: IPv4, IPv6, MOBILE or ISP", proxyTypeOf)
    .addOption(
      new Option("--drift <level>", "only requests with drift of this level; any, or none").choices(
        driftFilters,
      ),
    );
}

function filterOf(options: FilterOptions): NonNullable<ControlRequest["query"]> {
  const { change: changes, outcome, operation, code, status, fault, order: orderId, type, drift } = options;
  return { changes, outcome, operation, code, status, fault, orderId, proxyType: type, drift };
}

const explainExamples = [
  ["explain", "the last request"],
  ["explain --change", "the last request that switches auto-extend, or tries to"],
  ["explain --outcome refused", "the last request that was refused"],
  ["explain request-7", "a request by its ID"],
  ["explain --json | jq .rules", "as JSON, for programs"],
] as const;

const notes = `
The ID is in the answer's header mock-request-id, and in the list of requests.
The auto-extend CLI reads the list of IP addresses after a switch, so the last
request is not the switch itself: use --change.`;

export function addExplainCommand(program: Command, io: Io): void {
  addFilterOptions(addConnectionOptions(program.command("explain")))
    .description("Explain why a request was answered the way it was, and what it changed.")
    .addHelpText("after", `${examplesHelp(io, explainExamples)}${notes}`)
    .argument("[id]", "the ID of the request (default: the last one that the options select)")
    .action(
      onEach(io, async (call, options: FilterOptions, given: string | undefined) => {
        const isSelected = isFiltered(options);
        if (given !== undefined && isSelected) {
          throw new UsageError("Give either the ID of a request or options that select one.");
        }
        const id = isSelected ? await lastOf(call, options) : (given ?? "last");
        const explanation = await call<Explanation>({ path: `/requests/${encodeURIComponent(id)}` });
        if (given === undefined && !isSelected && !options.json && isRead(explanation)) {
          io.stderr("This request only reads. Use --change for the last switch.\n");
        }
        // It quotes the request, which could take over a terminal.
        return { json: explanation, text: `${printable(explanation.text)}\n` };
      }),
    );
}

async function lastOf(call: CallMock, options: FilterOptions): Promise<string> {
  const [last] = await listRequests(call, options, 1);
  if (!last) throw new ControlApiError(noneText(options));
  return last.id;
}

async function listRequests(call: CallMock, options: FilterOptions, limit: number): Promise<LogEntry[]> {
  const query = { ...filterOf(options), limit };
  return (await call<{ requests: LogEntry[] }>({ path: "/requests", query })).requests;
}

function isRead({ operation }: LogEntry): boolean {
  return operations.some(({ id, changes }) => id === operation && !changes);
}
