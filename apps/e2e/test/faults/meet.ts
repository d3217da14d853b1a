import { type ClientEvent, createClient, isAutoExtendError } from "@auto-extend/client";
import type { MockServer } from "@auto-extend/mock-server";
import { timeout } from "../../scripts/docs/fault-outcomes.mjs";

/** What our client shows of a call that met a fault. */
export interface Met {
  /** `success`, or the name of the error. */
  readonly ends: string;
  readonly attempts: number;
  /** What the error says that was done; `null` for a success. */
  readonly effect: string | null;
  /** Whether it was done. */
  readonly applied: boolean;
}

/** Has our client switch order 11111 on over a mock where faults wait for it, and tells how long it took, in milliseconds. */
export async function meet(mock: MockServer, apiKey: string): Promise<{ met: Met; took: number }> {
  let attempts = 0;
  const onEvent = ({ type }: ClientEvent) => {
    if (type === "attempt") attempts += 1;
  };
  const retry = { attempts: 3, delay: 1 };
  const client = createClient({ apiKey, baseUrl: mock.url, timeout, retry, onEvent });
  const request = { proxyType: "IPv4", orderIds: ["11111"], rentPeriodDays: 30, autoExtend: true } as const;
  const begin = performance.now();
  const [ends, effect] = await client.setAutoExtend(request).then(
    () => ["success", null] as const,
    (error: unknown) => {
      if (!isAutoExtendError(error)) throw error;
      return [error.name, error.effect] as const;
    },
  );
  const took = performance.now() - begin;
  const [account] = mock.state({ apiKey }).accounts;
  const applied = account?.orders[0]?.ipAddresses[0]?.autoExtend ?? false;
  return { met: { ends, attempts, effect, applied }, took };
}
