import type { RenewalEvent } from "@auto-extend/core";
import type { Asked } from "./faults/plan.js";
import type { OrderChange } from "./order-change.js";
import type { LogEntry } from "./request-log.js";

/** Something that happened in the mock. No API key is in it. */
export type MockEvent = {
  /** When, by the mock's clock, in ISO 8601. */
  readonly at: string;
  /** The account that it is about; `null` where it is about none or all. */
  readonly account: string | null;
} & (
  | { readonly type: "request"; readonly request: LogEntry }
  | { readonly type: "change"; readonly changes: readonly OrderChange[] }
  /** A fault struck the request of this id. */
  | { readonly type: "fault"; readonly request: string; readonly faults: readonly Asked[] }
  | { readonly type: "clock"; readonly frozen: boolean }
  | { readonly type: "renewal"; readonly renewal: RenewalEvent }
  /** The state was put in from outside, or reset. */
  | { readonly type: "state"; readonly because: "put" | "reset" }
);

/** Tells whoever watches. */
export interface Events {
  /** @returns ends the watch. */
  watch(watcher: (event: MockEvent) => void): () => void;
  /** Makes an event only where somebody watches. */
  tell(make: () => MockEvent): void;
}

/** Makes events that nobody watches yet. */
export function createEvents(): Events {
  const watchers = new Set<(event: MockEvent) => void>();
  return {
    watch(watcher) {
      // A function of its own, so that whoever watches twice is told twice.
      const own = (event: MockEvent) => watcher(event);
      watchers.add(own);
      return () => void watchers.delete(own);
    },
    tell(make) {
      if (watchers.size === 0) return;
      const event = make();
      for (const watcher of watchers) {
        try {
          watcher(event);
        } catch {
          // What a watcher throws is the watcher's: watching must not change what the mock does.
        }
      }
    },
  };
}
