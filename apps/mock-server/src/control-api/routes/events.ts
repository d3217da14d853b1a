// Not the global ones: fake timers replace those, and readers would then wait forever for events that have happened.
import { setImmediate, setTimeout } from "node:timers";
import type { Response } from "express";
import { z } from "zod/v3";
import { excludeFromShutdown } from "../../channels/connections.js";
import { accountIdOf } from "../../controls.js";
import type { Engine } from "../../engine/engine.js";
import { eventTypes, type MockEvent, mockEvent } from "../../engine/log/events.js";
import { whole } from "../../lib/schemas.js";
import { controlRoute } from "../route.js";

export const skippedEvents = z
  .strictObject({
    type: z.literal("skipped"),
    requests: whole.describe("The number of requests that were left out."),
    changes: whole.describe("The number of requests that changed orders, and were left out."),
  })
  .describe("Events that were left out, since more came than `perSecond`.");

export const streamStart = z
  .strictObject({
    type: z.literal("stream"),
    run: z.string().describe("Identifies this run of the mock. Each restart changes it."),
    isResumed: z
      .boolean()
      .describe(
        "Whether the stream continues after `Last-Event-ID` without a gap; false without that header.",
      ),
  })
  .describe("The first event of a stream.");

const heartbeatMs = 15_000;

/**
 * A reader who takes nothing for this time is cut off if more than this number of bytes waits. Node's timer may need two
 * rounds to notice.
 */
const stalledMs = 2_500;
const maxStalled = 1024 * 1024;

/** The maximum for any reader: moving the clock can renew tens of thousands of orders at once. */
const maxBuffered = 64 * maxStalled;

const at = "2030-01-01T00:00:00.000Z";

const example: [z.output<typeof streamStart>, ...MockEvent[]] = [
  { type: "stream", run: "7d0c4a52-3b1e-4d0e-9a57-2f6f0d0c1a11", isResumed: false },
  { at, account: null, type: "state", because: "reset" },
  { at, account: "account-1", type: "fault", request: "request-1", faults: [{ name: "slow", by: "header" }] },
  { at, account: null, type: "clock", frozen: true },
];

export const eventRoutes = [
  controlRoute("watchEvents", "get /__mock/events", {
    tag: "Events",
    summary: "A stream of everything that happens",
    description:
      "A stream of server-sent events. Each event has a type (`request`, `change`, `fault`, `clock`, `renewal`, `queue`, `log` or `state`), an ID, and JSON. The first event is of type `stream`: each restart of the mock changes its `run`. A reader who reconnects with `Last-Event-ID` first gets the events that it missed, up to the last 1,000, and those of requests as long as the log has them; `isResumed` says whether that is all of them. With an account named, events of other accounts are left out. The stream ends when either side closes it, when a reader takes nothing for five seconds while more than 1 MiB waits, and when 64 MiB wait.",
    query: z.strictObject({
      perSecond: whole
        .min(1)
        .max(100_000)
        .optional()
        .describe(
          "The maximum number of events per second, separately for `request`, `change` and `fault` events (default: no maximum). An event of type `skipped`, which has no ID, counts the `request` and `change` events that were left out. Events are sent in batches.",
        ),
      types: z
        .array(z.enum(eventTypes))
        .optional()
        .describe("Only events of these types, such as `request,clock` (default: all types)."),
    }),
    answerDescription: "The stream: the JSON of each event is one of these.",
    text: {
      mediaType: "text/event-stream",
      schema: z.array(z.union([streamStart, skippedEvents, mockEvent])),
      example,
    },
    handle: ({ engine, run, of, request, query }) => {
      const account = accountIdOf(engine, of);
      const after = lastEventNumber(request.get("last-event-id"), run);
      return { stream: (response) => stream(response, engine, { run, account, after, ...query }) };
    },
  }),
];

/** The number of the last event that a reader who reconnects has received from this run. */
function lastEventNumber(header: string | undefined, run: string): number | undefined {
  const [, number] = /\/(\d{1,15})$/.exec(header ?? "") ?? [];
  return number !== undefined && header === `${run}/${number}` ? Number(number) : undefined;
}

interface StreamOptions {
  readonly run: string;
  readonly account: string | undefined;
  readonly after: number | undefined;
  readonly perSecond?: number | undefined;
  readonly types?: readonly MockEvent["type"][] | undefined;
}

/** How long events are collected before they are sent together, if `perSecond` limits them. */
const togetherMs = 50;

const reportMs = 250;

/**
 * Lets only so many events of each kind pass in a second, and counts the others. All of them may come at once, but while many
 * come they are spread over the second, so that the newest are shown before the log drops them.
 */
function createThrottle(perSecond: number) {
  const free = { request: perSecond, change: perSecond, fault: perSecond };
  let skipped = { requests: 0, changes: 0 };
  return {
    takes(type: MockEvent["type"]): boolean {
      if (type !== "request" && type !== "change" && type !== "fault") return true;
      if (free[type] >= 1) {
        free[type] -= 1;
        return true;
      }
      if (type === "request") skipped.requests += 1;
      if (type === "change") skipped.changes += 1;
      return false;
    },
    /** Must be called every {@link reportMs}. @returns how many were left out since the last call, if any. */
    report(): z.output<typeof skippedEvents> | undefined {
      const more = (perSecond * reportMs) / 1_000;
      for (const type of ["request", "change", "fault"] as const)
        free[type] = Math.min(perSecond, free[type] + more);
      const report = { type: "skipped" as const, ...skipped };
      if (report.requests + report.changes === 0) return undefined;
      skipped = { requests: 0, changes: 0 };
      return report;
    },
  };
}

function stream(response: Response, { events }: Engine, options: StreamOptions): void {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
  if (response.req.method === "HEAD") return void response.end();
  excludeFromShutdown(response.socket, response);
  const { run, account, after, perSecond, types } = options;
  const throttle = perSecond === undefined ? undefined : createThrottle(perSecond);
  const wanted = new Set(types ?? eventTypes);
  const isResumed = after !== undefined && events.hasAllAfter(after, account);
  const start: z.output<typeof streamStart> = { type: "stream", run, isResumed };
  // With a number, so that a reader who loses the connection at once learns whether it has missed something.
  const number = isResumed ? after : events.lastNumber();
  response.write(`event: stream\nid: ${run}/${number}\ndata: ${JSON.stringify(start)}\n\n`);
  const beat = setInterval(() => send(": still here\n\n"), heartbeatMs);
  const unwatch = events.watch(
    (event, number) => send(`event: ${event.type}\nid: ${run}/${number}\ndata: ${JSON.stringify(event)}\n\n`),
    { account, after, takes: (type) => wanted.has(type) && throttle?.takes(type) !== false },
  );
  const reports = throttle && setInterval(() => report(throttle.report()), reportMs);
  response.on("drain", () => response.socket?.setTimeout(0)).once("close", stop);

  function report(skipped: z.output<typeof skippedEvents> | undefined): void {
    if (skipped) send(`event: skipped\ndata: ${JSON.stringify(skipped)}\n\n`);
  }

  /** Collects events that happen together into one write: a write for each would cost as much as a request. */
  function send(text: string): void {
    if (response.writableCorked === 0) {
      response.cork();
      if (throttle) setTimeout(leave, togetherMs);
      else setImmediate(leave);
    }
    response.write(text);
    // This also frees what waits: it must not stay in memory for somebody who does not read.
    if (response.writableLength > maxBuffered) response.destroy();
  }

  function leave(): void {
    response.uncork();
    const { socket, writableLength } = response;
    // The server ends a connection on which nothing has moved for this time.
    if (writableLength > maxStalled && socket?.timeout !== stalledMs) socket?.setTimeout(stalledMs);
  }

  function stop(): void {
    clearInterval(beat);
    clearInterval(reports);
    unwatch();
  }
}
