import {
  type ClientEvent,
  type ClientOptions,
  createClient,
  isAutoExtendError,
  isHttpError,
} from "@auto-extend/client";
import type { MockControls } from "@auto-extend/mock-server";

export interface Met {
  /** `success`, or the name of the error. */
  readonly ends: string;
  /** The effect that the error names; `null` for a success. */
  readonly effect: string | null;
  readonly applied: boolean;
  /** How long each attempt took, in milliseconds. */
  readonly attempts: readonly number[];
  /** Why there was a pause after each of them but the last, and how long it was to be, in milliseconds. */
  readonly pauses: readonly { readonly by: "chance" | "Retry-After"; readonly time: number }[];
}

/** Has our client switch an order on over a mock where faults wait for its API key. */
export async function meet(
  mock: Pick<MockControls, "state">,
  { orderId = "11111", ...options }: ClientOptions & { readonly orderId?: string },
): Promise<Met> {
  const seen = follow();
  const client = createClient({ ...options, onEvent: seen.onEvent });
  const request = { proxyType: "IPv4", orderIds: [orderId], rentPeriodDays: 30, autoExtend: true } as const;
  const [ends, effect] = await client.setAutoExtend(request).then(
    () => ["success", null] as const,
    (error: unknown) => {
      if (!isAutoExtendError(error)) throw error;
      return [error.name, error.effect] as const;
    },
  );
  const { apiKey } = options;
  const order = mock.state({ apiKey }).accounts[0]?.orders.find((each) => each.orderId === orderId);
  const applied = order?.ipAddresses[0]?.autoExtend ?? false;
  return { ends, effect, applied, attempts: seen.attempts, pauses: seen.pauses };
}

function follow(): Pick<Met, "attempts" | "pauses"> & { onEvent: (event: ClientEvent) => void } {
  const attempts: number[] = [];
  const pauses: Met["pauses"][number][] = [];
  let began = 0;
  let by: Met["pauses"][number]["by"] = "chance";
  return {
    attempts,
    pauses,
    onEvent(event) {
      const now = performance.now();
      if (event.type === "attempt") began = now;
      // A failure comes after the answer that it is read from, where there was one.
      if (event.type === "answer" || event.type === "failure") attempts[event.attempt - 1] ??= now - began;
      if (event.type === "failure") {
        by = isHttpError(event.error) && event.error.retryAfter !== null ? "Retry-After" : "chance";
      }
      if (event.type === "pause") pauses.push({ by, time: event.delay });
    },
  };
}
