import { operations, printable } from "@auto-extend/core";
import type { Command } from "commander";
import type { Explanation, LogEntry } from "../../engine/log/schemas.js";
import { addConnectionOptions, askForJson, ControlApiError } from "../connection.js";
import { examplesHelp, type Io, jsonText, UsageError } from "../usage.js";
import { addFilterOptions, type FilterOptions, filterOf, noSuchRequest } from "./requests.js";

const examples = [
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

/** Adds `explain`: why a request was answered the way it was. */
export function addExplainCommand(program: Command, io: Io): void {
  addFilterOptions(addConnectionOptions(program.command("explain")))
    .description("Explains why a request was answered the way it was, and what it changed.")
    .addHelpText("after", `${examplesHelp(io, examples)}${notes}`)
    .argument("[id]", "the ID of the request (default: the last one that the options select)")
    .action(async (given: string | undefined, options: FilterOptions) => {
      const isFiltered = Object.values(filterOf(options)).some((value) => value !== undefined);
      if (given !== undefined && isFiltered) {
        throw new UsageError("Give either the ID of a request or options that select one.");
      }
      const id = isFiltered ? await lastOf(options, io) : (given ?? "last");
      const path = `/requests/${encodeURIComponent(id)}`;
      const explanation = await askForJson<Explanation>(options, { path }, io);
      // It quotes the request, which could take over a terminal.
      io.stdout(options.json ? jsonText(explanation) : `${printable(explanation.text)}\n`);
      if (given === undefined && !isFiltered && !options.json && isRead(explanation)) {
        io.stderr("This request only reads. Use --change for the last switch.\n");
      }
    });
}

/** @returns the ID of the last request that the options select. */
async function lastOf(options: FilterOptions, io: Io): Promise<string> {
  const query = { ...filterOf(options), limit: 1 };
  const { requests } = await askForJson<{ requests: LogEntry[] }>(options, { path: "/requests", query }, io);
  const [last] = requests;
  if (!last) throw new ControlApiError(noSuchRequest);
  return last.id;
}

function isRead({ operation }: LogEntry): boolean {
  return operations.some(({ id, changes }) => id === operation && !changes);
}
