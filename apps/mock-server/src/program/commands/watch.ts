import { printable } from "@auto-extend/core";
import type { Command } from "commander";
import type { MockEvent } from "../../engine/log/events.js";
import { orderChangeText } from "../../engine/log/explanation.js";
import { requestText, stateEventText } from "../announcer.js";
import { addConnectionOptions, askMock, type ConnectionOptions, ControlApiError } from "../connection.js";
import { examplesHelp, type Io } from "../usage.js";

const examples = [
  ["watch", "requests, changes, faults and renewals, as they happen"],
  ["watch --json", "a JSON document on each line, for programs"],
] as const;

export function addWatchCommand(program: Command, io: Io): void {
  addConnectionOptions(program.command("watch"))
    .description("Shows what happens in a running mock, as it happens. Stop it with Ctrl-C.")
    .addHelpText("after", examplesHelp(io, examples))
    .action(async (options: ConnectionOptions) => {
      try {
        await showEvents(options, io);
      } catch (error) {
        if (io.stop.aborted) return;
        if (error instanceof ControlApiError) throw error;
        throw new ControlApiError("The connection to the mock was lost.");
      }
      if (!io.stop.aborted) throw new ControlApiError("The mock was stopped.");
    });
}

async function showEvents(options: ConnectionOptions, io: Io): Promise<void> {
  const request = { path: "/events", accept: "text/event-stream", signal: io.stop } as const;
  for await (const data of dataOf(await askMock(options, request, io))) {
    // The start of the stream is no event of the mock.
    if (data.startsWith('{"type":"stream"')) continue;
    io.stdout(options.json ? `${data}\n` : `${printable(eventText(JSON.parse(data)))}\n`);
  }
}

/** The data of each server-sent event. The mock writes it on one line. */
async function* dataOf({ body }: Response): AsyncGenerator<string> {
  let text = "";
  const decoder = new TextDecoder();
  for await (const bytes of (body ?? []) as AsyncIterable<Uint8Array>) {
    text += decoder.decode(bytes, { stream: true });
    const lines = text.split("\n");
    text = lines.pop() ?? "";
    for (const line of lines) if (line.startsWith("data: ")) yield line.slice("data: ".length);
  }
}

function eventText(event: MockEvent): string {
  const { at, account } = event;
  const who = account === null ? "" : ` (${account})`;
  const line = (text: string) => `${at.slice(11, 19)} ${text}`;
  switch (event.type) {
    case "request":
      return requestText(event.request);
    case "change":
      return line(`${event.request}${who} changed ${event.changes.map(orderChangeText).join("; ")}`);
    case "fault":
      return line(`${event.request}${who}: injected ${event.faults.map(({ name }) => name).join(", ")}`);
    case "renewal": {
      const { type, group } = event.renewal;
      return line(`order ${group.orderId}${who} ${renewalTexts[type]}`);
    }
    default:
      return stateEventText(event);
  }
}

const renewalTexts = {
  renewed: "was renewed and paid",
  failed: "was unpaid",
  expired: "expired",
} as const;
