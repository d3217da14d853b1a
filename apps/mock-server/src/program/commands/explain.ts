import { printable } from "@auto-extend/core";
import type { Command } from "commander";
import { addConnectionOptions, askMock, type ConnectionOptions, jsonText } from "../connection.js";
import type { Io } from "../io.js";

const examples = `
ID is in the header mock-request-id of the answer, and in the list of auto-extend-mock requests.

Examples:
  auto-extend-mock explain                                   the last request
  auto-extend-mock explain request-7                         that one
  auto-extend-mock explain --port 4011                       of a mock on another port
  auto-extend-mock explain --json | jq .rules                for programs`;

/** Adds `explain`: it asks a running mock why a request was answered the way it was. */
export function addExplainCommand(program: Command, io: Pick<Io, "env" | "stdout">): void {
  addConnectionOptions(program.command("explain"))
    .description("Explains why a request was answered the way it was, and what it changed.")
    .addHelpText("after", examples)
    .argument("[id]", "the id of the request", "last")
    .action(async (id: string, options: ConnectionOptions) => {
      const { json = false } = options;
      const path = `/requests/${encodeURIComponent(id)}`;
      const accept = json ? "application/json" : "text/plain";
      const text = await (await askMock(options, { path, accept }, io)).text();
      // It quotes what was sent, which could take over a terminal.
      io.stdout(json ? jsonText(JSON.parse(text)) : printable(text));
    });
}
