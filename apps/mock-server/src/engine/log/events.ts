import { z } from "zod/v3";
import { accountOrNone, date, listOf, whole } from "../../lib/schemas.js";
import { renewalEvent } from "../time/schemas.js";
import { faultTrigger, logEntry, orderChange } from "./schemas.js";

/** Something that happened in the mock. */
export type MockEvent = z.output<typeof mockEvent>;

const common = {
  at: date.describe("When it happened, by the mock's clock."),
  account: accountOrNone.describe("The account that it belongs to; null for none or all."),
};

export const mockEvent = z
  .union([
    z.object({ ...common, type: z.literal("request"), request: logEntry }).strict(),
    z
      .object({ ...common, type: z.literal("change"), request: z.string(), changes: listOf(orderChange) })
      .strict()
      .describe("The request with this ID changed orders."),
    z
      .object({ ...common, type: z.literal("fault"), request: z.string(), faults: listOf(faultTrigger) })
      .strict()
      .describe("Faults were injected into the request with this ID."),
    z.object({ ...common, type: z.literal("clock"), frozen: z.boolean() }).strict(),
    z.object({ ...common, type: z.literal("renewal"), renewal: renewalEvent }).strict(),
    z
      .object({
        ...common,
        type: z.literal("queue"),
        queued: whole.describe("The number of queued faults."),
      })
      .strict()
      .describe("Faults were queued or removed."),
    z
      .object({ ...common, type: z.literal("log"), because: z.literal("cleared") })
      .strict()
      .describe("Requests were removed from the log."),
    z
      .object({ ...common, type: z.literal("state"), because: z.enum(["put", "reset", "restored"]) })
      .strict()
      .describe("The state was replaced or reset, or IP addresses got an earlier state back."),
  ])
  .describe("Something that happened in the mock. It contains no API key.");

export const eventTypes = mockEvent.options.map(({ shape }) => shape.type.value) as [
  MockEvent["type"],
  ...MockEvent["type"][],
];

/** @param number counts the events of a mock, from 1. */
export type Watcher = (event: MockEvent, number: number) => void;

export interface WatchOptions {
  /** Leaves out events of other accounts. */
  readonly account?: string | undefined;
  /** Begins with the retained events that came after the one with this number. */
  readonly after?: number | undefined;
  /** Whether the watcher takes an event of this type now (default: always). One that nobody takes is not even made. */
  readonly takes?: ((type: MockEvent["type"]) => boolean) | undefined;
}

interface Watch extends Pick<WatchOptions, "account" | "takes"> {
  readonly watcher: Watcher;
}

interface Retained {
  account: string | null;
  type: MockEvent["type"];
  data: unknown;
  make: (data: never) => MockEvent;
  /** Made when it is first needed. */
  event: MockEvent | undefined;
  number: number;
  size: number;
}

/** The number of events that are retained for watchers who come back. */
const maxRetained = 1_000;
/** And how large they can be together, in characters. */
const maxRetainedSize = 8 * 1024 * 1024;

export type Events = ReturnType<typeof createEvents>;

/** Creates a publisher of events that nobody watches yet. */
export function createEvents() {
  // An object for each watch, so that the same function can watch twice.
  const watches = new Set<Watch>();
  // A ring whose items are written over: whatever is new and lives as long as an event would cost the garbage collector
  // more than everything else about it.
  const ring: Retained[] = [];
  let first = 1;
  let count = 0;
  let retainedSize = 0;

  function dropFirst(): void {
    const dropped = ring[first % maxRetained] as Retained;
    retainedSize -= dropped.size;
    dropped.data = undefined;
    dropped.event = undefined;
    first += 1;
  }

  function nextItem(): Retained {
    if (count - first + 1 === maxRetained) dropFirst();
    count += 1;
    const place = count % maxRetained;
    const item = ring[place];
    if (item) return item;
    const made: Retained = {
      account: null,
      type: "log",
      data: undefined,
      make: noEvent,
      event: undefined,
      number: 0,
      size: 0,
    };
    ring[place] = made;
    return made;
  }

  const events = {
    /** Whether anybody has ever watched: until then events are not even made. */
    isWatched: false,
    /**
     * Calls back for each event from now on.
     *
     * @returns a function that ends the watch.
     */
    watch(watcher: Watcher, { account, after, takes }: WatchOptions = {}): () => void {
      events.isWatched = true;
      const watch = { watcher, account, takes };
      for (let number = Math.max(first, (after ?? count) + 1); number <= count; number += 1) {
        pass(watch, ring[number % maxRetained] as Retained);
      }
      watches.add(watch);
      return () => void watches.delete(watch);
    },
    emit(event: MockEvent): void {
      events.emitLazily({ account: event.account, type: event.type, data: event }, (same) => same);
    },
    /**
     * Publishes an event that is made only if somebody needs it.
     *
     * @param make makes the event from the data.
     * @param size how much it takes to retain the event, in characters, roughly.
     */
    emitLazily<Data>(
      { account, type, data }: { account: string | null; type: MockEvent["type"]; data: Data },
      make: (data: Data) => MockEvent,
      size = 500,
    ): void {
      if (!events.isWatched) return;
      const item = nextItem();
      // One by one: `Object.assign` would take longer than all the rest.
      item.account = account;
      item.type = type;
      item.data = data;
      item.make = make;
      item.event = undefined;
      item.number = count;
      item.size = size;
      retainedSize += size;
      while (retainedSize > maxRetainedSize) dropFirst();
      for (const watch of watches) pass(watch, item);
    },
    /** The number of the last event; 0 before the first. */
    lastNumber: () => count,
    /** Whether all events after the one with this number are retained. */
    hasAllAfter(number: number): boolean {
      return number <= count && first <= number + 1;
    },
  };
  return events;
}

function noEvent(): never {
  throw new Error("No event was published here.");
}

function pass({ watcher, account: only, takes }: Watch, item: Retained): void {
  const { account, type, number, make } = item;
  if (account !== null && only !== undefined && only !== account) return;
  if (takes && !takes(type)) return;
  item.event ??= make(item.data as never);
  try {
    watcher(item.event, number);
  } catch {
    // An error of a watcher must not change what the mock does.
  }
}
