import { z } from "zod/v3";
import { isoDate } from "../../lib/dates.js";
import { withoutErrors } from "../../lib/listeners.js";
import { accountOrNone, date, listOf, whole } from "../../lib/schemas.js";
import { renewalEvent } from "../time/schemas.js";
import type { SwitchedOrder } from "../types.js";
import { Entry, type RequestLog, requestId, toLogEntry } from "./request-log.js";
import { faultTrigger, logClears, logEntry, orderChange } from "./schemas.js";

/** Something that happened in the mock. */
export type MockEvent = z.output<typeof mockEvent>;

const common = {
  at: date.describe("When it happened, by the mock's clock."),
  account: accountOrNone.describe("The account that it belongs to; null for none or all."),
};

export const mockEvent = z
  .union([
    z.strictObject({ ...common, type: z.literal("request"), request: logEntry }),
    z
      .strictObject({
        ...common,
        type: z.literal("change"),
        request: z.string(),
        changes: listOf(orderChange),
      })
      .describe("The request with this ID changed orders."),
    z
      .strictObject({
        ...common,
        type: z.literal("fault"),
        request: z.string(),
        faults: listOf(faultTrigger),
      })
      .describe("Faults were injected into the request with this ID."),
    z.strictObject({ ...common, type: z.literal("clock"), frozen: z.boolean() }),
    z.strictObject({ ...common, type: z.literal("renewal"), renewal: renewalEvent }),
    z
      .strictObject({
        ...common,
        type: z.literal("queue"),
        queued: whole.describe("The number of queued faults."),
      })
      .describe("Faults were queued or removed."),
    z
      .strictObject({ ...common, type: z.literal("log"), because: z.literal("cleared"), clears: logClears })
      .describe("Requests were removed from the log, by a reset too."),
    z
      .strictObject({ ...common, type: z.literal("state"), because: z.enum(["put", "reset"]) })
      .describe("The state was replaced or reset."),
  ])
  .describe("Something that happened in the mock. It contains no API key.");

const [firstEvent, ...otherEvents] = mockEvent.options;
export const eventTypes = [
  firstEvent.shape.type.value,
  ...otherEvents.map(({ shape }) => shape.type.value),
] as const;

export interface WatchOptions {
  /** Leaves out events of other accounts. */
  readonly account?: string | undefined;
  /** Begins with the retained events that came after the one with this number. */
  readonly after?: number | undefined;
  /** Whether the watcher takes an event of this type now (default: always). One that nobody takes is not even made. */
  readonly takes?: ((type: MockEvent["type"]) => boolean) | undefined;
}

interface Watch extends Pick<WatchOptions, "account" | "takes"> {
  readonly pass: (item: Retained) => void;
}

interface Retained {
  number: number;
  account: string | null;
  type: MockEvent["type"];
  /** The event; for those of a request its entry in the log, from which they are made each time that somebody takes them. */
  source: MockEvent | Entry | undefined;
  /** Of the entry, when the event was published. */
  textAt: number;
  size: number;
}

/** The number of events that are retained for watchers who come back. */
const maxRetained = 1_000;
/** And how large they can be together, in characters, without those of requests: the log has its own limit. */
const maxRetainedSize = 8 * 1024 * 1024;

export type Events = ReturnType<typeof createEvents>;

/** Creates a publisher of events that nobody watches yet. */
export function createEvents(log: Pick<RequestLog, "read">) {
  // An object for each watch, so that the same function can watch twice.
  const watches = new Set<Watch>();
  // A ring whose items are written over: whatever is new and lives as long as an event would cost the garbage collector
  // more than everything else about it.
  const ring: Retained[] = [];
  let first = 1;
  let count = 0;
  let retainedSize = 0;

  function dropFirst(): void {
    const dropped = itemAt(first);
    retainedSize -= dropped.size;
    dropped.source = undefined;
    first += 1;
  }

  function itemAt(number: number): Retained {
    const place = number % maxRetained;
    ring[place] ??= { number: 0, account: null, type: "log", source: undefined, textAt: 0, size: 0 };
    return ring[place];
  }

  function nextItem(): Retained {
    if (count - first + 1 === maxRetained) dropFirst();
    count += 1;
    return itemAt(count);
  }

  function publish({ account, type, source, textAt, size }: Omit<Retained, "number">): void {
    if (!events.isWatched) return;
    const item = nextItem();
    // One by one: `Object.assign` would take longer than all the rest.
    item.number = count;
    item.account = account;
    item.type = type;
    item.source = source;
    item.textAt = textAt;
    item.size = size;
    retainedSize += size;
    for (const watch of watches) offer(watch, item);
    // After that, since this one may itself be too large.
    while (retainedSize > maxRetainedSize) dropFirst();
  }

  function offer({ pass, account, takes }: Watch, item: Retained): void {
    if (concerns(item, account) && !isLost(item) && takes?.(item.type) !== false) pass(item);
  }

  function retainedAfter(number: number): Retained[] {
    const start = Math.max(first, number + 1);
    return Array.from({ length: Math.max(0, count - start + 1) }, (_, index) => itemAt(start + index));
  }

  const events = {
    /** Whether anybody has ever watched: until then events are not even made. */
    isWatched: false,
    /**
     * Calls back for each event from now on, with its number, from 1.
     *
     * @returns a function that ends the watch.
     */
    watch(
      watcher: (event: MockEvent, number: number) => unknown,
      { account, after = count, takes }: WatchOptions = {},
    ): () => void {
      events.isWatched = true;
      const pass = withoutErrors((item: Retained) => {
        const event = eventOf(item, log);
        return event && watcher(event, item.number);
      });
      const watch = { pass, account, takes };
      for (const item of retainedAfter(after)) offer(watch, item);
      watches.add(watch);
      return () => void watches.delete(watch);
    },
    /** @param size how much it takes to retain the event, in characters, roughly. */
    emit(event: MockEvent, size = 500): void {
      const { account, type } = event;
      publish({ account, type, source: event, textAt: 0, size });
    },
    /** Publishes the events of a request that was just added to the log: what it changed, its faults, and itself. */
    emitRequest(entry: Entry, changed: readonly SwitchedOrder[]): void {
      // A watcher may send another request, which takes the place of this one.
      const { account, textAt, plan } = entry;
      const emit = (type: "change" | "fault" | "request") =>
        publish({ account, type, source: entry, textAt, size: 0 });
      // The entry retains only the first of many changes; whoever watches gets all of them.
      if (changed.length > entry.changes.length) {
        events.emit(
          changeEvent(
            entry,
            changed.map(({ change }) => change),
          ),
          500 * changed.length,
        );
      } else if (changed.length > 0) emit("change");
      if (plan) emit("fault");
      emit("request");
    },
    /** The number of the last event; 0 before the first. */
    lastNumber: () => count,
    /** Whether all events after the one with this number can still be had, by a watcher of one account or of all. */
    hasAllAfter(number: number, account?: string): boolean {
      if (number > count || first > number + 1) return false;
      return !retainedAfter(number).some((item) => concerns(item, account) && isLost(item));
    },
  };
  return events;
}

function eventOf({ type, source }: Retained, log: Pick<RequestLog, "read">): MockEvent | undefined {
  if (!(source instanceof Entry)) return source;
  if (type === "change") return changeEvent(source);
  const at = isoDate(source.receivedAt);
  const { account, plan, redactor } = source;
  if (type === "request") return { at, account, type, request: toLogEntry(log.read(source)) };
  const faults = redactor.value(plan?.triggers ?? []);
  return { at, account, type: "fault", request: requestId(source), faults };
}

/** @param changes more than the entry retains, if there are more. */
function changeEvent(entry: Readonly<Entry>, changes = entry.changes): MockEvent {
  const { receivedAt, account, redactor } = entry;
  const request = requestId(entry);
  return { at: isoDate(receivedAt), account, type: "change", request, changes: redactor.value(changes) };
}

function concerns({ account }: Retained, only: string | undefined): boolean {
  return account === null || only === undefined || account === only;
}

/** Whether the log has dropped or cleared the request meanwhile. */
function isLost({ source, textAt }: Retained): boolean {
  return source instanceof Entry && source.textAt !== textAt;
}
