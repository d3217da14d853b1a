import type { Response } from "express";
import { z } from "zod/v3";
import { excludeFromShutdown } from "../../channels/connections.js";
import type { Engine } from "../../engine/engine.js";
import type { MockEvent } from "../../engine/log/events.js";
import { mockEvent } from "../request-schemas.js";
import { controlRoute } from "../route.js";

/** How often a stream shows that it is still there, in milliseconds. */
const heartbeat = 15_000;

/** How much may wait for a reader who takes nothing for as long as `catchUpMs`, in bytes. */
const mostWaiting = 1024 * 1024;

/** How much may wait at all. The clock can let tens of thousands of orders renew at once, for the quickest reader, too. */
const mostAtAll = 64 * mostWaiting;

/** How long a reader has to catch up, in milliseconds. */
const catchUpMs = 1_000;

const at = "2030-01-01T00:00:00.000Z";

const example: MockEvent[] = [
  { at, account: null, type: "state", because: "reset" },
  { at, account: "account-1", type: "fault", request: "request-1", faults: [{ name: "slow", by: "header" }] },
  { at, account: null, type: "clock", frozen: true },
];

/** The route that tells what happens. */
export const eventRoutes = [
  controlRoute({
    id: "watchEvents",
    tag: "Events",
    method: "get",
    path: "/__mock/events",
    summary: "What happens, as it happens",
    description:
      "A stream of server-sent events, which ends when either side closes it. Each has a type (`request`, `change`, `fault`, `clock`, `renewal`, `queue`, `log` or `state`), a number that counts up as long as the mock runs, and its JSON. A reader who comes back with `Last-Event-ID` first gets what it has missed, up to the last 1,000 events. Narrowed to an account, it leaves out what is another account's. The stream ends for a reader who takes nothing for a second while more than 1 MiB waits, and for one who lets 64 MiB wait.",
    accountScoped: true,
    answer: {
      status: 200,
      says: "The stream: the JSON of each event is one of these.",
      text: { mediaType: "text/event-stream", schema: z.array(mockEvent), example },
    },
    handle: ({ engine, account, request }) => {
      const after = lastEventId(request.get("last-event-id"));
      return { stream: (response) => stream(response, engine, { account, after }) };
    },
  }),
];

/** The number of the last event that a reader who comes back has seen. */
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
  const beat = setInterval(() => send(": still here\n\n"), heartbeat);
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

  /** Not before the events of this moment are written: until then nothing can leave, however long that takes. */
  function startJudging(): void {
    if (judgement !== undefined || isStarting) return;
    isStarting = true;
    setImmediate(() => {
      if (response.destroyed) return;
      isStarting = false;
      if (response.writableLength > mostWaiting) judgement = setTimeout(judge, catchUpMs, sent());
    });
  }

  /** A reader who has taken nothing for a while will not catch up. One on a busy machine may just be slow. */
  function judge(before: number): void {
    if (sent() === before) giveUp();
    else judgement = setTimeout(judge, catchUpMs, sent());
  }

  /** How many bytes have left, of this answer and those before it on the connection. */
  function sent(): number {
    const { bytesWritten = 0, writableLength = 0 } = response.socket ?? {};
    return bytesWritten - writableLength;
  }

  /** All that waited has left. */
  function spare(): void {
    clearTimeout(judgement);
    judgement = undefined;
  }

  /** What waits is let go, too: it must not stay in memory for somebody who doesn't read. */
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
