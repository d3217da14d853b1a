// A page's script, bundled for a browser: the mock within the page, as a service worker's handlers and as a fetch.
import { createClient, isAutoExtendError } from "@auto-extend/client";
import type { FaultSpec } from "@auto-extend/mock-server";
import { createMockFetch } from "@auto-extend/mock-server/fetch";
import { createMockHandlers } from "@auto-extend/mock-server/msw";
import { setupWorker } from "msw/browser";

const mock = createMockHandlers();
const worker = setupWorker(...mock.handlers);
const url = "https://youproxy.io/client/api/v1/any-key/extend/order/auto";
const order = { proxyType: "IPv4", orderIds: ["11111"], rentPeriodDays: 30, autoExtend: true } as const;

/** Puts the service worker between the page and the network. */
export async function start(): Promise<void> {
  await worker.start({ quiet: true, onUnhandledRequest: "error" });
}

/** Sends a request to the provider, with a fault or none, and says what came. */
export async function ask(fault = "none", init: RequestInit = {}): Promise<object> {
  try {
    const answer = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", prefer: `fault=${fault}` },
      body: JSON.stringify(order),
      ...init,
    });
    const { status, headers } = answer;
    const type = headers.get("content-type");
    return { status, type, text: await answer.text().catch(String), ...seen() };
  } catch (error) {
    return { error: String(error), ...seen() };
  }
}

/** As {@link ask}, by a caller who gives up, but not before a busy machine has carried the request out. */
export function giveUp(fault: string): Promise<object> {
  return ask(fault, { signal: AbortSignal.timeout(5_000) });
}

/** Switches an order with the client, and says what it says. */
export async function switchOrder(fault?: string): Promise<object> {
  if (fault) mock.faults.add({ preset: fault, times: 1 } as FaultSpec);
  try {
    const { quantity } = await createClient({ apiKey: "any-key", retry: false }).setAutoExtend(order);
    return { quantity, ...seen() };
  } catch (error) {
    return { ...(isAutoExtendError(error) && { error: error.name, effect: error.effect }), ...seen() };
  }
}

/** Asks a mock that is a fetch, with no service worker in between. */
export async function askMockFetch(): Promise<object> {
  const mockFetch = createMockFetch();
  const client = createClient({ apiKey: "any-key", fetch: mockFetch });
  const { quantity } = await client.setAutoExtend(order);
  return { quantity, requests: mockFetch.requests().length };
}

/** The mock's log, which is emptied by reading it. */
function seen() {
  const requests = mock.requests().length;
  const account = requests === 0 ? undefined : mock.state({ apiKey: "any-key" }).accounts[0];
  mock.reset();
  return { requests, isOn: account?.orders[0]?.ipAddresses[0]?.autoExtend };
}
