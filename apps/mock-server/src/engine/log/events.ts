import { z } from "zod/v3";
import { accountOrNone, date, listOf } from "../../lib/schemas.js";
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
        queued: z.number().int().describe("The number of queued faults."),
      })
      .strict()
      .describe("Faults were queued or removed."),
    z
      .object({ ...common, type: z.literal("log"), because: z.literal("cleared") })
      .strict()
      .describe("Requests were removed from the log."),
    z
      .object({ ...common, type: z.literal("state"), because: z.enum(["put", "reset"]) })
      .strict()
      .describe("The state was replaced or reset."),
  ])
  .describe("Something that happened in the mock. It contains no API key.");

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
  readonly account: string | null;
  readonly type: MockEvent["type"];
  /** Made when it is first needed. */
  event: MockEvent | undefined;
  readonly make: () => MockEvent;
  readonly number: number;
  readonly size: number;
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
  // A ring, overwritten in place: shifting an array moves all of it, with each event.
  const ring: (Retained | undefined)[] = [];
  let first = 1;
  let count = 0;
  let retainedSize = 0;

  function dropFirst(): void {
    const place = first % maxRetained;
    retainedSize -= ring[place]?.size ?? 0;
    ring[place] = undefined;
    first += 1;
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
    /**
     * Publishes an event, which is made only if it is needed.
     *
     * @param size how much it takes to retain it, in characters, roughly.
     */
    emit(account: string | null, type: MockEvent["type"], make: () => MockEvent, size = 500): void {
      if (!events.isWatched) return;
      if (count - first + 1 === maxRetained) dropFirst();
      count += 1;
      const published: Retained = { account, type, event: undefined, make, number: count, size };
      ring[count % maxRetained] = published;
      retainedSize += size;
      while (retainedSize > maxRetainedSize) dropFirst();
      for (const watch of watches) pass(watch, published);
    },
    /** Whether all events after the one with this number are retained. */
    hasAllAfter(number: number): boolean {
      return number <= count && first <= number + 1;
    },
  };
  return events;
}

function pass({ watcher, account: only, takes }: Watch, published: Retained): void {
  const { account, type, number, make } = published;
  if (account !== null && only !== undefined && only !== account) return;
  if (takes && !takes(type)) return;
  published.event ??= make();
  try {
    watcher(published.event, number);
  } catch {
    // An error of a watcher must not change what the mock does.
  }
}
