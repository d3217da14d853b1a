import type { Response } from "express";
import { z } from "zod/v3";
import { excludeFromShutdown } from "../../channels/connections.js";
import { accountIdOf } from "../../controls.js";
import type { Engine } from "../../engine/engine.js";
import type { MockEvent } from "../../engine/log/events.js";
import { mockEvent } from "../request-schemas.js";
import { controlRoute } from "../route.js";

/** How often a comment shows that the stream is alive. */
const heartbeatMs = 15_000;

/** The maximum number of bytes that wait for a reader who takes nothing for `catchUpMs`. */
const mostWaiting = 1024 * 1024;

/** The maximum for any reader: moving the clock can renew tens of thousands of orders at once. */
const mostAtAll = 64 * mostWaiting;

const catchUpMs = 1_000;

const at = "2030-01-01T00:00:00.000Z";

const example: MockEvent[] = [
  { at, account: null, type: "state", because: "reset" },
  { at, account: "account-1", type: "fault", request: "request-1", faults: [{ name: "slow", by: "header" }] },
  { at, account: null, type: "clock", frozen: true },
];

export const eventRoutes = [
  controlRoute({
    id: "watchEvents",
    tag: "Events",
    method: "get",
    path: "/__mock/events",
    summary: "A stream of everything that happens",
    description:
      "A stream of server-sent events. Each event has a type (`request`, `change`, `fault`, `clock`, `renewal` or `state`), a number that counts up as long as the mock runs, and JSON. A reader who reconnects with `Last-Event-ID` first gets the events that it has missed, up to the last 1,000. With an account named, events of other accounts are left out. The stream ends when either side closes it, when a reader takes nothing for a second while more than 1 MiB waits, and when 64 MiB wait.",
    accountScoped: true,
    answer: {
      status: 200,
      says: "The stream: the JSON of each event is one of these.",
      text: { mediaType: "text/event-stream", schema: z.array(mockEvent), example },
    },
    handle: ({ engine, of, request }) => {
      const account = accountIdOf(engine, of);
      const after = lastEventId(request.get("last-event-id"));
      return { stream: (response) => stream(response, engine, { account, after }) };
    },
  }),
];

/** The number of the last event that a reader who reconnects has received. */
function lastEventId(header: string | undefined): number | undefined {
  return header !== undefined && /^\d{1,15}$/.test(header) ? Number(header) : undefined;
}

interface StreamOptions {
  readonly account: string | undefined;
  readonly after: number | undefined;
}

function stream(response: Response, { events }: Engine, options: StreamOptions): void {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
  if (response.req.method === "HEAD") return void response.end();
  excludeFromShutdown(response.socket, response);
  let judgement: NodeJS.Timeout | undefined;
  let isStarting = false;
  response.write(": watching\n\n");
  const beat = setInterval(() => send(": still here\n\n"), heartbeatMs);
  const unwatch = events.watch(
    (event, number) => send(`event: ${event.type}\nid: ${number}\ndata: ${JSON.stringify(event)}\n\n`),
    options,
  );
  response.on("drain", spare).once("close", stop);

  function send(text: string): void {
    response.write(text);
    if (response.writableLength > mostAtAll) giveUp();
    else if (response.writableLength > mostWaiting) startJudging();
  }

  /** Waits until all events of this moment are written: nothing can be sent before that. */
  function startJudging(): void {
    if (judgement !== undefined || isStarting) return;
    isStarting = true;
    setImmediate(() => {
      if (response.destroyed) return;
      isStarting = false;
      if (response.writableLength > mostWaiting) judgement = setTimeout(judge, catchUpMs, sent());
    });
  }

  /** Gives up on a reader who took nothing meanwhile. One who took something may just be slow. */
  function judge(before: number): void {
    if (sent() === before) giveUp();
    else judgement = setTimeout(judge, catchUpMs, sent());
  }

  /** The number of bytes sent on this connection. */
  function sent(): number {
    const { bytesWritten = 0, writableLength = 0 } = response.socket ?? {};
    return bytesWritten - writableLength;
  }

  /** Called when nothing waits any more. */
  function spare(): void {
    clearTimeout(judgement);
    judgement = undefined;
  }

  /** Also frees what waits: it must not stay in memory for somebody who doesn't read. */
  function giveUp(): void {
    stop();
    response.destroy();
  }

  function stop(): void {
    clearInterval(beat);
    spare();
    unwatch();
  }
}
