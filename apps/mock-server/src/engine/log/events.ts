import type { RenewalEvent } from "@auto-extend/core";
import type { Asked } from "../faults/plan.js";
import type { OrderChange } from "../state/order-change.js";
import type { LogEntry } from "./request-log.js";

/** Something that happened in the mock. No API key is in it. */
export type MockEvent = {
  /** When, by the mock's clock, in ISO 8601. */
  readonly at: string;
  /** The account that it is about; `null` where it is about none or all. */
  readonly account: string | null;
} & (
  | { readonly type: "request"; readonly request: LogEntry }
  /** The request of this id changed orders. */
  | { readonly type: "change"; readonly request: string; readonly changes: readonly OrderChange[] }
  /** A fault struck the request of this id. */
  | { readonly type: "fault"; readonly request: string; readonly faults: readonly Asked[] }
  | { readonly type: "clock"; readonly frozen: boolean }
  | { readonly type: "renewal"; readonly renewal: RenewalEvent }
  /** The state was put in from outside, or reset. */
  | { readonly type: "state"; readonly because: "put" | "reset" }
);

/** Tells whoever watches. */
export interface Events {
  /**
   * @param account accountScoped the watch to what is about this account, or about none.
   * @returns ends the watch.
   */
  watch(watcher: (event: MockEvent) => void, account?: string): () => void;
  /** Makes an event only where somebody watches what it is about: an account, or none or all of them. */
  emit(account: string | null, make: () => MockEvent): void;
}

/** Makes events that nobody watches yet. */
export function createEvents(): Events {
  const watches = new Set<{ watcher: (event: MockEvent) => void; account: string | undefined }>();
  return {
    watch(watcher, account) {
      // A watch of its own, so that whoever watches twice is told twice.
      const watch = { watcher, account };
      watches.add(watch);
      return () => void watches.delete(watch);
    },
    emit(account, make) {
      let event: MockEvent | undefined;
      for (const watch of watches) {
        if (account !== null && watch.account !== undefined && watch.account !== account) continue;
        event ??= make();
        try {
          watch.watcher(event);
        } catch {
          // What a watcher throws is the watcher's: watching must not change what the mock does.
        }
      }
    },
  };
}
